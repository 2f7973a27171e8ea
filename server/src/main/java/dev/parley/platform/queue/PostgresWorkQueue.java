package dev.parley.platform.queue;

import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.lanes.LaneEngine;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.LaneSource;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// The work queue in PostgreSQL: the embedded default. An item is a row, deleted in the transaction
/// of its effect.
public final class PostgresWorkQueue implements WorkQueue {
  private static final Logger LOG = Logger.getLogger(PostgresWorkQueue.class);
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

  final TenantDb db;
  private final SystemDb system;
  final Leases leases;
  final Settings settings;
  final Map<String, LaneEngine> engines = new ConcurrentHashMap<>();
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
    return consume(queue, Duration.ZERO, handler);
  }

  /// [#consume(String, BatchHandler)] of items that wait for `pause`, so that what comes meanwhile is handled with them.
  public Consumption consume(String queue, Duration pause, BatchHandler handler) {
    return consumption(queue, pause, new Batches(this, queue, handler), () -> {}, _ -> {});
  }

  @Override
  public Consumption consume(String queue, int parallel, int each, ItemHandler handler) {
    var singles = new Singles(this, queue, new Semaphore(parallel, true), each, handler);
    return consumption(queue, Duration.ZERO, singles, singles::open, singles::close);
  }

  private Consumption consumption(
      String queue, Duration pause, LaneSource source, Runnable open, Consumer<Duration> close) {
    var engine = new LaneEngine(queue, leases, source, settings.workers(), settings.poll(), pause);
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

  Duration pause(int attempts) {
    long millis = settings.firstPause().toMillis() << Math.min(attempts - 1, 20);
    return millis > LONGEST_PAUSE.toMillis() ? LONGEST_PAUSE : Duration.ofMillis(millis);
  }

  /// Parks the key of an item that failed, or buries the item when that was its last try.
  void failed(Tx tx, WorkItem item, Duration pause, String cause, boolean last) {
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
  Collection<LaneKey> ready(String queue, Set<Integer> lanes) {
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

  List<WorkItem> waiting(Tx tx, String queue, LaneKey key, List<String> except) {
    return QueueStore.waiting(
        tx.sql(), tx.tenant(), queue, Map.of(key.lane(), Floors.FRONT), except, settings.batch());
  }

  static String cause(Throwable e) {
    return e instanceof Unprocessable ? String.valueOf(e.getMessage()) : e.toString();
  }

  static Trace trace(WorkItem item) {
    return new Trace(item.correlationId(), item.traceparent(), null);
  }
}
