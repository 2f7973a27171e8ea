package dev.parley.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void aBucketGivesItsBurstAndThenSaysHowLongToWait() {
    var bucket = new TokenBucket(3, 0.5);
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.take()).isZero();
    }
    assertThat(bucket.take()).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(2));
    assertThat(bucket.isFull()).isFalse();
  }

  @Test
  void aTokenForWhatDidNotHappenGoesBack() {
    var bucket = new TokenBucket(1, 0.001);
    assertThat(bucket.take()).isZero();
    bucket.giveBack();
    bucket.giveBack();
    assertThat(bucket.isFull()).isTrue();
    assertThat(bucket.take()).isZero();
    assertThat(bucket.take()).isPositive();
  }

  @Test
  void aBucketFillsAgain() {
    var bucket = new TokenBucket(1, 50);
    assertThat(bucket.take()).isZero();
    Await.until("there is a token again", () -> bucket.take().isZero());
  }

  @Test
  void aBreakerOpensAfterFailuresInARowAndLetsOneCallThroughAfterItsPause() {
    var breaker = new CircuitBreaker(3, Duration.ofMillis(20));
    breaker.failed();
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    breaker.failed();
    assertThat(breaker.isOpen()).isFalse();
    breaker.failed();
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.admit()).isPositive();
    Await.until("one call is let through", () -> breaker.admit().isZero());
    assertThat(breaker.admit()).isPositive();
    breaker.succeeded();
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.admit()).isZero();
  }
}
