package dev.parley.platform.lanes;

import dev.parley.platform.db.SystemDb;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The lanes that this process owns. Lanes are shared out evenly among the living processes that
/// want them; a process that gives no sign of life loses its lanes after the lease's life.
public final class Leases {
  private static final Logger LOG = Logger.getLogger(Leases.class);

  private final SystemDb db;
  private final UUID node;
  private final Duration life;
  private final List<String> wants = new CopyOnWriteArrayList<>();
  private volatile Map<String, Map<Integer, Fence>> held = Map.of();
  private volatile long heldUntil;
  private volatile boolean running;
  private @Nullable Thread thread;

  /// `node` must be this process's alone; a process that restarts may keep its id and then has its
  /// lanes at once.
  public Leases(SystemDb db, UUID node, Duration life) {
    this.db = db;
    this.node = node;
    this.life = life;
  }

  /// Asks for a share of the lanes of `name` from the next beat on.
  public void want(String name) {
    db.run(sql -> LeaseStore.addLanes(sql, name));
    wants.add(name);
    if (running) {
      beat();
    }
  }

  /// The lanes of `name` that this process owns now, with their fences; empty when the leases may
  /// have expired.
  public Map<Integer, Fence> held(String name) {
    return System.nanoTime() - heldUntil < 0 ? held.getOrDefault(name, Map.of()) : Map.of();
  }

  /// Starts beating: at once and then four times in a lease's life.
  public void start() {
    db.run(sql -> LeaseStore.reclaim(sql, node));
    running = true;
    heldUntil = System.nanoTime();
    beat();
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("leases")
            .start(
                () -> {
                  while (running) {
                    LockSupport.parkNanos(life.toNanos() / 4);
                    try {
                      if (running) {
                        beat();
                      }
                    } catch (RuntimeException e) {
                      LOG.warnf("cannot renew leases: %s", e.getMessage());
                    }
                  }
                });
  }

  /// Gives all lanes back, so that others have them at once.
  public void stop() {
    running = false;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
    leave();
  }

  /// Not while a beat is under way, which would take lanes again that nobody then gives back.
  private synchronized void leave() {
    held = Map.of();
    try {
      db.run(sql -> LeaseStore.leave(sql, node));
    } catch (RuntimeException e) {
      LOG.warnf("cannot give leases back, they will expire: %s", e.getMessage());
    }
  }

  private synchronized void beat() {
    if (!running) {
      return;
    }
    long started = System.nanoTime();
    List<Fence> fences =
        db.query(
            sql -> {
              LeaseStore.beat(sql, node, wants);
              LeaseStore.renew(sql, node, life);
              List<Fence> mine = LeaseStore.held(sql, node);
              for (String name : wants) {
                LeaseStore.balance(
                    sql,
                    node,
                    name,
                    (int) mine.stream().filter(f -> f.name().equals(name)).count(),
                    life);
              }
              return LeaseStore.held(sql, node);
            });
    var now = new HashMap<String, Map<Integer, Fence>>();
    for (Fence fence : fences) {
      now.computeIfAbsent(fence.name(), _ -> new HashMap<>()).put(fence.lane(), fence);
    }
    held = now;
    heldUntil = started + life.toNanos();
  }
}
