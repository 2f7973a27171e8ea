package dev.parley.platform.limits;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Token buckets by name. Whoever names the same bucket shares it: in this process, or in all that share a Redis.
public interface RateLimits {
  /// So many at once, then so many per second; both above 0. Part of the bucket's name.
  record Limit(double burst, double perSecond) {
    /// Checks the bounds; throws `IllegalArgumentException`.
    public Limit {
      if (!(burst >= 1) || !(perSecond > 0)) {
        throw new IllegalArgumentException("expected burst >= 1 and perSecond > 0");
      }
    }

    /// A limit that lets through at once what is meant for so many seconds.
    public static Limit of(double perSecond, double seconds) {
      return new Limit(Math.max(1, perSecond * seconds), perSecond);
    }
  }

  /// What a bucket has said.
  ///
  /// @param allowed whether a token was taken
  /// @param remaining whole tokens left
  /// @param pause zero when allowed; else how long until there is one
  /// @param full how long until the bucket is full again when nothing is taken
  record Decision(boolean allowed, long remaining, Duration pause, Duration full) {
    static Decision of(boolean allowed, double tokens, Limit limit) {
      return new Decision(
          allowed,
          (long) tokens,
          allowed ? Duration.ZERO : span((1 - tokens) / limit.perSecond()),
          span((limit.burst() - tokens) / limit.perSecond()));
    }

    private static Duration span(double seconds) {
      return Duration.ofNanos((long) Math.ceil(Math.max(0, seconds) * 1e9));
    }
  }

  /// Takes a token, or says how long to wait for one. `bucket` begins with the tenant that it belongs to, if any.
  Decision take(String bucket, Limit limit);

  /// Puts a token back that was taken for something that did not happen.
  void giveBack(String bucket, Limit limit);

  /// [#take] for those who must not wait, such as an event loop. The stage never fails.
  default CompletionStage<Decision> ask(String bucket, Limit limit) {
    return CompletableFuture.completedFuture(take(bucket, limit));
  }
}
