package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.lanes.Fence;
import dev.parley.platform.lanes.LaneEngine;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.LaneSource;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.platform.telemetry.Trace;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Effects on the outside: each key on a thread of its own, the first item of a key at a time.
final class Singles implements LaneSource {
  private static final Logger LOG = Logger.getLogger(PostgresWorkQueue.class);
  private static final int KEYS_UNDER_WAY = 32;
  private static final long NEVER = -1;

  private final PostgresWorkQueue all;
  private final String queue;
  private final Semaphore parallel;
  private final int each;
  private final WorkQueue.ItemHandler handler;
  private final Map<TenantId, Semaphore> shares = new ConcurrentHashMap<>();
  private final Map<LaneKey, Busy> underWay = new ConcurrentHashMap<>();
  private volatile boolean open;

  /// What is under way in a lane.
  private static final class Busy {
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    // How often the lane was read, leaving out the keys under way at the time.
    private final AtomicLong reads = new AtomicLong();
  }

  /// @param parallel items at a time
  /// @param each of them at most for one tenant
  Singles(
      PostgresWorkQueue all,
      String queue,
      Semaphore parallel,
      int each,
      WorkQueue.ItemHandler handler) {
    this.all = all;
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
    while (underWay.values().stream().anyMatch(busy -> !busy.keys.isEmpty())
        && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public Collection<LaneKey> ready(Set<Integer> lanes) {
    return all.ready(queue, lanes);
  }

  @Override
  public Set<Integer> drain(TenantId tenant, Collection<Fence> fences) {
    return fences.stream()
        .filter(fence -> drain(new LaneKey(tenant, fence.lane()), fence))
        .map(Fence::lane)
        .collect(Collectors.toSet());
  }

  private boolean drain(LaneKey key, Fence fence) {
    Busy busy = underWay.computeIfAbsent(key, _ -> new Busy());
    // Before it is seen which keys are under way: whoever ends later looks again.
    long read = busy.reads.incrementAndGet();
    if (busy.keys.size() >= KEYS_UNDER_WAY) {
      return false;
    }
    List<String> except = List.copyOf(busy.keys);
    // Whether the lane is still ours is seen before each item; reading holds nothing.
    List<WorkItem> items = all.db.inTenant(key.tenant(), tx -> all.waiting(tx, queue, key, except));
    Map<String, Long> of =
        items.stream().collect(Collectors.groupingBy(WorkItem::key, Collectors.counting()));
    for (WorkItem item : items) {
      if (busy.keys.size() >= KEYS_UNDER_WAY) {
        // It is read again when one of those has ended.
        busy.reads.incrementAndGet();
        return false;
      }
      if (busy.keys.add(item.key())) {
        boolean last = of.getOrDefault(item.key(), 0L) == 1;
        Thread.ofVirtual()
            .name(queue)
            .start(() -> single(key, item, busy, last ? read : NEVER, fence));
      }
    }
    // Behind many items of few keys there may be other keys.
    return items.size() == all.settings.batch();
  }

  /// @param read the reading of the lane that found it; when it was the last one there is nothing more of this key
  private void single(LaneKey key, WorkItem item, Busy busy, long read, Fence fence) {
    // The tenant's share first: who waits for it keeps nobody else from working.
    Semaphore share = shares.computeIfAbsent(item.tenant(), _ -> new Semaphore(each, true));
    share.acquireUninterruptibly();
    parallel.acquireUninterruptibly();
    PostgresWorkQueue.trace(item).enter(item.tenant().toString());
    boolean concluded = false;
    try {
      // It may have waited long for its turn, and the lane may have another owner by now.
      if (open && fence.equals(all.leases.held(queue).get(key.lane()))) {
        perform(key, item);
        concluded = true;
      }
    } catch (RuntimeException e) {
      LOG.warnf("%s: item %s stays: %s", queue, item.dedupKey(), e);
    } finally {
      Trace.leave();
      parallel.release();
      share.release();
      busy.keys.remove(item.key());
      LaneEngine engine = all.engines.get(queue);
      // What could not be concluded is found by the next poll, not at once and over and over.
      if (engine != null && concluded && busy.reads.get() != read) {
        engine.hint(key);
      }
    }
  }

  private void perform(LaneKey key, WorkItem item) {
    WorkQueue.Outcome outcome;
    try {
      outcome = handler.handle(item);
    } catch (WorkQueue.Unprocessable e) {
      all.db.runInTenant(
          key.tenant(),
          tx -> all.failed(tx, item, Duration.ZERO, PostgresWorkQueue.cause(e), true));
      return;
    } catch (RuntimeException e) {
      if (SqlFailure.isUnavailable(e)) {
        throw e;
      }
      LOG.warnf(e, "%s: item %s", queue, item.dedupKey());
      outcome =
          new WorkQueue.Outcome.Failed(
              all.pause(item.attempts() + 1), PostgresWorkQueue.cause(e), _ -> {});
    }
    conclude(key, item, outcome);
  }

  private void conclude(LaneKey key, WorkItem item, WorkQueue.Outcome outcome) {
    all.db.runInTenant(
        key.tenant(),
        tx -> {
          outcome.effect().accept(tx);
          CrashPoint.SEND_STORED.reached();
          switch (outcome) {
            case WorkQueue.Outcome.Done _ -> {
              QueueStore.delete(tx.sql(), key.tenant(), queue, List.of(item));
              // It may have been told to wait, which is no try.
              QueueStore.unpark(tx.sql(), key.tenant(), queue, List.of(item.key()));
            }
            case WorkQueue.Outcome.Later later ->
                QueueStore.park(tx.sql(), item, later.pause(), item.attempts(), "waiting");
            case WorkQueue.Outcome.Failed failed ->
                all.failed(tx, item, failed.pause(), failed.cause(), false);
          }
        });
  }
}
