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
  private final Told told = new Told();
  private volatile @Nullable String lastId;

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
    String why = "";
    try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String name = "message";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("data: ")) {
          ObjectNode message = (ObjectNode) Json.read(line.substring(6));
          message.put("event", name);
          told.add(message);
        }
      }
    } catch (IOException e) {
      // It was closed here or there; what was read before is kept.
      why = ": " + e + ", " + e.getCause();
    }
    told.end("of the stream" + why);
  }

  /// Waits for a message that satisfies, told before or yet to come.
  public JsonNode await(String what, Predicate<JsonNode> satisfied) {
    return told.await(what, satisfied, PATIENCE);
  }

  /// Everything that was told.
  public List<JsonNode> all() {
    return told.all();
  }

  /// What was told from the index on, counted from 0.
  public List<JsonNode> from(int index) {
    return told.from(index);
  }

  /// The id of the last event, to go on after.
  public Optional<String> lastId() {
    return Optional.ofNullable(lastId);
  }

  /// Whether the server has ended it.
  public boolean isEnded() {
    return told.isOver();
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
