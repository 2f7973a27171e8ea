package dev.parley.realtime.engineio;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The body of a POST: read up to the limit, taken apart, handed to the session, answered.
final class PostedPackets {
  private static final int TOO_LARGE = 413;
  private static final int BAD_REQUEST = 400;

  private final HttpServerRequest request;
  private final EngineSocket session;
  private final PollingLine line;
  private final int maxPayload;
  private final Buffer body = Buffer.buffer();
  private boolean over;

  PostedPackets(HttpServerRequest request, EngineSocket session, PollingLine line, int maxPayload) {
    this.request = request;
    this.session = session;
    this.line = line;
    this.maxPayload = maxPayload;
  }

  /// Begins; everything else happens as the body comes.
  void read() {
    if (length(request.getHeader(HttpHeaders.CONTENT_LENGTH)) > maxPayload) {
      tooLarge();
      return;
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && type.startsWith("application/octet-stream")) {
      // Binary comes as base64 inside the text in this version of the protocol.
      fail(BAD_REQUEST);
      return;
    }
    request.handler(this::take);
    request.exceptionHandler(_ -> cut());
    request.endHandler(_ -> complete());
    request.resume();
  }

  private static long length(@Nullable String declared) {
    try {
      return declared == null ? 0 : Long.parseLong(declared);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void take(Buffer part) {
    if (over) {
      return;
    }
    if (body.length() + part.length() > maxPayload) {
      tooLarge();
      return;
    }
    body.appendBuffer(part);
  }

  private void tooLarge() {
    fail(TOO_LARGE);
  }

  /// What the client wanted to say is lost, so the session cannot go on.
  private void fail(int status) {
    over = true;
    line.endPost();
    session.close(CloseReason.TRANSPORT_ERROR);
    EngineServer.failed(request, status);
  }

  private void cut() {
    if (!over) {
      over = true;
      line.endPost();
      session.close(CloseReason.TRANSPORT_CLOSE);
    }
  }

  private void complete() {
    if (over) {
      return;
    }
    over = true;
    boolean closed = false;
    for (String packet : EngineServer.split(body.toString(StandardCharsets.UTF_8))) {
      if (!session.receive(packet)) {
        // A goodbye, theirs or ours, is an answer like any other; everything else that ends a
        // session is not. A request
        // that failed would be at the client before the poll that brings the goodbye.
        closed = !packet.equals("1") && !session.isSentAway();
        break;
      }
    }
    line.endPost();
    if (closed) {
      EngineServer.failed(request, BAD_REQUEST);
    } else {
      EngineServer.ok(request.response());
    }
  }
}
