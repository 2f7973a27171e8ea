package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Follows the event log by `GET /api/v1/events?wait=`, shows each event as a line and remembers what it saw.
final class DemoWatch {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final int SHOWN = 60;

  private final DemoClient client;
  private final Consumer<String> out;
  private final List<JsonNode> seen = new ArrayList<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private String cursor;
  private volatile boolean over;
  private volatile @Nullable Thread thread;

  /// Begins with what happens from now on.
  DemoWatch(DemoClient client, Consumer<String> out) throws InterruptedException {
    this.client = client;
    this.out = out;
    this.cursor = client.get("/api/v1/events?from=now").path("next").asText();
  }

  /// Follows on a thread of its own until [#stop].
  void start() {
    thread = Thread.ofVirtual().name("demo-watch").start(this::follow);
  }

  void stop() {
    over = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private void follow() {
    try {
      while (!over) {
        JsonNode page = client.get("/api/v1/events?wait=20&limit=200&after=" + cursor);
        cursor = page.path("next").asText();
        page.path("items").forEach(this::note);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      if (!over) {
        out.accept("  the event log is out of reach: " + e.getMessage());
      }
    }
  }

  private synchronized void note(JsonNode event) {
    seen.add(event);
    JsonNode message = event.at("/data/message");
    if (message.isObject()) {
      numbers.put(message.path("id").asText(), message.path("seq").asLong());
    }
    out.accept(line(event, numbers));
    notifyAll();
  }

  /// Waits for an event; null when it does not come within that time. What came before counts too.
  synchronized @Nullable JsonNode await(Predicate<JsonNode> wanted, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    int next = 0;
    while (true) {
      for (; next < seen.size(); next++) {
        if (wanted.test(seen.get(next))) {
          return seen.get(next);
        }
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return null;
      }
      wait(left);
    }
  }

  /// The types of the events about a message.
  synchronized Set<String> about(String messageId) {
    var types = new TreeSet<String>();
    for (JsonNode event : seen) {
      if (messageId.equals(event.at("/data/messageId").asText())
          || messageId.equals(event.at("/data/message/id").asText())) {
        types.add(event.path("type").asText());
      }
    }
    return types;
  }

  /// One line: when, which message of the conversation, who, what became of it, what it says.
  static String line(JsonNode event, Map<String, Long> numbers) {
    String time = CLOCK.format(Instant.parse(event.path("time").asText()));
    String type = event.path("type").asText();
    JsonNode message = event.at("/data/message");
    if (message.isObject()) {
      boolean inbound = message.path("direction").asText().equals("inbound");
      JsonNode content = message.path("content");
      return "  %s  #%-3d %-9s %-10s %-9s %s"
          .formatted(
              time,
              message.path("seq").asLong(),
              inbound ? "customer" : "shop",
              type.substring(type.indexOf('.') + 1),
              content.path("type").asText(),
              cut(words(content)));
    }
    Long number = numbers.get(event.at("/data/messageId").asText());
    if (number != null) {
      String what = type.substring(type.indexOf('.') + 1);
      String cause = event.at("/data/failure/cause").asText("");
      return "  %s  #%-3d %-9s %s".formatted(time, number, "", what + " " + cause).stripTrailing();
    }
    return "  %s  %-4s %-9s %s".formatted(time, "", "", type);
  }

  private static String words(JsonNode content) {
    return switch (content.path("type").asText()) {
      case "text" -> content.path("body").asText();
      case "buttons" -> {
        var text = new StringBuilder(content.path("body").asText());
        content
            .path("buttons")
            .forEach(button -> text.append(" [").append(button.path("title").asText()).append(']'));
        yield text.toString();
      }
      case "answer" -> content.path("title").asText();
      case "location" ->
          "%s (%.4f, %.4f)"
              .formatted(
                  content.path("name").asText("somewhere"),
                  content.path("latitude").asDouble(),
                  content.path("longitude").asDouble());
      default -> content.path("caption").asText("");
    };
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 3) + "...";
  }
}
