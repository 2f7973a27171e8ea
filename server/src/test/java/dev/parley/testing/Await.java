package dev.parley.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for something to become so.
public final class Await {
  private Await() {}

  /// Returns as soon as `condition` holds; fails after ten seconds, saying `what` did not happen.
  public static void until(String what, BooleanSupplier condition) {
    until(what, Duration.ofSeconds(10), condition);
  }

  /// As [#until(String, BooleanSupplier)] with another deadline.
  public static void until(String what, Duration deadline, BooleanSupplier condition) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not happen within " + deadline + ": " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
