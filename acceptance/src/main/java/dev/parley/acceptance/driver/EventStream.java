package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A reader of server-sent events: keeps everything that it is told, and the last id. For several threads.
public final class EventStream implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final InputStream body;
  private final List<JsonNode> messages = new ArrayList<>();
  private @Nullable String lastId;
  private volatile boolean ended;

  private EventStream(InputStream body) {
    this.body = body;
    Thread.ofVirtual().name("event-stream").start(this::read);
  }

  /// Opens it; `query` is what follows the question mark. Throws an `AssertionError` that shows any answer that is not
  /// good.
  public static EventStream open(URI server, String query, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/api/v1/stream?" + query)).GET();
    headers.forEach(request::setHeader);
    try {
      HttpResponse<InputStream> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        try (InputStream problem = response.body()) {
          String text = new String(problem.readAllBytes(), StandardCharsets.UTF_8);
          throw new AssertionError("the stream answered " + response.statusCode() + " " + text);
        }
      }
      return new EventStream(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void read() {
    try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String name = "message";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          synchronized (this) {
            lastId = line.substring(4);
          }
        } else if (line.startsWith("data: ")) {
          ObjectNode message = (ObjectNode) Json.read(line.substring(6));
          message.put("event", name);
          synchronized (this) {
            messages.add(message);
            notifyAll();
          }
        }
      }
    } catch (IOException e) {
      // It was closed here or there; what was read before is kept.
    }
    ended = true;
    synchronized (this) {
      notifyAll();
    }
  }

  /// Waits for a message that satisfies, told before or yet to come.
  public synchronized JsonNode await(String what, Predicate<JsonNode> satisfied) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int looked = 0;
    while (true) {
      for (; looked < messages.size(); looked++) {
        if (satisfied.test(messages.get(looked))) {
          return messages.get(looked);
        }
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (ended || left <= 0) {
        throw new AssertionError("not told: " + what + "; ended " + ended + "; was " + messages);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  /// Everything that was told.
  public synchronized List<JsonNode> all() {
    return List.copyOf(messages);
  }

  /// The id of the last event, to go on after.
  public synchronized Optional<String> lastId() {
    return Optional.ofNullable(lastId);
  }

  /// Whether the server has ended it.
  public boolean isEnded() {
    return ended;
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
