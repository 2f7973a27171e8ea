package dev.parley.sandbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread brings about.
public final class Await {
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private Await() {}

  /// Returns once the condition holds; fails after 15 s.
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen in time: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
