package dev.parley.platform.timers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs a job of this process again and again on a thread of its own. Nothing is durable; what the job throws is logged
/// and the next turn comes all the same.
public final class Ticker {
  private static final Logger LOG = Logger.getLogger(Ticker.class);

  private final String name;
  private final Duration pause;
  private final Runnable job;
  private volatile boolean running;
  private @Nullable Thread thread;

  /// `job` runs with `pause` between two turns.
  public Ticker(String name, Duration pause, Runnable job) {
    this.name = name;
    this.pause = pause;
    this.job = job;
  }

  /// Begins with the first turn.
  public synchronized void start() {
    if (!running) {
      running = true;
      thread = Thread.ofPlatform().daemon().name(name).start(this::loop);
    }
  }

  /// Begins the next turn at once, or, when one is under way, right after it.
  public void hurry() {
    LockSupport.unpark(thread);
  }

  /// Takes no new turn and waits up to `patience` for the one under way.
  public synchronized void stop(Duration patience) {
    running = false;
    Thread current = thread;
    if (current == null) {
      return;
    }
    LockSupport.unpark(current);
    try {
      current.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  private void loop() {
    while (running) {
      try {
        job.run();
      } catch (RuntimeException e) {
        LOG.warnf(e, "%s: %s", name, e.getMessage());
      }
      if (running) {
        LockSupport.parkNanos(pause.toNanos());
      }
    }
  }
}
