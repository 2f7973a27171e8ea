package dev.parley.sandbox;

import java.util.function.LongSupplier;

/// The two limits on sending: per number and second, and per pair of number and customer.
final class RateLimits {
  private static final long SECOND = 1_000_000_000L;
  private static final long PAIR_INTERVAL = 6 * SECOND;
  private static final int PAIR_BURST = 45;
  private static final int PAIRS = 200_000;

  private final LongSupplier nanoTime;
  private final long start;
  // Both limits keep the time up to which the allowance is used up, relative to `start`.
  private long usedUntil = Long.MIN_VALUE / 2;
  private final BoundedMap<String, Long> pairUsedUntil = new BoundedMap<>(PAIRS);

  RateLimits(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /// Takes one send out of an allowance of `perSecond`; false when it is used up. 0 means no limit.
  synchronized boolean takeThroughput(int perSecond) {
    if (perSecond == 0) {
      return true;
    }
    long now = now();
    long next = Math.max(usedUntil, now - SECOND) + SECOND / perSecond;
    if (next > now) {
      return false;
    }
    usedUntil = next;
    return true;
  }

  /// Takes one send to this customer; false when the burst is used up.
  boolean takePair(String customer) {
    long now = now();
    boolean[] taken = new boolean[1];
    pairUsedUntil.update(
        customer,
        Long.MIN_VALUE / 2,
        used -> {
          long next = Math.max(used, now - PAIR_BURST * PAIR_INTERVAL) + PAIR_INTERVAL;
          taken[0] = next <= now;
          return taken[0] ? next : used;
        });
    return taken[0];
  }

  private long now() {
    return nanoTime.getAsLong() - start;
  }
}
