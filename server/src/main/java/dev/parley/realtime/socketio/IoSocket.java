package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.realtime.engineio.EngineSocket;
import dev.parley.realtime.engineio.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A client in a namespace. Usable from any thread.
public final class IoSocket {
  private enum State {
    CONNECTING,
    CONNECTED,
    /// Told to go; the handler has not heard of it yet.
    LEAVING,
    GONE
  }

  private record PendingAck(AckHandler handler, Future<?> timeout) {}

  private final IoConnection connection;
  private final Namespace namespace;
  private final String id;
  private volatile State state = State.CONNECTING;
  private volatile @Nullable Object attachment;

  // Guarded by this.
  private List<String> rooms = List.of();
  private @Nullable Map<Long, PendingAck> acks;
  private long nextAck;

  IoSocket(IoConnection connection, Namespace namespace, String id) {
    this.connection = connection;
    this.namespace = namespace;
    this.id = id;
  }

  /// Its id, which other clients may know.
  public String id() {
    return id;
  }

  /// Where it is.
  public Namespace namespace() {
    return namespace;
  }

  /// The session that carries it.
  public EngineSocket engine() {
    return connection.engine();
  }

  /// What the handler gave when it accepted the client.
  public <T> T attachment(Class<T> type) {
    return type.cast(Objects.requireNonNull(attachment));
  }

  /// Whether the client is there, as far as is known.
  public boolean isConnected() {
    return state == State.CONNECTED;
  }

  /// Sends an event; answers false when the client is gone.
  public boolean emit(String event, JsonNode... args) {
    return send(namespace.encode(event, args));
  }

  /// Sends an event that was encoded for this namespace; answers false when the client is gone.
  public boolean send(Encoded event) {
    return sendPackets(event.packets());
  }

  /// Sends an event only if fewer than so many bytes wait for the client; answers whether it was sent.
  public boolean sendIfBelow(int queuedBytes, Encoded event) {
    return connection.engine().queuedBytes() < queuedBytes && send(event);
  }

  boolean sendPackets(Outgoing[] packets) {
    return state == State.CONNECTED && connection.engine().send(packets);
  }

  /// Sends an event that the client must answer within the time.
  public void emit(String event, Duration within, AckHandler handler, JsonNode... args) {
    ArrayNode data = Namespace.array(event, args);
    long number;
    boolean taken = false;
    synchronized (this) {
      number = nextAck++;
      Map<Long, PendingAck> pending = acks == null ? new HashMap<>(4) : acks;
      if (state == State.CONNECTED && pending.size() < connection.settings().maxAcks()) {
        acks = pending;
        pending.put(
            number, new PendingAck(handler, engine().schedule(within, () -> expire(number))));
        taken = true;
      }
    }
    if (!taken) {
      engine().execute(handler::unanswered);
      return;
    }
    sendPackets(PacketWriter.write(Packet.Type.EVENT, namespace.name(), number, data));
  }

  private @Nullable PendingAck take(long number) {
    synchronized (this) {
      Map<Long, PendingAck> pending = acks;
      PendingAck found = pending == null ? null : pending.remove(number);
      if (pending != null && pending.isEmpty()) {
        acks = null;
      }
      return found;
    }
  }

  private void expire(long number) {
    PendingAck found = take(number);
    if (found != null) {
      found.handler().unanswered();
    }
  }

  /// An acknowledgement has come; one that nobody waits for is dropped.
  void acknowledged(long number, ArrayNode args) {
    PendingAck found = take(number);
    if (found != null) {
      found.timeout().cancel(false);
      found.handler().answered(args);
    }
  }

  /// Joins a room; does nothing when it is there or the client is gone.
  public void join(String room) {
    synchronized (this) {
      if (state != State.CONNECTED || rooms.contains(room)) {
        return;
      }
      if (rooms.isEmpty()) {
        rooms = new ArrayList<>(2);
      }
      rooms.add(room);
      namespace.join(room, this);
    }
  }

  /// Leaves a room. Nothing that is sent to the room after this has returned reaches the client.
  public void leave(String room) {
    synchronized (this) {
      if (rooms.remove(room)) {
        namespace.leave(room, this);
      }
    }
  }

  /// The rooms it is in.
  public synchronized List<String> rooms() {
    return List.copyOf(rooms);
  }

  /// Takes the client out of the namespace and tells it so: it does not reconnect by itself then. With
  /// `closeConnection` its connection is closed too, after what was sent before.
  public void disconnect(boolean closeConnection) {
    synchronized (this) {
      if (state != State.CONNECTED) {
        return;
      }
      sendPackets(
          new Outgoing[] {PacketWriter.text(Packet.Type.DISCONNECT, namespace.name(), null, "")});
      state = State.LEAVING;
    }
    connection.end(this, "server namespace disconnect");
    if (closeConnection) {
      engine().end();
    }
  }

  /// Whether it is on its way out, or was never let in.
  boolean isGone() {
    State now = state;
    return now == State.LEAVING || now == State.GONE;
  }

  /// Lets it in, once.
  boolean admit(Object attached) {
    synchronized (this) {
      if (state != State.CONNECTING) {
        return false;
      }
      attachment = attached;
      state = State.CONNECTED;
    }
    namespace.enter(this);
    return true;
  }

  /// Does not let it in; answers false when it was answered before.
  boolean turnAway() {
    synchronized (this) {
      if (state != State.CONNECTING) {
        return false;
      }
      state = State.GONE;
      return true;
    }
  }

  /// It is no longer there. Called once or more, one call at a time for each connection.
  void gone(String reason) {
    List<String> left;
    Map<Long, PendingAck> unanswered;
    synchronized (this) {
      State before = state;
      state = State.GONE;
      if (before != State.CONNECTED && before != State.LEAVING) {
        return;
      }
      left = rooms;
      rooms = List.of();
      unanswered = acks;
      acks = null;
    }
    namespace.leave(this);
    left.forEach(room -> namespace.leave(room, this));
    if (unanswered != null) {
      unanswered
          .values()
          .forEach(
              ack -> {
                ack.timeout().cancel(false);
                ack.handler().unanswered();
              });
    }
    namespace.handler().disconnected(this, reason);
  }
}
