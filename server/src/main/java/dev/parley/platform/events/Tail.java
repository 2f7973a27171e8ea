package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads everything from now on, in every process that wants it: sockets and waiting readers. Each
/// lane's events come once and in order. What this process commits is seen at once; what others
/// commit at the next poll, or when a hint of theirs comes.
public final class Tail {
  private static final Logger LOG = Logger.getLogger(Tail.class);
  // A head is stamped with the time at which its transaction began, which may last this long.
  private static final int RECENT_SECONDS = 90;
  private static final int PAGE = 1000;

  /// Is told what comes, on the tail's own thread: it must not block.
  @FunctionalInterface
  public interface Listener {
    /// A batch of events of one lane, following on what came before.
    void events(List<StoredEvent> batch);

    /// The places of all tenants that have events, before anything else is told. A tenant that is missing is at the
    /// beginning of its log.
    default void started(Map<TenantId, Place> places) {}

    /// The lane goes on after `seq`: retention has deleted events that nobody here has read.
    default void skipped(LaneKey key, long seq) {}
  }

  /// `events` is empty when only the number is known.
  private record Hint(LaneKey key, long seq, List<StoredEvent> events) {}

  private final EventLog log;
  private final SystemDb db;
  private final long pollNanos;
  private final BlockingQueue<Hint> hints = new LinkedBlockingQueue<>(10_000);
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> stopping = new CopyOnWriteArrayList<>();
  private final Map<TenantId, Place> seen = new HashMap<>();
  private volatile boolean running;
  private @Nullable Thread thread;

  /// Reads `log`; looks for other processes' events every `poll`.
  public Tail(EventLog log, SystemDb db, Duration poll) {
    this.log = log;
    this.db = db;
    this.pollNanos = poll.toNanos();
  }

  /// Tells `listener` everything from the start on. To be called before [#start].
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /// Runs `action` when the tail stops: nothing comes any more, so nobody should go on waiting for it.
  public void onStop(Runnable action) {
    stopping.add(action);
  }

  /// Another process says that it has committed events up to `seq` in a lane: they are read at once. Any thread may
  /// call; a hint that is lost, late or wrong does no harm.
  public void hint(LaneKey key, long seq) {
    offer(new Hint(key, seq, List.of()));
  }

  private void offer(Hint hint) {
    // A full queue drops the hint: the poll finds the events.
    if (running && !hints.offer(hint)) {
      LOG.debugf("tail: a hint is dropped");
    }
  }

  /// Starts at the present heads of all lanes.
  public void start() {
    heads(Integer.MAX_VALUE).forEach((tenant, heads) -> seen.put(tenant, Place.of(heads)));
    listeners.forEach(listener -> listener.started(Map.copyOf(seen)));
    running = true;
    log.onCommit((key, events) -> offer(new Hint(key, events.getLast().seq(), events)));
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
          heads(recent).forEach(this::catchUp);
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

  private Map<TenantId, long[]> heads(int seconds) {
    var heads = new HashMap<TenantId, long[]>();
    db.query(sql -> EventStore.recentHeads(sql, seconds))
        .forEach(
            (key, seq) ->
                heads.computeIfAbsent(key.tenant(), _ -> new long[Lanes.COUNT])[key.lane()] = seq);
    return heads;
  }

  private Place place(TenantId tenant) {
    return seen.getOrDefault(tenant, Place.START);
  }

  private void take(Hint hint) {
    TenantId tenant = hint.key().tenant();
    int lane = hint.key().lane();
    long last = place(tenant).seq(lane);
    if (!hint.events().isEmpty() && hint.events().getFirst().seq() == last + 1) {
      deliver(hint.key(), hint.events());
    } else if (hint.seq() > last) {
      readOn(hint.key());
    }
  }

  /// Reads what is there, whatever the hint says: it may be wrong.
  private void readOn(LaneKey key) {
    List<StoredEvent> events;
    do {
      events = log.read(key, place(key.tenant()).seq(key.lane()), PAGE);
      if (!events.isEmpty()) {
        forward(key, events);
      }
    } while (events.size() == PAGE);
  }

  private void catchUp(TenantId tenant, long[] heads) {
    Place to = place(tenant).furthest(Place.of(heads));
    while (place(tenant).distanceTo(to) > 0) {
      Place from = place(tenant);
      Map<Integer, List<StoredEvent>> found = log.readBetween(tenant, from, to, PAGE);
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        var key = new LaneKey(tenant, lane);
        List<StoredEvent> events = found.getOrDefault(lane, List.of());
        if (!events.isEmpty()) {
          forward(key, events);
        } else if (from.seq(lane) < to.seq(lane)) {
          // The head is committed and its events are not there: retention has deleted them.
          skip(key, to.seq(lane));
        }
      }
    }
  }

  private void forward(LaneKey key, List<StoredEvent> events) {
    long next = place(key.tenant()).seq(key.lane()) + 1;
    if (events.getFirst().seq() > next) {
      skip(key, events.getFirst().seq() - 1);
    }
    deliver(key, events);
  }

  private void skip(LaneKey key, long seq) {
    seen.put(key.tenant(), place(key.tenant()).with(key.lane(), seq));
    tell(key, listener -> listener.skipped(key, seq));
  }

  private void deliver(LaneKey key, List<StoredEvent> events) {
    seen.put(key.tenant(), place(key.tenant()).after(events.getLast()));
    tell(key, listener -> listener.events(events));
  }

  private interface Telling {
    void to(Listener listener);
  }

  private void tell(LaneKey key, Telling telling) {
    for (Listener listener : listeners) {
      try {
        telling.to(listener);
      } catch (RuntimeException e) {
        LOG.warnf(e, "tail: a listener failed on lane %d of tenant %s", key.lane(), key.tenant());
      }
    }
  }
}
