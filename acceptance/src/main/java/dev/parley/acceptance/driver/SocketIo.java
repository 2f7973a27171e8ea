package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A client of Socket.IO's namespace `/` that comes in by WebSocket or by long polling and stays with that: keeps
/// everything that it is told. For several threads.
public final class SocketIo implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// What carries its packets, which are those of Engine.IO 4.
  interface Carrier {
    /// From now on packets are heard.
    void begin();

    /// Throws a `RuntimeException` when the connection is gone.
    void send(String packet);

    /// Reads nothing more, or reads on.
    void frozen(boolean on);

    /// Lets the connection go without a word.
    void drop();
  }

  private final ObjectNode auth;
  private final Told told = new Told();
  private final AtomicInteger lastId = new AtomicInteger();
  private final Carrier carrier;
  private volatile @Nullable String pid;

  private SocketIo(URI server, ObjectNode auth, boolean polling) {
    this.auth = auth;
    this.carrier =
        polling
            ? new SocketIoPolls(server, this::packet, told::end)
            : new SocketIoFrames(server, this::packet, told::end);
  }

  /// Comes in by WebSocket and waits for the first event, `hello`. Throws an `AssertionError` when it is not let in.
  public static SocketIo byWebSocket(URI server, ObjectNode auth) {
    return new SocketIo(server, auth, false).welcomed();
  }

  /// The same by long polling.
  public static SocketIo byPolling(URI server, ObjectNode auth) {
    return new SocketIo(server, auth, true).welcomed();
  }

  /// What `auth` is for a caller who shows a token.
  public static ObjectNode auth(Api caller, String... topics) {
    String bearer = caller.headers().getOrDefault("Authorization", "").replaceFirst("^Bearer ", "");
    return Json.of("token", bearer, "topics", List.of(topics));
  }

  private SocketIo welcomed() {
    carrier.begin();
    try {
      JsonNode first =
          await("hello", m -> List.of("hello", "connect_error").contains(m.path("event").asText()));
      if (!first.path("event").asText().equals("hello")) {
        throw new AssertionError("not let in: " + first);
      }
      return this;
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /// Each packet in its turn.
  private void packet(String packet) {
    switch (packet.isEmpty() ? ' ' : packet.charAt(0)) {
      case '0' -> answer("40" + Json.write(auth));
      case '1' -> told.end("closed by the server");
      case '2' -> answer("3");
      case '4' -> message(packet.substring(1));
      default -> {
        // Pongs and noops.
      }
    }
  }

  private void answer(String packet) {
    try {
      carrier.send(packet);
    } catch (RuntimeException e) {
      told.end(String.valueOf(e.getMessage()));
    }
  }

  private void message(String packet) {
    String rest = packet.substring(1);
    switch (packet.charAt(0)) {
      case '0' -> pid = Json.read(rest).path("pid").textValue();
      case '1' -> told.end("disconnected by the server");
      case '2' -> event(Json.read(rest));
      case '3' -> {
        int list = rest.indexOf('[');
        told.add(
            Json.of(
                "ack", rest.substring(0, list), "answer", Json.read(rest.substring(list)).path(0)));
      }
      case '4' -> told.add(((ObjectNode) Json.read(rest)).put("event", "connect_error"));
      default -> told.end("a packet that is not expected: " + packet);
    }
  }

  private void event(JsonNode event) {
    ObjectNode message = event.path(1) instanceof ObjectNode fields ? fields : Json.of();
    message.put("event", event.path(0).asText());
    String offset = event.path(2).textValue();
    if (offset != null && !offset.isEmpty()) {
      message.put("cursor", offset);
    }
    told.add(message);
  }

  /// By which the server knows it again, once it is in.
  public @Nullable String pid() {
    return pid;
  }

  /// Emits an event and waits for its acknowledgement.
  public JsonNode call(String op, ObjectNode fields) {
    String id = Integer.toString(lastId.incrementAndGet());
    carrier.send("42" + id + Json.write(Json.array(List.of(op, fields))));
    return await("the ack " + id, m -> m.path("ack").asText().equals(id)).path("answer");
  }

  /// Waits for a message that satisfies, told before or yet to come.
  public JsonNode await(String what, Predicate<JsonNode> satisfied) {
    return told.await(what, satisfied, PATIENCE);
  }

  /// Everything that was told, acknowledgements too.
  public List<JsonNode> all() {
    return told.all();
  }

  /// What was told from the index on, counted from 0.
  public List<JsonNode> from(int index) {
    return told.from(index);
  }

  /// Whether the connection has ended.
  public boolean isOver() {
    return told.isOver();
  }

  /// Reads nothing more, or reads on.
  public void frozen(boolean on) {
    carrier.frozen(on);
  }

  /// Drops the connection without a word.
  @Override
  public void close() {
    carrier.drop();
    told.end("dropped");
  }
}
