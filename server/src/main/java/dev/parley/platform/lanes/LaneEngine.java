package dev.parley.platform.lanes;

import dev.parley.platform.access.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Works on the lanes that this process owns: one thread at a time for each tenant's lane, tenants
/// in turn.
///
/// Work is found by polling; hints only make it start sooner. A turn takes all of a tenant's lanes that have work and
/// that no other turn has, so that the less often turns come, the more each does at once. Turns are short (one batch),
/// a tenant has at most half of them, and goes to the end of the row after each: one with a long backlog does not hold
/// up the others.
public final class LaneEngine {
  private static final Logger LOG = Logger.getLogger(LaneEngine.class);

  private static final long LONGEST_REST = Duration.ofSeconds(5).toNanos();

  private final String name;
  private final Leases leases;
  private final LaneSource source;
  private final Semaphore workers;
  private final int turnsOfTenant;
  private final long pollNanos;
  private final ToLongFunction<TenantId> pauseNanos;
  // Guarded by itself. Tenants that have nothing to do are not in it.
  private final Map<TenantId, Row> rows = new LinkedHashMap<>();
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  /// What a tenant has to do.
  private static final class Row {
    private final Set<Integer> hinted = new HashSet<>();
    private final Set<Integer> busy = new HashSet<>();
    private int turns;
    // When the turn for the lanes that were hinted may begin.
    private long due;

    private void add(int lane, long at) {
      if (hinted.isEmpty() || at - due < 0) {
        due = at;
      }
      hinted.add(lane);
    }
  }

  private record Turn(TenantId tenant, Set<Integer> lanes) {}

  /// `name` is that of the leases; at most `workers` turns run at a time. Work waits for `pause` before its turn begins,
  /// so that what comes meanwhile is done with it; what is left of a turn does not.
  public LaneEngine(
      String name, Leases leases, LaneSource source, int workers, Duration poll, Duration pause) {
    this(name, leases, source, workers, poll, _ -> pause);
  }

  /// As the other one, with a pause of each tenant's own, which is asked for under a lock.
  public LaneEngine(
      String name,
      Leases leases,
      LaneSource source,
      int workers,
      Duration poll,
      Function<TenantId, Duration> pause) {
    this.name = name;
    this.leases = leases;
    this.source = source;
    this.workers = new Semaphore(workers);
    this.turnsOfTenant = Math.max(1, workers / 2);
    this.pollNanos = poll.toNanos();
    this.pauseNanos = tenant -> pause.apply(tenant).toNanos();
  }

  /// Asks for the lanes and begins to work.
  public void start() {
    leases.want(name);
    running = true;
    thread = Thread.ofPlatform().daemon().name("lanes-" + name).start(this::loop);
  }

  /// Takes no new turns and waits up to `patience` for those under way.
  public void stop(Duration patience) {
    running = false;
    wake();
    long deadline = System.nanoTime() + patience.toNanos();
    while (isBusy() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private boolean isBusy() {
    synchronized (rows) {
      return rows.values().stream().anyMatch(row -> row.turns > 0);
    }
  }

  /// Says that there may be work; cheap, and may be called from any thread.
  public void hint(LaneKey key) {
    if (running && add(key, pauseNanos.applyAsLong(key.tenant()))) {
      wake();
    }
  }

  /// [#hint(LaneKey)] of work that waits for `pause` only.
  public void hint(LaneKey key, Duration pause) {
    if (running && add(key, pause.toNanos())) {
      wake();
    }
  }

  /// Answers whether the loop has to hear of it.
  private boolean add(LaneKey key, long pause) {
    synchronized (rows) {
      Row row = rows.computeIfAbsent(key.tenant(), _ -> new Row());
      boolean nothing = row.hinted.isEmpty();
      long before = row.due;
      boolean known = row.hinted.contains(key.lane());
      row.add(key.lane(), System.nanoTime() + pause);
      return nothing || !known || row.due != before;
    }
  }

  private void wake() {
    Thread known = thread;
    if (known != null) {
      LockSupport.unpark(known);
    }
  }

  private void loop() {
    long nextPoll = System.nanoTime();
    while (running) {
      long now = System.nanoTime();
      if (now - nextPoll >= 0) {
        poll();
        // A poll over a long backlog takes time; it takes no more than a fortieth of all time. One
        // that stood still with
        // the database does not keep the next one waiting for a minute.
        long rest = Math.min(40 * (System.nanoTime() - now), LONGEST_REST);
        nextPoll = System.nanoTime() + Math.max(pollNanos, rest);
      }
      while (workers.tryAcquire()) {
        Turn turn = next();
        if (turn == null) {
          workers.release();
          break;
        }
        begin(turn);
      }
      LockSupport.parkNanos(Math.max(1, Math.min(nextPoll - System.nanoTime(), nextTurn())));
    }
  }

  /// In how many nanoseconds somebody's pause ends.
  private long nextTurn() {
    synchronized (rows) {
      long now = System.nanoTime();
      return rows.values().stream()
          .filter(row -> !row.hinted.isEmpty())
          .mapToLong(row -> row.due - now)
          .filter(nanos -> nanos > 0)
          .min()
          .orElse(Long.MAX_VALUE);
    }
  }

  private void poll() {
    try {
      Set<Integer> lanes = leases.held(name).keySet();
      if (!lanes.isEmpty()) {
        source.ready(lanes).forEach(key -> add(key, pauseNanos.applyAsLong(key.tenant())));
      }
    } catch (RuntimeException e) {
      LOG.warnf("%s: cannot look for work: %s", name, e.getMessage());
    }
  }

  /// The turn of the foremost tenant that may have one, or null.
  private @Nullable Turn next() {
    synchronized (rows) {
      long now = System.nanoTime();
      for (Iterator<Map.Entry<TenantId, Row>> all = rows.entrySet().iterator(); all.hasNext(); ) {
        Map.Entry<TenantId, Row> entry = all.next();
        Row row = entry.getValue();
        var lanes = new HashSet<>(row.hinted);
        lanes.removeAll(row.busy);
        if (!lanes.isEmpty() && row.turns < turnsOfTenant && now - row.due >= 0) {
          row.hinted.removeAll(lanes);
          row.busy.addAll(lanes);
          row.turns++;
          all.remove();
          rows.put(entry.getKey(), row);
          return new Turn(entry.getKey(), lanes);
        }
      }
      return null;
    }
  }

  private void begin(Turn turn) {
    Map<Integer, Fence> held = leases.held(name);
    var fences = new ArrayList<Fence>();
    for (int lane : turn.lanes) {
      Fence fence = held.get(lane);
      if (fence != null) {
        fences.add(fence);
      }
    }
    if (fences.isEmpty()) {
      end(turn, Set.of());
    } else {
      Thread.ofVirtual().name("lanes-" + name).start(() -> take(turn, fences));
    }
  }

  private void take(Turn turn, List<Fence> fences) {
    var more = new HashSet<Integer>();
    try {
      more.addAll(drain(turn.tenant, fences));
    } catch (RuntimeException e) {
      LOG.warnf(e, "%s: lanes %s of tenant %s", name, turn.lanes, turn.tenant);
    } finally {
      end(turn, more);
      wake();
    }
  }

  private Collection<Integer> drain(TenantId tenant, List<Fence> fences) {
    try {
      return source.drain(tenant, fences);
    } catch (Fence.Lost e) {
      LOG.infof("%s: %s", name, e.getMessage());
      // Those that are still ours do not wait for the one that is not.
      var more = new ArrayList<Integer>();
      if (fences.size() > 1) {
        fences.forEach(fence -> more.addAll(drain(tenant, List.of(fence))));
      }
      return more;
    }
  }

  private void end(Turn turn, Set<Integer> more) {
    synchronized (rows) {
      Row row = rows.get(turn.tenant);
      if (row != null) {
        row.turns--;
        row.busy.removeAll(turn.lanes);
        long now = System.nanoTime();
        more.forEach(lane -> row.add(lane, now));
        if (row.hinted.isEmpty() && row.turns == 0) {
          rows.remove(turn.tenant);
        }
      }
    }
    workers.release();
  }
}
