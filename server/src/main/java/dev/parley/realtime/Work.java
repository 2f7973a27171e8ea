package dev.parley.realtime;

import dev.parley.platform.http.Problem;
import dev.parley.platform.http.ProblemResponse;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// What must not run on an event loop: everything that asks the database. A bounded number of things runs at a time, so
/// that ten thousand clients that come back at once do not take the connections of everybody else.
final class Work {
  private static final Logger LOG = Logger.getLogger(Work.class);

  private final Semaphore places;

  /// Runs at most `most` things at a time; more wait.
  Work(int most) {
    this.places = new Semaphore(most, true);
  }

  /// Runs `task` again and again with pauses, until the answer is run.
  static Runnable every(Duration pause, Runnable task) {
    Thread thread =
        Thread.ofVirtual()
            .name("realtime-rounds")
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(pause.toNanos());
                    try {
                      task.run();
                    } catch (RuntimeException e) {
                      LOG.error("a round failed", e);
                    }
                  }
                });
    return thread::interrupt;
  }

  /// Runs `task`, then `done` with its result or `failed` with its problem, these on the event loop.
  <T> void run(Executor loop, Supplier<T> task, Consumer<T> done, Consumer<Problem> failed) {
    Thread.ofVirtual()
        .name("realtime")
        .start(
            () -> {
              T result;
              try {
                places.acquire();
                try {
                  result = task.get();
                } finally {
                  places.release();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
              } catch (RuntimeException e) {
                Problem problem = ProblemResponse.problem(e);
                if (problem.code() == Problem.Code.INTERNAL) {
                  LOG.error("work for a client failed", e);
                }
                loop.execute(() -> failed.accept(problem));
                return;
              }
              loop.execute(() -> done.accept(result));
            });
  }
}
