package dev.parley.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.limits.RateLimits.Decision;
import dev.parley.platform.limits.RateLimits.Limit;
import dev.parley.testing.Await;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every kind of buckets does.
interface RateLimitsContract {
  /// Buckets of one process.
  RateLimits limits();

  private static String bucket() {
    return UUID.randomUUID() + ":test";
  }

  @Test
  default void aBucketGivesItsBurstAndThenSaysHowLongToWait() {
    Limit limit = new Limit(3, 0.5);
    String bucket = bucket();
    for (int left = 2; left >= 0; left--) {
      Decision decision = limits().take(bucket, limit);
      assertThat(decision.allowed()).isTrue();
      assertThat(decision.remaining()).isEqualTo(left);
      assertThat(decision.pause()).isZero();
    }
    Decision refused = limits().take(bucket, limit);
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.remaining()).isZero();
    assertThat(refused.pause()).isBetween(Duration.ofMillis(1000), Duration.ofMillis(2001));
    assertThat(refused.full()).isBetween(Duration.ofMillis(5000), Duration.ofMillis(6001));
  }

  @Test
  default void bucketsDoNotShareWithOthersOfAnotherNameOrLimit() {
    Limit limit = new Limit(1, 0.01);
    String one = bucket();
    assertThat(limits().take(one, limit).allowed()).isTrue();
    assertThat(limits().take(one, limit).allowed()).isFalse();
    assertThat(limits().take(bucket(), limit).allowed()).isTrue();
    assertThat(limits().take(one, new Limit(1, 0.02)).allowed()).isTrue();
  }

  @Test
  default void aBucketFillsAgain() {
    Limit limit = new Limit(1, 50);
    String bucket = bucket();
    assertThat(limits().take(bucket, limit).allowed()).isTrue();
    Await.until("there is a token again", () -> limits().take(bucket, limit).allowed());
  }

  @Test
  default void aTokenForWhatDidNotHappenGoesBack() {
    Limit limit = new Limit(1, 0.001);
    String bucket = bucket();
    assertThat(limits().take(bucket, limit).allowed()).isTrue();
    limits().giveBack(bucket, limit);
    limits().giveBack(bucket, limit);
    Await.until("the token is back", () -> limits().take(bucket, limit).allowed());
    assertThat(limits().take(bucket, limit).allowed()).isFalse();
  }

  @Test
  default void whoMustNotWaitIsAnsweredTheSame() {
    Limit limit = new Limit(1, 0.001);
    String bucket = bucket();
    var limits = limits();
    assertThat(limits.ask(bucket, limit).toCompletableFuture().join().allowed()).isTrue();
    assertThat(limits.ask(bucket, limit).toCompletableFuture().join().allowed()).isFalse();
  }

  @Test
  default void manyAtOnceGetNoMoreThanThereIs() {
    Limit limit = new Limit(40, 0.001);
    String bucket = bucket();
    var taken = new AtomicInteger();
    var all =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 20; i++) {
                            if (limits().take(bucket, limit).allowed()) {
                              taken.incrementAndGet();
                            }
                          }
                        }))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(all).join();
    assertThat(taken).hasValue(40);
  }
}
