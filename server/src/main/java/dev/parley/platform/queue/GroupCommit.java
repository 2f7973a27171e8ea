package dev.parley.platform.queue;

import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.roles.CrashPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Puts items of many callers into the queue with one statement and one commit: what arrives while
/// a commit is under way goes with the next. Callers are answered after the commit that holds their
/// items.
///
/// Works as the role `parley_intake`, which may insert into the queue and nothing else. Items of
/// one key that are submitted one after the other keep their order, because a key always goes to
/// the same writer.
public final class GroupCommit {
  private static final Logger LOG = Logger.getLogger(GroupCommit.class);
  private static final int MOST_ITEMS = 4000;

  /// What a caller is told, once, where it asked to be told.
  public interface Answer {
    /// All items of the submission are on disk.
    void committed();

    /// They may or may not be on disk; the sender has to try again.
    void failed(Throwable cause);
  }

  private record Submission(List<WorkItem> items, Executor where, Answer answer) {}

  private final DataSource intake;
  private final Consumer<List<WorkItem>> committed;
  private final int capacity;
  private final AtomicInteger waiting = new AtomicInteger();
  private final List<BlockingQueue<Submission>> writers = new ArrayList<>();
  private volatile boolean running;

  /// Writes on `writers` threads with a connection each; accepts up to `capacity` items at a time,
  /// none before [#start]. `committed` hears of every batch that reached the disk.
  public GroupCommit(
      DataSource intake, int writers, int capacity, Consumer<List<WorkItem>> committed) {
    this.intake = intake;
    this.capacity = capacity;
    this.committed = committed;
    for (int i = 0; i < writers; i++) {
      this.writers.add(new LinkedBlockingQueue<>());
    }
  }

  /// Begins to write.
  public void start() {
    running = true;
    for (int i = 0; i < writers.size(); i++) {
      BlockingQueue<Submission> queue = writers.get(i);
      Thread.ofPlatform().daemon().name("intake-" + i).start(() -> write(queue));
    }
  }

  /// Hands items in and returns at once; false when too much is waiting, and then `answer` is not
  /// called. It is called on `where`, which gets all answers of a commit as one task: an event loop
  /// is woken once and not once for each.
  public boolean submit(List<WorkItem> items, Executor where, Answer answer) {
    if (!running) {
      return false;
    }
    if (waiting.addAndGet(items.size()) > capacity) {
      waiting.addAndGet(-items.size());
      return false;
    }
    // A webhook with several customers goes where its first one goes; Meta batches by number, and
    // order is only promised for a key within one delivery.
    int writer = writers.size() == 1 ? 0 : Math.floorMod(items.getFirst().lane(), writers.size());
    return writers.get(writer).add(new Submission(List.copyOf(items), where, answer));
  }

  /// Items whose commit is not known yet.
  public int waiting() {
    return waiting.get();
  }

  /// Takes nothing new and waits up to `patience` for what is waiting.
  public void stop(Duration patience) {
    running = false;
    long deadline = System.nanoTime() + patience.toNanos();
    while (waiting.get() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void write(BlockingQueue<Submission> queue) {
    while (running || !queue.isEmpty()) {
      var batch = new ArrayList<Submission>();
      try {
        Submission first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
      } catch (InterruptedException e) {
        return;
      }
      int size = batch.getFirst().items().size();
      for (Submission next = queue.peek();
          next != null && size + next.items().size() <= MOST_ITEMS;
          next = queue.peek()) {
        batch.add(queue.remove());
        size += next.items().size();
      }
      commit(batch, size);
    }
  }

  private void commit(List<Submission> batch, int size) {
    var items = new ArrayList<WorkItem>(size);
    batch.forEach(submission -> items.addAll(submission.items()));
    RuntimeException failure = store(items);
    if (failure != null && batch.size() > 1 && !SqlFailure.isUnavailable(failure)) {
      // One of them is at fault, and must not take the others along.
      batch.forEach(submission -> commit(List.of(submission), submission.items().size()));
      return;
    }
    waiting.addAndGet(-size);
    if (failure == null) {
      CrashPoint.AFTER_INTAKE_COMMIT.reached();
    } else {
      LOG.warnf("intake: %d updates are not stored: %s", size, failure.getMessage());
    }
    var answers = new IdentityHashMap<Executor, List<Answer>>();
    for (Submission submission : batch) {
      answers.computeIfAbsent(submission.where(), _ -> new ArrayList<>()).add(submission.answer());
    }
    answers.forEach(
        (where, list) -> {
          try {
            where.execute(() -> list.forEach(answer -> tell(answer, failure)));
          } catch (RuntimeException e) {
            LOG.warn("intake: answers could not be handed over", e);
          }
        });
    if (failure == null) {
      committed.accept(items);
    }
  }

  private @Nullable RuntimeException store(List<WorkItem> items) {
    try {
      QueueStore.commit(intake, items);
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static void tell(Answer answer, @Nullable RuntimeException failure) {
    try {
      if (failure == null) {
        answer.committed();
      } else {
        answer.failed(failure);
      }
    } catch (RuntimeException e) {
      LOG.warn("intake: an answer failed", e);
    }
  }
}
