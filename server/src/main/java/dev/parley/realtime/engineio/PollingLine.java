package dev.parley.realtime.engineio;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A session's long-polling: at most one GET that waits for packets, and one POST that brings some.
final class PollingLine implements Line {
  private static final byte SEPARATOR = 0x1e;
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=UTF-8");

  /// How soon a poll comes back while the client wants to change to WebSocket.
  private static final Duration HURRY = Duration.ofMillis(100);

  /// A GET that waits, and the event loop of its connection.
  private record Poll(HttpServerResponse response, EngineLoop loop) {}

  private final EngineSocket session;

  // Guarded by the session.
  private @Nullable Poll poll;
  private boolean posting;

  PollingLine(EngineSocket session) {
    this.session = session;
  }

  /// A GET has come; answers why it is not taken, or null. On the event loop of its connection.
  @Nullable EngineError poll(HttpServerResponse response, EngineLoop loop) {
    var mine = new Poll(response, loop);
    synchronized (session) {
      if (session.isClosed()) {
        // It was found just before its end, after which nobody would answer.
        return EngineError.UNKNOWN_SID;
      }
      if (poll != null) {
        return EngineError.BAD_REQUEST;
      }
      poll = mine;
    }
    response.closeHandler(_ -> cut(mine));
    if (session.isUpgrading()) {
      var _ = loop.schedule(HURRY, this::hurry);
    }
    session.ready();
    return null;
  }

  private void cut(Poll mine) {
    synchronized (session) {
      if (!mine.equals(poll)) {
        return;
      }
      poll = null;
    }
    session.close(CloseReason.TRANSPORT_CLOSE);
  }

  /// A POST has come; answers false when one is under way.
  boolean beginPost() {
    synchronized (session) {
      if (posting) {
        return false;
      }
      posting = true;
      return true;
    }
  }

  void endPost() {
    synchronized (session) {
      posting = false;
    }
  }

  /// Sends a waiting poll back empty-handed.
  void hurry() {
    answer(Outgoing.NOOP);
  }

  /// The session goes on by WebSocket.
  void leave() {
    answer(Outgoing.NOOP);
  }

  @Override
  public @Nullable EngineLoop writable() {
    Poll waiting = poll;
    return waiting == null ? null : waiting.loop();
  }

  @Override
  public Runnable write(Queue<Outgoing> queue, boolean last) {
    Poll waiting = poll;
    if (waiting == null) {
      return () -> {};
    }
    poll = null;
    Buffer body = Buffer.buffer();
    for (Outgoing packet = queue.poll(); packet != null; packet = queue.poll()) {
      append(body, packet);
    }
    if (last) {
      append(body, Outgoing.CLOSE);
    }
    // What could not be given to the network is lost, and the client comes back for it by resuming.
    return () ->
        respond(waiting.response(), body)
            .onFailure(_ -> session.close(CloseReason.TRANSPORT_CLOSE));
  }

  private static void append(Buffer body, Outgoing packet) {
    if (body.length() > 0) {
      body.appendByte(SEPARATOR);
    }
    packet.appendTo(body);
  }

  @Override
  public void shut(CloseReason reason) {
    // A client that has said goodbye itself need not be told.
    answer(reason == CloseReason.TRANSPORT_CLOSE ? Outgoing.NOOP : Outgoing.CLOSE);
  }

  private void answer(Outgoing packet) {
    Poll waiting;
    synchronized (session) {
      waiting = poll;
      poll = null;
    }
    if (waiting == null) {
      return;
    }
    Buffer body = Buffer.buffer(packet.size());
    packet.appendTo(body);
    if (waiting.loop().isCurrent()) {
      var _ = respond(waiting.response(), body);
    } else {
      waiting.loop().execute(() -> respond(waiting.response(), body));
    }
  }

  /// Answers a request with packets; fails when its connection is gone. On the event loop of its connection.
  static Future<Void> respond(HttpServerResponse response, Buffer body) {
    if (response.closed() || response.ended()) {
      return Future.failedFuture("the connection is gone");
    }
    return response
        .putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body);
  }
}
