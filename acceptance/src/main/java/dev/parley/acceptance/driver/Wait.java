package dev.parley.acceptance.driver;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Looking again until it is so, or a deadline has passed.
public final class Wait {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Wait() {}

  /// Throws an `AssertionError` that says what did not come to be.
  public static void until(String what, Duration most, BooleanSupplier condition) {
    until(what, most, condition::getAsBoolean, ok -> ok);
  }

  /// The first value that satisfies. Throws an `AssertionError` with the last value that did not.
  public static <T> T until(
      String what, Duration most, Supplier<T> value, Predicate<? super T> satisfied) {
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      T now = value.get();
      if (satisfied.test(now)) {
        return now;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %s: %s; the last was %s".formatted(most, what, now));
      }
      pause(PAUSE);
    }
  }

  /// Lets about that time pass.
  public static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while waiting");
      }
    }
  }
}
