package dev.parley.platform.http;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Hears of every call to the outside when it is over.
public interface OutboundCalls {
  /// Must not block.
  void made(Made call);

  /// A call that is over.
  ///
  /// @param status of the answer; 0 where none came, and `failure` then says why
  /// @param requestBody as it was sent; null where it was streamed or there was none
  /// @param responseBody as it came; null where it was streamed
  record Made(
      String method,
      URI uri,
      int status,
      Duration time,
      byte @Nullable [] requestBody,
      long requestBytes,
      byte @Nullable [] responseBody,
      long responseBytes,
      @Nullable String failure) {}

  /// A call under way.
  ///
  /// @param bytes of the request's body
  record Line(String method, URI uri, byte @Nullable [] body, long bytes, long started) {
    /// One that begins now.
    static Line begin(String method, URI uri, byte @Nullable [] body, long bytes) {
      return new Line(method, uri, body, bytes, System.nanoTime());
    }

    /// It was answered.
    Made answered(int status, byte @Nullable [] answer, long length) {
      return over(status, answer, length, null);
    }

    /// It came to nothing, or to no more than a status.
    Made failed(int status, Exception why) {
      return over(status, null, 0, String.valueOf(why.getMessage()));
    }

    private Made over(int status, byte @Nullable [] answer, long length, @Nullable String failure) {
      Duration time = Duration.ofNanos(System.nanoTime() - started);
      return new Made(method, uri, status, time, body, bytes, answer, length, failure);
    }
  }
}
