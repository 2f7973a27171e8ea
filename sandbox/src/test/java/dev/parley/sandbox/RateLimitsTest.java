package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private final AtomicLong clock = new AtomicLong();
  private final RateLimits limits = new RateLimits(clock::get);

  @Test
  void givesOneSecondsWorthAtOnceAndThenTheRate() {
    assertThat(taken(() -> limits.takeThroughput(80), 200)).isEqualTo(80);
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(taken(() -> limits.takeThroughput(80), 200)).isEqualTo(40);
    assertThat(taken(() -> limits.takeThroughput(0), 200)).isEqualTo(200);
  }

  @Test
  void givesACustomer45AtOnceAndThenOneEverySixSeconds() {
    assertThat(taken(() -> limits.takePair("a"), 100)).isEqualTo(45);
    assertThat(limits.takePair("b")).isTrue();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(limits.takePair("a")).isFalse();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(taken(() -> limits.takePair("a"), 10)).isEqualTo(1);
  }

  private static int taken(BooleanSupplier take, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += take.getAsBoolean() ? 1 : 0;
    }
    return taken;
  }
}
