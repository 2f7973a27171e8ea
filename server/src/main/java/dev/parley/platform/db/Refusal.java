package dev.parley.platform.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Notices that a starting server gave up. The library would go on knocking until its time is over; it stops when
/// its thread is interrupted, and then returns as though the server were there.
final class Refusal implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);

  /// What `pg_ctl` prints. Its texts are not translated in the library's build.
  private static final String GAVE_UP = "could not start server";

  /// How long a launched server may take until it has written its process number, which it does first of all.
  private static final Duration FIRST_SIGN = Duration.ofSeconds(15);

  private final Thread watch;
  private volatile long launched;
  private volatile boolean refused;
  private volatile boolean over;

  /// Watches the log of the start that this thread is about to make.
  Refusal(Thread starter, DataFolder folder, Postmaster postmaster) {
    watch =
        Thread.ofVirtual().name("postgres-start").start(() -> watch(starter, folder, postmaster));
  }

  /// Says that everything is ready and the server is about to be launched.
  void launching() {
    launched = System.nanoTime();
  }

  private void watch(Thread starter, DataFolder folder, Postmaster postmaster) {
    try {
      while (!over) {
        if (folder.logged(GAVE_UP) || (isOverdue() && postmaster.running().isEmpty())) {
          refused = true;
          starter.interrupt();
          return;
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isOverdue() {
    return launched != 0 && System.nanoTime() - launched > FIRST_SIGN.toNanos();
  }

  /// @throws IOException when the server gave up, or when somebody else interrupted this thread's waiting for it
  void check() throws IOException {
    close();
    if (refused) {
      throw new IOException("it gave up");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted while waiting for it");
    }
  }

  /// Ends the watch. An interruption that came from here is over, any other stands.
  @Override
  public void close() {
    over = true;
    boolean interrupted = false;
    while (watch.isAlive()) {
      try {
        watch.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (refused) {
      Thread.interrupted();
    } else if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
