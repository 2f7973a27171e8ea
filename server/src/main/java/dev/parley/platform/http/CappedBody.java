package dev.parley.platform.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Gathers the body of a request on the event loop, up to a limit. For the routes that come before every other handler.
public final class CappedBody {
  private static final Logger LOG = Logger.getLogger(CappedBody.class);
  private static final int USUAL = 512;

  private final Reader reader;
  private final int most;
  private final Buffer bytes;
  private boolean over;

  private CappedBody(Reader reader, int most, int expected) {
    this.reader = reader;
    this.most = most;
    this.bytes = Buffer.buffer(expected);
  }

  /// Gets the body, or hears that it is too long; one of the two, once, unless the request is cut off.
  public interface Reader {
    /// The whole body.
    void whole(byte[] body);

    /// It is longer than it may be; what is left of it is not kept.
    void tooLarge();
  }

  /// Reads a body of at most `most` bytes.
  public static void read(HttpServerRequest request, int most, Reader reader) {
    long declared = length(request.getHeader("Content-Length"));
    if (declared > most) {
      reader.tooLarge();
      return;
    }
    var body = new CappedBody(reader, most, (int) Math.max(USUAL, declared));
    request.handler(body::take);
    request.exceptionHandler(e -> LOG.debugf("a request was cut off: %s", e.getMessage()));
    request.endHandler(_ -> body.end());
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
    if (bytes.length() + part.length() > most) {
      over = true;
      reader.tooLarge();
      return;
    }
    bytes.appendBuffer(part);
  }

  private void end() {
    if (!over) {
      reader.whole(bytes.getBytes());
    }
  }
}
