package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// An event that a client has sent. Binary values stand in the arguments as `BinaryNode`s.
public final class IoEvent {
  private final IoSocket socket;
  private final ArrayNode data;
  private final @Nullable Long id;
  private final AtomicBoolean answered = new AtomicBoolean();

  IoEvent(IoSocket socket, ArrayNode data, @Nullable Long id) {
    this.socket = socket;
    this.data = data;
    this.id = id;
  }

  /// The event's name; a number as its digits.
  public String name() {
    return data.path(0).asText();
  }

  /// How many arguments follow the name.
  public int size() {
    return data.size() - 1;
  }

  /// An argument, from zero; a missing node when there are fewer.
  public JsonNode arg(int index) {
    return data.path(index + 1);
  }

  /// Whether the client waits for an answer.
  public boolean wantsAck() {
    return id != null;
  }

  /// Answers the client, if it waits. The second answer and those that follow are dropped. Any thread may call it.
  public void ack(JsonNode... args) {
    if (id == null || !answered.compareAndSet(false, true)) {
      return;
    }
    ArrayNode answer = JsonNodeFactory.instance.arrayNode(args.length);
    for (JsonNode arg : args) {
      answer.add(arg);
    }
    socket.sendPackets(PacketWriter.write(Packet.Type.ACK, socket.namespace().name(), id, answer));
  }
}
