package dev.parley.platform.lanes;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Works on the lanes that this process owns: one thread at a time for each tenant's lane, tenants
/// in turn.
///
/// Work is found by polling; hints only make it start sooner. Turns are short (one batch), and a
/// tenant with a long backlog goes to the end of the row after each, so it does not hold up the
/// others.
public final class LaneEngine {
  private static final Logger LOG = Logger.getLogger(LaneEngine.class);

  private final String name;
  private final Leases leases;
  private final LaneSource source;
  private final Semaphore workers;
  private final long pollNanos;
  private final Set<LaneKey> hinted = ConcurrentHashMap.newKeySet();
  private final Set<LaneKey> busy = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  /// `name` is that of the leases; at most `workers` turns run at a time.
  public LaneEngine(String name, Leases leases, LaneSource source, int workers, Duration poll) {
    this.name = name;
    this.leases = leases;
    this.source = source;
    this.workers = new Semaphore(workers, true);
    this.pollNanos = poll.toNanos();
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
    while (!busy.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  /// Says that there may be work; cheap, and may be called from any thread.
  public void hint(LaneKey key) {
    if (running && hinted.add(key)) {
      wake();
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
        // A poll over a long backlog takes time; it never takes more than a tenth of all time.
        nextPoll = System.nanoTime() + Math.max(pollNanos, 10 * (System.nanoTime() - now));
      }
      for (LaneKey key : List.copyOf(hinted)) {
        if (!busy.contains(key)) {
          hinted.remove(key);
          begin(key);
        }
      }
      if (hinted.stream().allMatch(busy::contains)) {
        LockSupport.parkNanos(Math.max(1, nextPoll - System.nanoTime()));
      }
    }
  }

  private void poll() {
    try {
      Set<Integer> lanes = leases.held(name).keySet();
      if (!lanes.isEmpty()) {
        hinted.addAll(source.ready(lanes));
      }
    } catch (RuntimeException e) {
      LOG.warnf("%s: cannot look for work: %s", name, e.getMessage());
    }
  }

  private void begin(LaneKey key) {
    Fence fence = leases.held(name).get(key.lane());
    if (fence == null) {
      return;
    }
    busy.add(key);
    Thread.ofVirtual().name("lane-" + name + "-" + key.lane()).start(() -> turn(key, fence));
  }

  private void turn(LaneKey key, Fence fence) {
    boolean more = false;
    workers.acquireUninterruptibly();
    try {
      more = source.drain(key, fence);
    } catch (Fence.Lost e) {
      LOG.infof("%s: %s", name, e.getMessage());
    } catch (RuntimeException e) {
      LOG.warnf(e, "%s: lane %d of tenant %s", name, key.lane(), key.tenant());
    } finally {
      workers.release();
      busy.remove(key);
      if (more) {
        hinted.add(key);
      }
      wake();
    }
  }
}
