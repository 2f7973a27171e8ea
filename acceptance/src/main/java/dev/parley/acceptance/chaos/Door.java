package dev.parley.acceptance.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.EventStream;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.SocketIo;
import java.net.URI;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// How a client of the scenario is connected. Another protocol joins in by one more of these.
interface Door {
  /// One connection.
  interface Line extends AutoCloseable {
    /// What was told from the index on, counted from 0: each event with `event`, `cursor`, `conversationId` and `data`.
    List<JsonNode> told(int from);

    /// Whether it has ended.
    boolean isOver();

    /// Drops it without a word.
    @Override
    void close();

    /// Reads nothing more, or reads on; does nothing where that cannot be done.
    void frozen(boolean on);
  }

  /// The client was told that it has missed too much, which never is so in the scenario.
  final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(@Nullable String after) {
      super("a snapshot is required after " + after);
    }
  }

  /// Connects as somebody and follows their conversations, after a cursor if there is one. Throws a
  /// `RuntimeException` or an `AssertionError` when that does not work, [Lost] when the cursor is not taken.
  Line open(URI server, Api caller, @Nullable String after);

  /// The door of that name: `ws`, `sse`, `socketio` (by WebSocket) or `polling` (Socket.IO by long polling).
  static Door of(String name) {
    return switch (name) {
      case "ws" -> SOCKET;
      case "sse" -> EVENT_SOURCE;
      case "socketio" -> socketIo(SocketIo::byWebSocket);
      case "polling" -> socketIo(SocketIo::byPolling);
      default ->
          throw new IllegalArgumentException(
              "there is no door " + name + ", but ws, sse, socketio and polling");
    };
  }

  /// The plain WebSocket.
  Door SOCKET =
      (server, caller, after) -> {
        Live live = Live.as(server, caller);
        try {
          JsonNode ack = after == null ? live.follow("mine") : live.resume(after, "mine");
          if (ack.path("snapshotRequired").asBoolean()) {
            throw new Lost(after);
          }
        } catch (RuntimeException | AssertionError e) {
          live.close();
          throw e;
        }
        return new Line() {
          @Override
          public List<JsonNode> told(int from) {
            return live.from(from);
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
              live.knock();
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
          public List<JsonNode> told(int from) {
            return stream.from(from);
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

  /// Socket.IO, whose clients go on by `pid` and `offset`.
  private static Door socketIo(BiFunction<URI, ObjectNode, SocketIo> connect) {
    return (server, caller, after) -> {
      ObjectNode auth = SocketIo.auth(caller, "mine");
      if (after != null) {
        auth.put("pid", "of-the-scenario").put("offset", after);
      }
      SocketIo socket = connect.apply(server, auth);
      if (after != null && !"of-the-scenario".equals(socket.pid())) {
        socket.close();
        throw new Lost(after);
      }
      return new Line() {
        @Override
        public List<JsonNode> told(int from) {
          return socket.from(from);
        }

        @Override
        public boolean isOver() {
          return socket.isOver();
        }

        @Override
        public void close() {
          socket.close();
        }

        @Override
        public void frozen(boolean on) {
          socket.frozen(on);
        }
      };
    };
  }
}
