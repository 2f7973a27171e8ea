package dev.parley.realtime;

import dev.parley.platform.access.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Everything of one event loop: its sessions, and for each tenant who follows what. Only the loop's own thread touches
/// it, so there are no locks on the way of a message; the others leave a mark and wake it, once for however many events
/// come before it runs.
final class Shard {
  private static final Logger LOG = Logger.getLogger(Shard.class);

  final ScheduledExecutorService loop;
  final Streams streams;

  private final Map<TenantId, TenantStream> tenants = new HashMap<>();

  /// The same tenants, for other threads.
  private final Set<TenantId> known = ConcurrentHashMap.newKeySet();

  private final Set<TenantId> marked = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final List<Session> written = new ArrayList<>();
  private final List<Session> doomed = new ArrayList<>();

  /// A session is looked at once in a turn of the wheel, which takes one heartbeat.
  private final List<List<Session>> wheel = new ArrayList<>();

  private int hand;

  Shard(ScheduledExecutorService loop, Streams streams) {
    this.loop = loop;
    this.streams = streams;
    long seconds = Math.max(1, streams.bounds().heartbeat().toSeconds());
    for (int i = 0; i < seconds; i++) {
      wheel.add(new ArrayList<>());
    }
    var _ = loop.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  /// From any thread: a tenant has more events.
  void more(TenantId tenant) {
    if (known.contains(tenant) && marked.add(tenant) && awake.compareAndSet(false, true)) {
      loop.execute(this::turn);
    }
  }

  /// From any thread: does something with a tenant's stream, if there is one here.
  void tell(TenantId tenant, Consumer<TenantStream> action) {
    if (known.contains(tenant)) {
      loop.execute(
          () -> {
            TenantStream stream = tenants.get(tenant);
            if (stream != null) {
              action.accept(stream);
              settle();
            }
          });
    }
  }

  TenantStream join(TenantId tenant) {
    // First known, then looked at: what comes in between is told.
    known.add(tenant);
    return tenants.computeIfAbsent(tenant, t -> new TenantStream(t, this));
  }

  void drop(TenantId tenant) {
    tenants.remove(tenant);
    known.remove(tenant);
  }

  private void turn() {
    awake.set(false);
    for (TenantId tenant : List.copyOf(marked)) {
      marked.remove(tenant);
      TenantStream stream = tenants.get(tenant);
      try {
        if (stream != null && stream.turn()) {
          // Others get their turn first.
          more(tenant);
        }
      } catch (RuntimeException e) {
        LOG.errorf(e, "the stream of tenant %s failed", tenant);
      }
    }
    settle();
  }

  /// Sends what was written, and closes what must be closed.
  void settle() {
    for (Session session : written) {
      session.flush();
    }
    written.clear();
    // Closing may tell others, who may be too slow for it.
    while (!doomed.isEmpty()) {
      List.copyOf(doomed)
          .forEach(
              session -> {
                doomed.remove(session);
                session.finish();
              });
    }
  }

  void wrote(Session session) {
    written.add(session);
  }

  void doom(Session session) {
    doomed.add(session);
  }

  void add(Session session) {
    // A whole turn until it is looked at first.
    wheel.get(hand).add(session);
    session.slot = hand;
  }

  void remove(Session session) {
    List<Session> slot = wheel.get(session.slot);
    int at = slot.indexOf(session);
    if (at >= 0) {
      Session last = slot.removeLast();
      if (at < slot.size()) {
        slot.set(at, last);
      }
    }
  }

  private void tick() {
    hand = (hand + 1) % wheel.size();
    for (Session session : List.copyOf(wheel.get(hand))) {
      try {
        session.beat();
      } catch (RuntimeException e) {
        LOG.errorf(e, "a heartbeat failed");
      }
    }
    settle();
  }

  /// All sessions, in no order.
  List<Session> sessions() {
    return wheel.stream().flatMap(List::stream).toList();
  }
}
