package dev.parley.platform.events;

import dev.parley.platform.db.SystemDb;
import dev.parley.platform.lanes.LaneKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads everything from now on, in every process that wants it: sockets and waiting readers. Each
/// lane's events come once and in order. What this process commits is seen at once; what others
/// commit at the next poll.
public final class Tail {
  private static final Logger LOG = Logger.getLogger(Tail.class);
  // A head is stamped with the time at which its transaction began, which may last this long.
  private static final int RECENT_SECONDS = 90;
  private static final int PAGE = 1000;

  private record Hint(LaneKey key, List<StoredEvent> events) {}

  private final EventLog log;
  private final SystemDb db;
  private final long pollNanos;
  private final BlockingQueue<Hint> hints = new LinkedBlockingQueue<>(10_000);
  private final List<Consumer<List<StoredEvent>>> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> stopping = new CopyOnWriteArrayList<>();
  private final Map<LaneKey, Long> seen = new HashMap<>();
  private volatile boolean running;
  private @Nullable Thread thread;

  /// Reads `log`; looks for other processes' events every `poll`.
  public Tail(EventLog log, SystemDb db, Duration poll) {
    this.log = log;
    this.db = db;
    this.pollNanos = poll.toNanos();
  }

  /// Gives every batch of events of one lane to `listener`, on the tail's own thread: it must not
  /// block.
  public void listen(Consumer<List<StoredEvent>> listener) {
    listeners.add(listener);
  }

  /// Runs `action` when the tail stops: nothing comes any more, so nobody should go on waiting for it.
  public void onStop(Runnable action) {
    stopping.add(action);
  }

  /// Starts at the present heads of all lanes.
  public void start() {
    seen.putAll(db.query(sql -> EventStore.recentHeads(sql, Integer.MAX_VALUE)));
    running = true;
    // A full queue drops the hint: the poll finds the events.
    log.onCommit(
        (key, events) -> {
          if (running) {
            hints.offer(new Hint(key, events));
          }
        });
    thread = Thread.ofPlatform().daemon().name("tail").start(this::loop);
  }

  /// Stops reading and tells those who wait.
  public void stop() {
    running = false;
    if (thread != null) {
      thread.interrupt();
    }
    stopping.forEach(Runnable::run);
  }

  private void loop() {
    long nextPoll = System.nanoTime();
    long lastPoll = nextPoll;
    while (running) {
      try {
        Hint hint = hints.poll(Math.max(1, nextPoll - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (hint != null) {
          take(hint);
        }
        if (System.nanoTime() - nextPoll >= 0) {
          long polled = System.nanoTime();
          // After a pause, of the database or of this process, everything since then is recent.
          int recent = RECENT_SECONDS + (int) TimeUnit.NANOSECONDS.toSeconds(polled - lastPoll);
          db.query(sql -> EventStore.recentHeads(sql, recent)).forEach(this::catchUp);
          lastPoll = polled;
          nextPoll = System.nanoTime() + pollNanos;
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warnf("tail: %s", e.getMessage());
        nextPoll = System.nanoTime() + pollNanos;
      }
    }
  }

  private void take(Hint hint) {
    long last = seen.getOrDefault(hint.key(), 0L);
    if (hint.events().getFirst().seq() == last + 1) {
      deliver(hint.key(), hint.events());
    } else if (hint.events().getLast().seq() > last) {
      catchUp(hint.key(), hint.events().getLast().seq());
    }
  }

  private void catchUp(LaneKey key, long head) {
    for (long last = seen.getOrDefault(key, 0L); last < head; last = seen.getOrDefault(key, 0L)) {
      List<StoredEvent> events = log.read(key, last, PAGE);
      if (events.isEmpty()) {
        // Retention has removed them.
        seen.put(key, head);
        return;
      }
      deliver(key, events);
    }
  }

  private void deliver(LaneKey key, List<StoredEvent> events) {
    seen.put(key, events.getLast().seq());
    for (Consumer<List<StoredEvent>> listener : listeners) {
      try {
        listener.accept(events);
      } catch (RuntimeException e) {
        LOG.warnf(e, "tail: a listener failed on lane %d of tenant %s", key.lane(), key.tenant());
      }
    }
  }
}
