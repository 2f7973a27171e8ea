package dev.parley.sandbox;

import java.time.Duration;

/// Waiting on a virtual thread.
public final class Pause {
  private Pause() {}

  /// Waits so long; returns early, with the interrupt kept, when the sandbox is being closed.
  ///
  /// @return false when the wait was cut short
  public static boolean millis(long millis) {
    if (millis <= 0) {
      return true;
    }
    try {
      Thread.sleep(Duration.ofMillis(millis));
      return true;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
