package dev.parley.sandbox.genesys;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The calls of one client in the current window (`client.credentials.token.rate.per.minute`).
final class RateLimit {
  private final LongSupplier nanoTime;
  private long windowStart;
  private long count;
  private boolean begun;

  RateLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// One call's place in the window.
  ///
  /// @param within whether the call may be made
  /// @param resetSeconds until the window ends, rounded up
  record Place(boolean within, long count, long allowed, long resetSeconds) {

    /// The headers that every answer carries.
    Map<String, String> headers() {
      Map<String, String> headers = new TreeMap<>();
      headers.put("inin-ratelimit-count", Long.toString(count));
      headers.put("inin-ratelimit-allowed", Long.toString(allowed));
      headers.put("inin-ratelimit-reset", Long.toString(resetSeconds));
      if (!within) {
        headers.put("Retry-After", Long.toString(resetSeconds));
      }
      return headers;
    }
  }

  /// Counts one call; those beyond the limit do not use it up.
  ///
  /// @param allowed calls in one window; 0 for no limit
  synchronized Place take(long allowed, long windowMs) {
    long now = nanoTime.getAsLong();
    long length = windowMs * 1_000_000;
    if (!begun || now - windowStart >= length) {
      begun = true;
      windowStart = now;
      count = 0;
    }
    long reset = Math.max(1, Math.ceilDiv(windowStart + length - now, 1_000_000_000L));
    if (allowed > 0 && count >= allowed) {
      return new Place(false, count, allowed, reset);
    }
    count++;
    return new Place(true, count, allowed, reset);
  }
}
