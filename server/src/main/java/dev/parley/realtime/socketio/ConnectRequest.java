package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.json.Json;
import dev.parley.realtime.engineio.EngineSocket;
import dev.parley.realtime.engineio.Handshake;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client that wants to join a namespace.
public final class ConnectRequest {
  private final IoConnection connection;
  private final IoSocket socket;
  private final ObjectNode auth;

  ConnectRequest(IoConnection connection, IoSocket socket, @Nullable JsonNode auth) {
    this.connection = connection;
    this.socket = socket;
    this.auth = auth instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
  }

  /// What the client gave as `auth`; empty when it gave nothing.
  public ObjectNode auth() {
    return auth;
  }

  /// What the first request of the connection told.
  public Handshake handshake() {
    return connection.engine().handshake();
  }

  /// The session that carries it.
  public EngineSocket engine() {
    return connection.engine();
  }

  /// The id by which an earlier connection was known, when the client wants to go on with it.
  public @Nullable String pid() {
    return auth.path("pid").textValue();
  }

  /// The offset of the last event that the client got on it; null when there was none.
  public @Nullable String offset() {
    return auth.path("offset").textValue();
  }

  /// Lets the client in. Any thread may call it.
  ///
  /// @param pid by which the client may go on later: the one it came with when it misses nothing, which tells it that it
  ///     has recovered; null when it cannot
  /// @param attachment what the handler wants to find at the socket
  /// @param then does what comes next, such as sending the first events, which must not be sent before
  /// @return false when the client is gone or has been answered already; `then` is not called
  public boolean accept(@Nullable String pid, Object attachment, Consumer<IoSocket> then) {
    if (!socket.admit(attachment)) {
      return false;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("sid", socket.id());
    if (pid != null) {
      answer.put("pid", pid);
    }
    connection
        .engine()
        .send(
            PacketWriter.text(
                Packet.Type.CONNECT, socket.namespace().name(), null, Json.write(answer)));
    connection.joined();
    then.accept(socket);
    return true;
  }

  /// Turns the client away; it raises `connect_error` with the message and, as its `data`, the object. Any thread.
  public void refuse(String message, @Nullable JsonNode data) {
    if (!socket.turnAway()) {
      return;
    }
    connection.end(socket, "");
    connection.refuse(socket.namespace().name(), message, data);
  }
}
