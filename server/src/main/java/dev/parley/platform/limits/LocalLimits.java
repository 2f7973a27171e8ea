package dev.parley.platform.limits;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Buckets in this process's memory.
public final class LocalLimits implements RateLimits {
  private static final int MANY = 50_000;
  private static final int MOST = 500_000;
  private static final long TIDY_NANOS = Duration.ofSeconds(1).toNanos();

  private record Bucket(String name, Limit limit) {}

  private final Map<Bucket, TokenBucket> buckets = new ConcurrentHashMap<>();
  private final AtomicLong tidied = new AtomicLong(System.nanoTime());

  @Override
  public Decision take(String bucket, Limit limit) {
    TokenBucket tokens = bucket(bucket, limit);
    boolean allowed = tokens.take().isZero();
    return Decision.of(allowed, tokens.tokens(), limit);
  }

  @Override
  public void giveBack(String bucket, Limit limit) {
    bucket(bucket, limit).giveBack();
  }

  private TokenBucket bucket(String name, Limit limit) {
    if (buckets.size() > MANY) {
      tidy();
    }
    return buckets.computeIfAbsent(
        new Bucket(name, limit), _ -> new TokenBucket(limit.burst(), limit.perSecond()));
  }

  /// A full bucket says what a new one says. Where somebody makes up names faster than buckets fill, all begin anew:
  /// memory is worth more than a limit.
  private void tidy() {
    long last = tidied.get();
    if (System.nanoTime() - last > TIDY_NANOS && tidied.compareAndSet(last, System.nanoTime())) {
      buckets.values().removeIf(TokenBucket::isFull);
    }
    if (buckets.size() > MOST) {
      buckets.clear();
    }
  }
}
