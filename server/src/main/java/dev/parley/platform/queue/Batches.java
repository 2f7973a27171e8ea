package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.Tx;
import dev.parley.platform.lanes.Fence;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.LaneSource;
import dev.parley.platform.roles.CrashPoint;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Effects inside the transaction: a batch is one transaction, of all lanes that have work. What fails in it is found
/// by going lane by lane, and then one by one.
final class Batches implements LaneSource {
  private static final Logger LOG = Logger.getLogger(PostgresWorkQueue.class);

  // With fewer of each lane many lanes would be as slow as one by one.
  private static final int LEAST_OF_LANE = 25;

  private final PostgresWorkQueue all;
  private final String queue;
  private final WorkQueue.BatchHandler handler;
  private final Floors floors;

  Batches(PostgresWorkQueue all, String queue, WorkQueue.BatchHandler handler) {
    this.all = all;
    this.queue = queue;
    this.handler = handler;
    this.floors = new Floors(all.settings.poll());
  }

  @Override
  public Collection<LaneKey> ready(Set<Integer> lanes) {
    return all.ready(queue, lanes);
  }

  @Override
  public Set<Integer> drain(TenantId tenant, Collection<Fence> fences) {
    try {
      return all.db.inTenant(tenant, tx -> batch(tx, fences));
    } catch (Fence.Lost e) {
      throw e;
    } catch (RuntimeException e) {
      if (SqlFailure.isUnavailable(e)) {
        throw e;
      }
      LOG.debugf(e, "%s: a batch failed", queue);
      if (fences.size() == 1) {
        Fence fence = fences.iterator().next();
        return oneByOne(new LaneKey(tenant, fence.lane()), fence) ? Set.of(fence.lane()) : Set.of();
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
        Math.max(
            Math.min(LEAST_OF_LANE, all.settings.batch()), all.settings.batch() / fences.size());
    var from = new TreeMap<Integer, Floors.Floor>();
    fences.forEach(f -> from.put(f.lane(), floors.of(new LaneKey(tx.tenant(), f.lane()))));
    Instant at = Instant.now();
    long begun = System.nanoTime();
    List<WorkItem> items = QueueStore.waiting(tx.sql(), tx.tenant(), queue, from, List.of(), each);
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
    PostgresWorkQueue.trace(items.getFirst())
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
    List<WorkItem> items =
        all.db.inTenant(key.tenant(), tx -> all.waiting(tx, queue, key, List.of()));
    var stuck = new HashSet<String>();
    var begun = new HashSet<String>();
    for (WorkItem next : items) {
      if (stuck.contains(next.key())) {
        continue;
      }
      // Failures that are on record are those of the key's first item.
      WorkItem item = begun.add(next.key()) ? next : next.untried();
      try {
        all.db.runInTenant(
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
        boolean last = e instanceof WorkQueue.Unprocessable;
        all.db.runInTenant(
            key.tenant(),
            tx -> {
              fence.hold(tx);
              all.failed(
                  tx, item, all.pause(item.attempts() + 1), PostgresWorkQueue.cause(e), last);
            });
        if (!last) {
          stuck.add(item.key());
        }
      }
    }
    return items.size() == all.settings.batch();
  }
}
