package dev.parley.acceptance.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.EventStream;
import dev.parley.acceptance.driver.Live;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a client of the scenario is connected. Another protocol joins in by one more of these.
interface Door {
  /// One connection.
  interface Line extends AutoCloseable {
    /// Everything that was told, each event with `event`, `cursor`, `conversationId` and `data`.
    List<JsonNode> told();

    /// The cursor with which it would go on; null when it has none.
    @Nullable String cursor();

    /// Whether it has ended.
    boolean isOver();

    /// Drops it without a word.
    @Override
    void close();

    /// Reads nothing more, or reads on; does nothing where that cannot be done.
    void frozen(boolean on);
  }

  /// Connects as somebody and follows their conversations, after a cursor if there is one. Throws a
  /// `RuntimeException` or an `AssertionError` when that does not work.
  Line open(URI server, Api caller, @Nullable String after);

  /// The plain WebSocket.
  Door SOCKET =
      (server, caller, after) -> {
        Live live = Live.as(server, caller);
        try {
          JsonNode ack = after == null ? live.follow("mine") : live.resume(after, "mine");
          if (ack.path("snapshotRequired").asBoolean()) {
            throw new AssertionError("a snapshot is required after " + after);
          }
        } catch (RuntimeException | AssertionError e) {
          live.close();
          throw e;
        }
        return new Line() {
          @Override
          public List<JsonNode> told() {
            return live.all();
          }

          @Override
          public @Nullable String cursor() {
            return live.cursor().orElse(null);
          }

          @Override
          public boolean isOver() {
            return live.isClosed();
          }

          @Override
          public void close() {
            live.drop();
          }

          @Override
          public void frozen(boolean on) {
            if (on) {
              live.freeze();
            } else {
              live.thaw();
            }
          }
        };
      };

  /// Server-sent events.
  Door EVENT_SOURCE =
      (server, caller, after) -> {
        Api reader = after == null ? caller : caller.with("Last-Event-ID", after);
        EventStream stream = EventStream.open(server, "topics=mine", reader.headers());
        return new Line() {
          @Override
          public List<JsonNode> told() {
            return stream.all();
          }

          @Override
          public @Nullable String cursor() {
            return stream.lastId().orElse(null);
          }

          @Override
          public boolean isOver() {
            return stream.isEnded();
          }

          @Override
          public void close() {
            stream.close();
          }

          @Override
          public void frozen(boolean on) {
            // The reader's thread reads as it comes.
          }
        };
      };
}
