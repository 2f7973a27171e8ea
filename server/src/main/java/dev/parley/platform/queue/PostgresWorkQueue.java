package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.lanes.Fence;
import dev.parley.platform.lanes.LaneEngine;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.LaneSource;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// The work queue in PostgreSQL: the embedded default. An item is a row, deleted in the transaction
/// of its effect.
public final class PostgresWorkQueue implements WorkQueue {
  private static final Logger LOG = Logger.getLogger(PostgresWorkQueue.class);
  private static final int KEYS_UNDER_WAY = 32;
  private static final long LONGEST_REST = Duration.ofSeconds(5).toNanos();
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// How a process works on queues.
  ///
  /// @param batch most items in one transaction, or 25 of each lane where it takes several lanes
  /// @param tries how often an item may fail
  /// @param workers lanes of one queue worked on at a time
  /// @param poll how often to look for work that nobody hinted at
  /// @param firstPause before the second try; doubled with each further one, up to five minutes
  public record Settings(int batch, int tries, int workers, Duration poll, Duration firstPause) {}

  private final TenantDb db;
  private final SystemDb system;
  private final Leases leases;
  private final Settings settings;
  private final Map<String, LaneEngine> engines = new ConcurrentHashMap<>();
  private final Object look = new Object();
  // Both guarded by `look`.
  private List<QueueStore.Waiting> ready = List.of();
  private long nextLook = System.nanoTime();

  /// Works through these doors, on lanes owned through `leases`.
  public PostgresWorkQueue(TenantDb db, SystemDb system, Leases leases, Settings settings) {
    this.db = db;
    this.system = system;
    this.leases = leases;
    this.settings = settings;
  }

  @Override
  public void publish(Tx tx, List<WorkItem> items) {
    if (items.isEmpty()) {
      return;
    }
    QueueStore.insert(tx.sql(), items);
    tx.afterCommit(() -> hint(items));
  }

  /// Says that these items are there; the consumer in this process starts at once.
  public void hint(List<WorkItem> items) {
    for (WorkItem item : items) {
      LaneEngine engine = engines.get(item.queue());
      if (engine != null) {
        engine.hint(new LaneKey(item.tenant(), item.lane()));
      }
    }
  }

  /// Which of these keys have items in the queue, as the transaction sees it.
  public Set<String> present(Tx tx, String queue, List<String> keys) {
    return new HashSet<>(QueueStore.present(tx.sql(), tx.tenant(), queue, keys));
  }

  @Override
  public Consumption consume(String queue, BatchHandler handler) {
    return consumption(queue, new Batches(queue, handler), () -> {}, _ -> {});
  }

  @Override
  public Consumption consume(String queue, int parallel, int each, ItemHandler handler) {
    var singles = new Singles(queue, new Semaphore(parallel, true), each, handler);
    return consumption(queue, singles, singles::open, singles::close);
  }

  private Consumption consumption(
      String queue, LaneSource source, Runnable open, Consumer<Duration> close) {
    var engine =
        new LaneEngine(queue, leases, source, settings.workers(), settings.poll(), Duration.ZERO);
    if (engines.putIfAbsent(queue, engine) != null) {
      throw new IllegalStateException(queue + " has a consumer already");
    }
    return new Consumption() {
      @Override
      public void start() {
        open.run();
        engine.start();
      }

      @Override
      public void stop(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        engine.stop(patience);
        close.accept(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    };
  }

  private Duration pause(int attempts) {
    long millis = settings.firstPause().toMillis() << Math.min(attempts - 1, 20);
    return millis > LONGEST_PAUSE.toMillis() ? LONGEST_PAUSE : Duration.ofMillis(millis);
  }

  /// Parks the key of an item that failed, or buries the item when that was its last try.
  private void failed(Tx tx, WorkItem item, Duration pause, String cause, boolean last) {
    int attempts = item.attempts() + 1;
    if (last || attempts >= settings.tries()) {
      LOG.warnf(
          "%s: item %s is a dead letter after %d tries: %s",
          item.queue(), item.dedupKey(), attempts, cause);
      // Another process may have finished it meanwhile.
      if (QueueStore.delete(tx.sql(), item.tenant(), item.queue(), List.of(item)) > 0) {
        Metrics.counter("parley.errors", "tenant", item.tenant().toString(), "kind", "dead-letter")
            .increment();
        DeadLetters.bury(tx, item, cause, attempts);
      }
      QueueStore.unpark(tx.sql(), item.tenant(), item.queue(), List.of(item.key()));
    } else {
      LOG.infof("%s: item %s failed, try %d: %s", item.queue(), item.dedupKey(), attempts, cause);
      QueueStore.park(tx.sql(), item, pause, attempts, cause);
    }
  }

  /// What is waiting for the consumers in this process, looked up for all of them at once and not by each.
  private Collection<LaneKey> ready(String queue, Set<Integer> lanes) {
    synchronized (look) {
      long now = System.nanoTime();
      if (now - nextLook >= 0) {
        ready = system.query(sql -> QueueStore.ready(sql, engines.keySet()));
        // Over a long backlog it takes time; it takes no more than a fortieth of all time. One that
        // stood still with the
        // database does not keep the next one waiting for a minute.
        long took = System.nanoTime() - now;
        nextLook =
            System.nanoTime()
                + Math.max(settings.poll().toNanos() / 2, Math.min(40 * took, LONGEST_REST));
      }
      return ready.stream()
          .filter(w -> w.queue().equals(queue) && lanes.contains(w.lane().lane()))
          .map(QueueStore.Waiting::lane)
          .toList();
    }
  }

  private List<WorkItem> waiting(Tx tx, String queue, LaneKey key, List<String> except) {
    return QueueStore.waiting(
        tx.sql(), tx.tenant(), queue, Map.of(key.lane(), Floors.FRONT), except, settings.batch());
  }

  private static String cause(Throwable e) {
    return e instanceof Unprocessable ? String.valueOf(e.getMessage()) : e.toString();
  }

  private static Trace trace(WorkItem item) {
    return new Trace(item.correlationId(), item.traceparent(), null);
  }

  /// Effects inside the transaction: a batch is one transaction, of all lanes that have work. What fails in it is found
  /// by going lane by lane, and then one by one.
  private final class Batches implements LaneSource {
    // With fewer of each lane many lanes would be as slow as one by one.
    private static final int LEAST_OF_LANE = 25;

    private final String queue;
    private final BatchHandler handler;
    private final Floors floors = new Floors(settings.poll());

    Batches(String queue, BatchHandler handler) {
      this.queue = queue;
      this.handler = handler;
    }

    @Override
    public Collection<LaneKey> ready(Set<Integer> lanes) {
      return PostgresWorkQueue.this.ready(queue, lanes);
    }

    @Override
    public Set<Integer> drain(TenantId tenant, Collection<Fence> fences) {
      try {
        return db.inTenant(tenant, tx -> batch(tx, fences));
      } catch (Fence.Lost e) {
        throw e;
      } catch (RuntimeException e) {
        if (SqlFailure.isUnavailable(e)) {
          throw e;
        }
        LOG.debugf(e, "%s: a batch failed", queue);
        if (fences.size() == 1) {
          Fence fence = fences.iterator().next();
          return oneByOne(new LaneKey(tenant, fence.lane()), fence)
              ? Set.of(fence.lane())
              : Set.of();
        }
        var more = new HashSet<Integer>();
        fences.forEach(fence -> more.addAll(drain(tenant, List.of(fence))));
        return more;
      }
    }

    /// Answers the lanes that had as many items as were asked for.
    private Set<Integer> batch(Tx tx, Collection<Fence> fences) {
      Fence.hold(tx, fences);
      int each =
          Math.max(Math.min(LEAST_OF_LANE, settings.batch()), settings.batch() / fences.size());
      var from = new TreeMap<Integer, Floors.Floor>();
      fences.forEach(f -> from.put(f.lane(), floors.of(new LaneKey(tx.tenant(), f.lane()))));
      Instant at = Instant.now();
      long begun = System.nanoTime();
      List<WorkItem> items =
          QueueStore.waiting(tx.sql(), tx.tenant(), queue, from, List.of(), each);
      long took = System.nanoTime() - begun;
      Map<Integer, List<WorkItem>> byLane =
          items.stream().collect(Collectors.groupingBy(WorkItem::lane));
      var more = new HashSet<Integer>();
      var last = new HashMap<Integer, UUID>();
      byLane.forEach(
          (lane, of) -> {
            if (of.size() == each) {
              more.add(lane);
              last.put(lane, of.getLast().id());
            }
          });
      tx.afterCommit(
          () ->
              from.forEach(
                  (lane, floor) ->
                      floors.passed(
                          new LaneKey(tx.tenant(), lane), floor, last.get(lane), at, took)));
      if (!items.isEmpty()) {
        finish(tx, items);
        tx.afterCommit(CrashPoint.EFFECT_COMMITTED::reached);
      }
      return more;
    }

    private void finish(Tx tx, List<WorkItem> items) {
      trace(items.getFirst())
          .call(
              tx.tenant().toString(),
              () -> {
                handler.handle(tx, items);
                return items;
              });
      QueueStore.delete(tx.sql(), tx.tenant(), queue, items);
      List<String> tried =
          items.stream().filter(item -> item.attempts() > 0).map(WorkItem::key).distinct().toList();
      if (!tried.isEmpty()) {
        QueueStore.unpark(tx.sql(), tx.tenant(), queue, tried);
      }
    }

    private boolean oneByOne(LaneKey key, Fence fence) {
      floors.forget(key);
      List<WorkItem> items = db.inTenant(key.tenant(), tx -> waiting(tx, queue, key, List.of()));
      var stuck = new HashSet<String>();
      var begun = new HashSet<String>();
      for (WorkItem next : items) {
        if (stuck.contains(next.key())) {
          continue;
        }
        // Failures that are on record are those of the key's first item.
        WorkItem item = begun.add(next.key()) ? next : next.untried();
        try {
          db.runInTenant(
              key.tenant(),
              tx -> {
                fence.hold(tx);
                finish(tx, List.of(item));
              });
        } catch (Fence.Lost e) {
          throw e;
        } catch (RuntimeException e) {
          if (SqlFailure.isUnavailable(e)) {
            throw e;
          }
          LOG.debugf(e, "%s: item %s", queue, item.dedupKey());
          boolean last = e instanceof Unprocessable;
          db.runInTenant(
              key.tenant(),
              tx -> {
                fence.hold(tx);
                failed(tx, item, pause(item.attempts() + 1), cause(e), last);
              });
          if (!last) {
            stuck.add(item.key());
          }
        }
      }
      return items.size() == settings.batch();
    }
  }

  /// Effects on the outside: each key on a thread of its own, the first item of a key at a time.
  private final class Singles implements LaneSource {
    private final String queue;
    private final Semaphore parallel;
    private final int each;
    private final ItemHandler handler;
    private final Map<TenantId, Semaphore> shares = new ConcurrentHashMap<>();
    private final Map<LaneKey, Set<String>> underWay = new ConcurrentHashMap<>();
    private volatile boolean open;

    Singles(String queue, Semaphore parallel, int each, ItemHandler handler) {
      this.queue = queue;
      this.parallel = parallel;
      this.each = each;
      this.handler = handler;
    }

    void open() {
      open = true;
    }

    /// Begins no item any more, and waits for those under way.
    void close(Duration patience) {
      open = false;
      long deadline = System.nanoTime() + patience.toNanos();
      while (underWay.values().stream().anyMatch(keys -> !keys.isEmpty())
          && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(5_000_000);
      }
    }

    @Override
    public Collection<LaneKey> ready(Set<Integer> lanes) {
      return PostgresWorkQueue.this.ready(queue, lanes);
    }

    @Override
    public Set<Integer> drain(TenantId tenant, Collection<Fence> fences) {
      return fences.stream()
          .filter(fence -> drain(new LaneKey(tenant, fence.lane()), fence))
          .map(Fence::lane)
          .collect(Collectors.toSet());
    }

    private boolean drain(LaneKey key, Fence fence) {
      Set<String> busy = underWay.computeIfAbsent(key, _ -> ConcurrentHashMap.newKeySet());
      if (busy.size() >= KEYS_UNDER_WAY) {
        return false;
      }
      List<String> except = List.copyOf(busy);
      List<WorkItem> items =
          db.inTenant(
              key.tenant(),
              tx -> {
                fence.hold(tx);
                return waiting(tx, queue, key, except);
              });
      for (WorkItem item : items) {
        if (busy.size() < KEYS_UNDER_WAY && busy.add(item.key())) {
          Thread.ofVirtual().name(queue).start(() -> single(key, item, busy, fence));
        }
      }
      // Behind many items of few keys there may be other keys.
      return items.size() == settings.batch() && busy.size() < KEYS_UNDER_WAY;
    }

    private void single(LaneKey key, WorkItem item, Set<String> busy, Fence fence) {
      // The tenant's share first: who waits for it keeps nobody else from working.
      Semaphore share = shares.computeIfAbsent(item.tenant(), _ -> new Semaphore(each, true));
      share.acquireUninterruptibly();
      parallel.acquireUninterruptibly();
      trace(item).enter(item.tenant().toString());
      boolean concluded = false;
      try {
        // It may have waited long for its turn, and the lane may have another owner by now.
        if (open && fence.equals(leases.held(queue).get(key.lane()))) {
          perform(key, item);
          concluded = true;
        }
      } catch (RuntimeException e) {
        LOG.warnf("%s: item %s stays: %s", queue, item.dedupKey(), e);
      } finally {
        Trace.leave();
        parallel.release();
        share.release();
        busy.remove(item.key());
        LaneEngine engine = engines.get(queue);
        // What could not be concluded is found by the next poll, not at once and over and over.
        if (engine != null && concluded) {
          engine.hint(key);
        }
      }
    }

    private void perform(LaneKey key, WorkItem item) {
      Outcome outcome;
      try {
        outcome = handler.handle(item);
      } catch (Unprocessable e) {
        db.runInTenant(key.tenant(), tx -> failed(tx, item, Duration.ZERO, cause(e), true));
        return;
      } catch (RuntimeException e) {
        if (SqlFailure.isUnavailable(e)) {
          throw e;
        }
        LOG.warnf(e, "%s: item %s", queue, item.dedupKey());
        outcome = new Outcome.Failed(pause(item.attempts() + 1), cause(e), _ -> {});
      }
      conclude(key, item, outcome);
    }

    private void conclude(LaneKey key, WorkItem item, Outcome outcome) {
      db.runInTenant(
          key.tenant(),
          tx -> {
            outcome.effect().accept(tx);
            CrashPoint.SEND_STORED.reached();
            switch (outcome) {
              case Outcome.Done _ -> {
                QueueStore.delete(tx.sql(), key.tenant(), queue, List.of(item));
                // It may have been told to wait, which is no try.
                QueueStore.unpark(tx.sql(), key.tenant(), queue, List.of(item.key()));
              }
              case Outcome.Later later ->
                  QueueStore.park(tx.sql(), item, later.pause(), item.attempts(), "waiting");
              case Outcome.Failed failed -> failed(tx, item, failed.pause(), failed.cause(), false);
            }
          });
    }
  }
}
