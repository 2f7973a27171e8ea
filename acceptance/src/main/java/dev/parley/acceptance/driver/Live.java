package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A client of the plain WebSocket: keeps everything that it is told, and the last cursor. For several threads.
public final class Live implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /// How the server ended the connection.
  ///
  /// @param code 1006 when it went without a word
  public record Closed(int code, String reason) {}

  private final WebSocket socket;
  private final Listener listener;
  private int lastId;

  private Live(WebSocket socket, Listener listener) {
    this.socket = socket;
    this.listener = listener;
  }

  /// Connects with these headers; what the address holds may follow the path.
  public static Live open(URI server, String path, Map<String, String> headers) {
    var listener = new Listener();
    WebSocket.Builder builder = CLIENT.newWebSocketBuilder().connectTimeout(PATIENCE);
    headers.forEach(builder::header);
    try {
      WebSocket socket =
          builder.buildAsync(URI.create("ws://" + server.getAuthority() + path), listener).join();
      return new Live(socket, listener);
    } catch (CompletionException e) {
      throw new IllegalStateException("no connection to " + server + path, e);
    }
  }

  /// Connects as that caller and waits until it is let in.
  public static Live as(URI server, Api caller) {
    Live live = open(server, "/ws", caller.headers());
    live.await("hello", event -> event.path("event").asText().equals("hello"));
    return live;
  }

  /// Asks for something; answers the id under which the answer will come.
  public synchronized int begin(String op, ObjectNode fields) {
    int id = ++lastId;
    fields.put("id", id).put("op", op);
    socket.sendText(Json.write(fields), true).join();
    return id;
  }

  /// The answer to what was begun.
  public JsonNode answer(int id) {
    return listener.told.await("the answer " + id, m -> m.path("id").asInt(-1) == id, PATIENCE);
  }

  /// Asks and waits for the answer.
  public JsonNode call(String op, ObjectNode fields) {
    return answer(begin(op, fields));
  }

  /// Follows topics and answers the good answer; an `AssertionError` that shows any other.
  public JsonNode follow(String... topics) {
    return ok(call("subscribe", Json.of("topics", List.of(topics))));
  }

  /// Follows topics after a cursor.
  public JsonNode resume(String after, String... topics) {
    return ok(call("resume", Json.of("topics", List.of(topics), "after", after)));
  }

  /// The answer if it is a good one; else an `AssertionError` that shows it.
  public static JsonNode ok(JsonNode answer) {
    if (!answer.path("ok").asBoolean()) {
      throw new AssertionError("refused: " + answer);
    }
    return answer;
  }

  /// Sends text as it stands.
  public void raw(String text) {
    socket.sendText(text, true).join();
  }

  /// Waits for a message that satisfies, told before or yet to come.
  public JsonNode await(String what, Predicate<JsonNode> satisfied) {
    return listener.told.await(what, satisfied, PATIENCE);
  }

  /// Everything that was told, answers too.
  public List<JsonNode> all() {
    return listener.told.all();
  }

  /// What was told from the index on, counted from 0.
  public List<JsonNode> from(int index) {
    return listener.told.from(index);
  }

  /// The events of a conversation, in the order in which they came.
  public List<JsonNode> events(String conversation) {
    return all().stream()
        .filter(m -> m.has("event") && m.path("conversationId").asText().equals(conversation))
        .toList();
  }

  /// The cursor of the last event, or of the last good subscription.
  public Optional<String> cursor() {
    return all().reversed().stream()
        .filter(m -> m.has("cursor"))
        .map(m -> m.path("cursor").asText())
        .findFirst();
  }

  /// Reads nothing more until [#thaw].
  public void freeze() {
    listener.frozen = true;
  }

  /// Reads on.
  public void thaw() {
    listener.frozen = false;
    socket.request(1);
  }

  /// Sends a sign of life and drops the connection when that fails: a server that died while nothing was read is not
  /// noticed by reading.
  public void knock() {
    var _ =
        socket
            .sendPing(ByteBuffer.allocate(0))
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    drop();
                  }
                });
  }

  /// Waits until the server has ended it.
  public Closed awaitClosed(Duration most) {
    return Wait.until("it is closed", most, () -> listener.closed, c -> c != null);
  }

  /// Whether the connection has ended.
  public boolean isClosed() {
    return listener.closed != null;
  }

  /// Drops the connection without a word.
  public void drop() {
    socket.abort();
    listener.end(1006, "dropped");
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static final class Listener implements WebSocket.Listener {
    final Told told = new Told();
    private final StringBuilder text = new StringBuilder();
    volatile boolean frozen;
    volatile @Nullable Closed closed;

    @Override
    public void onOpen(WebSocket webSocket) {
      webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        JsonNode message = Json.read(text.toString());
        text.setLength(0);
        told.add(message);
      }
      if (!frozen) {
        socket.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      end(code, reason);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end(1006, String.valueOf(error));
    }

    synchronized void end(int code, String reason) {
      if (closed == null) {
        closed = new Closed(code, reason);
      }
      told.end(String.valueOf(closed));
    }
  }
}
