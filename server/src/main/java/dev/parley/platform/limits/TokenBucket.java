package dev.parley.platform.limits;

import java.time.Duration;

/// Lets so many things happen at once and then so many per second. Thread-safe.
public final class TokenBucket {
  private final double capacity;
  private final double perNano;
  private double tokens;
  private long updated = System.nanoTime();

  /// Starts full: `burst` at once, then `perSecond`.
  public TokenBucket(double burst, double perSecond) {
    this.capacity = burst;
    this.perNano = perSecond / 1e9;
    this.tokens = burst;
  }

  /// Takes a token and answers zero, or takes none and answers how long to wait for one.
  public synchronized Duration take() {
    long now = System.nanoTime();
    tokens = Math.min(capacity, tokens + (now - updated) * perNano);
    updated = now;
    if (tokens >= 1) {
      tokens--;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - tokens) / perNano));
  }

  /// Puts a token back that was taken for something that did not happen.
  public synchronized void giveBack() {
    tokens = Math.min(capacity, tokens + 1);
  }

  /// How many tokens there are now.
  synchronized double tokens() {
    return Math.min(capacity, tokens + (System.nanoTime() - updated) * perNano);
  }

  /// Whether it has been unused for so long that it is full again and may be forgotten.
  public synchronized boolean isFull() {
    return tokens + (System.nanoTime() - updated) * perNano >= capacity;
  }
}
