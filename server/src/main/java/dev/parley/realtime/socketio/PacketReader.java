package dev.parley.realtime.socketio;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads packets: `<type>[<attachments>-][/namespace,][id][json]`.
final class PacketReader {
  /// Events that clients and servers raise themselves; nobody may send them.
  static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  private static final int LONGEST_NAMESPACE = 256;
  private static final String PLACEHOLDER = "_placeholder";

  // Beyond this a JavaScript number is not exact.
  private static final int LONGEST_ID = 15;

  private final IoSettings settings;
  private final ObjectMapper json;

  PacketReader(IoSettings settings) {
    this.settings = settings;
    this.json =
        new ObjectMapper(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(settings.maxDepth())
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  Packet read(String text) throws BadPacket {
    Packet.Type type = text.isEmpty() ? null : Packet.Type.of(text.charAt(0));
    if (type == null) {
      throw new BadPacket("unknown packet type");
    }
    int at = 1;
    int attachments = 0;
    if (type.isBinary()) {
      int dash = text.indexOf('-');
      attachments = dash < 2 || dash > 5 ? 0 : (int) number(text, 1, dash);
      if (attachments < 1 || attachments > settings.maxAttachments()) {
        throw new BadPacket("illegal attachments");
      }
      at = dash + 1;
    }
    String namespace = "/";
    if (at < text.length() && text.charAt(at) == '/') {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      if (end - at > LONGEST_NAMESPACE) {
        throw new BadPacket("namespace too long");
      }
      namespace = text.substring(at, end);
      at = Math.min(text.length(), end + 1);
    }
    int digits = at;
    while (digits < text.length() && isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits - at > LONGEST_ID) {
      throw new BadPacket("illegal id");
    }
    Long id = digits == at ? null : number(text, at, digits);
    JsonNode data = digits == text.length() ? null : parse(text.substring(digits));
    check(type, id, data);
    return new Packet(type, namespace, id, data, attachments);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long number(String text, int from, int to) throws BadPacket {
    long number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        throw new BadPacket("illegal number");
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private JsonNode parse(String text) throws BadPacket {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadPacket("invalid payload");
    }
  }

  private static void check(Packet.Type type, @Nullable Long id, @Nullable JsonNode data)
      throws BadPacket {
    boolean valid =
        switch (type) {
          case CONNECT -> data == null || data.isObject();
          case DISCONNECT -> data == null;
          case CONNECT_ERROR -> data != null && (data.isObject() || data.isTextual());
          case EVENT, BINARY_EVENT -> data != null && data.isArray() && isEvent(data.path(0));
          case ACK, BINARY_ACK -> id != null && data != null && data.isArray();
        };
    if (!valid) {
      throw new BadPacket("invalid payload");
    }
  }

  private static boolean isEvent(JsonNode name) {
    return name.isNumber() || (name.isTextual() && !RESERVED.contains(name.textValue()));
  }

  /// Puts the binary parts where their placeholders are.
  static Packet join(Packet packet, List<byte[]> parts) throws BadPacket {
    JsonNode data = packet.data();
    if (data == null) {
      throw new BadPacket("illegal attachments");
    }
    return packet.whole(fill(data, parts));
  }

  private static JsonNode fill(JsonNode node, List<byte[]> parts) throws BadPacket {
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode element = array.get(i);
        if (element.isContainerNode()) {
          array.set(i, fill(element, parts));
        }
      }
      return array;
    }
    if (node instanceof ObjectNode object) {
      if (object.path(PLACEHOLDER).isBoolean() && object.path(PLACEHOLDER).booleanValue()) {
        JsonNode num = object.path("num");
        if (!num.isInt() || num.intValue() < 0 || num.intValue() >= parts.size()) {
          throw new BadPacket("illegal attachments");
        }
        return object.binaryNode(parts.get(num.intValue()));
      }
      for (var field : object.properties()) {
        if (field.getValue().isContainerNode()) {
          field.setValue(fill(field.getValue(), parts));
        }
      }
    }
    return node;
  }
}
