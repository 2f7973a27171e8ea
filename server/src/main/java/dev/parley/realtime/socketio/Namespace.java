package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.platform.json.Json;
import dev.parley.realtime.engineio.Outgoing;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A namespace: its sockets, in rooms.
public final class Namespace {
  private final String name;
  private final NamespaceHandler handler;
  private final Set<IoSocket> sockets = ConcurrentHashMap.newKeySet();
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();

  Namespace(String name, NamespaceHandler handler) {
    this.name = name;
    this.handler = handler;
  }

  /// Its name, beginning with a slash.
  public String name() {
    return name;
  }

  NamespaceHandler handler() {
    return handler;
  }

  /// The sockets that are in it, at this moment and a little later.
  public Set<IoSocket> sockets() {
    return java.util.Collections.unmodifiableSet(sockets);
  }

  /// How many sockets are in a room.
  public int members(String room) {
    Room found = rooms.get(room);
    return found == null ? 0 : found.size();
  }

  /// Encodes an event once for all who will get it.
  public Encoded encode(String event, JsonNode... args) {
    return new Encoded(PacketWriter.write(Packet.Type.EVENT, name, null, array(event, args)));
  }

  /// Encodes an event whose only argument is JSON text already.
  ///
  /// @param offset where the client goes on after it; null for events that no client can ask for again
  public Encoded encodeJson(String event, String json, @Nullable String offset) {
    String data = "[" + Json.write(event) + "," + json;
    data = offset == null ? data + "]" : data + "," + Json.write(offset) + "]";
    return new Encoded(new Outgoing[] {PacketWriter.text(Packet.Type.EVENT, name, null, data)});
  }

  /// Sends to all sockets of a room but one; answers how many took it. Who leaves the room meanwhile gets it before, or
  /// not at all.
  public int broadcast(String room, Encoded event, @Nullable IoSocket except) {
    Room found = rooms.get(room);
    return found == null ? 0 : found.send(event, except);
  }

  /// Sends to all sockets.
  public int broadcast(Encoded event) {
    int taken = 0;
    for (IoSocket socket : sockets) {
      if (socket.send(event)) {
        taken++;
      }
    }
    return taken;
  }

  static ArrayNode array(String event, JsonNode... args) {
    if (PacketReader.RESERVED.contains(event)) {
      throw new IllegalArgumentException(event + " is reserved");
    }
    ArrayNode data = JsonNodeFactory.instance.arrayNode(args.length + 1).add(event);
    for (JsonNode arg : args) {
      data.add(arg);
    }
    return data;
  }

  void enter(IoSocket socket) {
    sockets.add(socket);
  }

  void leave(IoSocket socket) {
    sockets.remove(socket);
  }

  void join(String room, IoSocket socket) {
    rooms.compute(
        room,
        (_, there) -> {
          Room joined = there == null ? new Room() : there;
          joined.add(socket);
          return joined;
        });
  }

  void leave(String room, IoSocket socket) {
    rooms.computeIfPresent(room, (_, there) -> there.remove(socket) ? there : null);
  }
}
