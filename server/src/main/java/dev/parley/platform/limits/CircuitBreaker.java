package dev.parley.platform.limits;

import java.time.Duration;

/// Stops calling somebody who keeps failing: after a number of failures in a row it is open for a pause, then lets one
/// call through, and closes when that succeeds. Each further failure doubles the pause up to a minute. Thread-safe.
public final class CircuitBreaker {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final int failuresToOpen;
  private final Duration firstPause;
  private int failures;
  private Duration pause;
  private long openUntil;

  /// Opens after `failuresToOpen` failures in a row, for `pause` at first.
  public CircuitBreaker(int failuresToOpen, Duration pause) {
    this.failuresToOpen = failuresToOpen;
    this.firstPause = pause;
    this.pause = pause;
  }

  /// Zero when a call may be made now; otherwise how long to wait. While it is open one call is let through after each
  /// pause, to see whether the other side is back.
  public synchronized Duration admit() {
    if (!isOpen()) {
      return Duration.ZERO;
    }
    long now = System.nanoTime();
    if (openUntil - now > 0) {
      return Duration.ofNanos(openUntil - now);
    }
    openUntil = now + pause.toNanos();
    return Duration.ZERO;
  }

  /// A call was answered.
  public synchronized void succeeded() {
    failures = 0;
    pause = firstPause;
  }

  /// A call failed for a reason that other calls would meet too.
  public synchronized void failed() {
    failures++;
    if (!isOpen()) {
      return;
    }
    if (failures > failuresToOpen) {
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
    openUntil = System.nanoTime() + pause.toNanos();
  }

  /// Whether calls are held back now.
  public synchronized boolean isOpen() {
    return failures >= failuresToOpen;
  }
}
