package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.json.Json;
import dev.parley.realtime.engineio.Outgoing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes packets, with their binary parts after them.
final class PacketWriter {
  private PacketWriter() {}

  /// A packet of JSON that is there as text; `json` is empty for none.
  static Outgoing text(Packet.Type type, String namespace, @Nullable Long id, String json) {
    return Outgoing.text(head(type, namespace, id, 0).append(json).toString());
  }

  private static StringBuilder head(
      Packet.Type type, String namespace, @Nullable Long id, int attachments) {
    var head = new StringBuilder(64).append(type.digit());
    if (attachments > 0) {
      head.append(attachments).append('-');
    }
    if (!namespace.equals("/")) {
      head.append(namespace).append(',');
    }
    if (id != null) {
      head.append(id.longValue());
    }
    return head;
  }

  /// An event or acknowledgement, in as many packets of the transport as it needs.
  static Outgoing[] write(Packet.Type type, String namespace, @Nullable Long id, ArrayNode data) {
    if (!hasBinary(data)) {
      return new Outgoing[] {text(type, namespace, id, Json.write(data))};
    }
    var parts = new ArrayList<byte[]>();
    JsonNode emptied = take(data, parts);
    Packet.Type binary =
        type == Packet.Type.ACK ? Packet.Type.BINARY_ACK : Packet.Type.BINARY_EVENT;
    var packets = new Outgoing[parts.size() + 1];
    packets[0] =
        Outgoing.text(
            head(binary, namespace, id, parts.size()).append(Json.write(emptied)).toString());
    for (int i = 0; i < parts.size(); i++) {
      packets[i + 1] = Outgoing.binary(parts.get(i));
    }
    return packets;
  }

  private static boolean hasBinary(JsonNode node) {
    if (node.isBinary()) {
      return true;
    }
    for (JsonNode child : node) {
      if (hasBinary(child)) {
        return true;
      }
    }
    return false;
  }

  /// The same tree with placeholders, and the binary parts in their order.
  private static JsonNode take(JsonNode node, List<byte[]> parts) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (node) {
      case com.fasterxml.jackson.databind.node.BinaryNode binary -> {
        ObjectNode placeholder =
            make.objectNode().put("_placeholder", true).put("num", parts.size());
        parts.add(binary.binaryValue());
        yield placeholder;
      }
      case ArrayNode array -> {
        ArrayNode copy = make.arrayNode(array.size());
        array.forEach(element -> copy.add(take(element, parts)));
        yield copy;
      }
      case ObjectNode object -> {
        ObjectNode copy = make.objectNode();
        object
            .properties()
            .forEach(field -> copy.set(field.getKey(), take(field.getValue(), parts)));
        yield copy;
      }
      default -> node;
    };
  }
}
