package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.LaneKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The latest events of every tenant in memory, in the order in which this process came to know them: what sockets and
/// waiting readers are served from, so that a thousand that wait for one event do not ask the database a thousand times.
/// Bounded in bytes for all tenants, and in events for each. Any number of threads may use it.
public final class Recent implements Tail.Listener {
  // Who comes after others that were cut off at the same moment has a cursor that is a little
  // older.
  private static final int MARGIN = 64;

  private final EventLog log;
  private final long mostBytes;
  private final int mostEvents;
  private final Map<TenantId, Ring> rings = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /// One entry for each event in the order of coming; says whose oldest one goes when the bytes are used up.
  private final Queue<Ring> ages = new ConcurrentLinkedQueue<>();

  private final List<Consumer<TenantId>> followers = new CopyOnWriteArrayList<>();

  /// What [#reach] found.
  public enum Reached {
    /// Everything after the place is in memory.
    YES,
    /// It is more than is kept in memory.
    TOO_FAR,
    /// Retention has deleted some of it.
    DELETED
  }

  /// A moment in this process's order of a tenant's events.
  ///
  /// @param index grows by one with each event
  /// @param place of the log, before the event of that index
  public record Moment(long index, Place place) {}

  /// Keeps at most about `mostBytes` of all tenants, and `mostEvents` of one.
  public Recent(EventLog log, long mostBytes, int mostEvents) {
    this.log = log;
    this.mostBytes = mostBytes;
    this.mostEvents = mostEvents;
  }

  /// Calls `follower` when a tenant has more events, on the tail's thread: it must not block.
  public void follow(Consumer<TenantId> follower) {
    followers.add(follower);
  }

  @Override
  public void started(Map<TenantId, Place> places) {
    places.forEach((tenant, place) -> rings.put(tenant, new Ring(place)));
  }

  @Override
  public void events(List<StoredEvent> batch) {
    TenantId tenant = batch.getFirst().tenantId();
    Ring ring = ring(tenant);
    for (StoredEvent event : batch) {
      bytes.addAndGet(ring.append(event, mostEvents));
      ages.add(ring);
    }
    while (bytes.get() > mostBytes) {
      Ring oldest = ages.poll();
      if (oldest == null) {
        break;
      }
      bytes.addAndGet(-oldest.age());
    }
    followers.forEach(follower -> follower.accept(tenant));
  }

  @Override
  public void skipped(LaneKey key, long seq) {
    Ring ring = ring(key.tenant());
    bytes.addAndGet(-ring.skip(key.lane(), seq));
    followers.forEach(follower -> follower.accept(key.tenant()));
  }

  private Ring ring(TenantId tenant) {
    return rings.computeIfAbsent(tenant, _ -> new Ring(Place.START));
  }

  /// Now: the moment before the next event.
  public Moment now(TenantId tenant) {
    return ring(tenant).end();
  }

  /// Up to `most` events from a moment's index on, in order; null when some of them are no longer in memory.
  public @Nullable List<Tailed> from(TenantId tenant, long index, int most) {
    return ring(tenant).from(index, most);
  }

  /// Up to `most` events after a place that come before the index, in order; null when some of them are not in memory.
  /// `scan[0]` is where to begin to look, and is moved on; begin with `Long.MIN_VALUE`.
  public @Nullable List<Tailed> after(
      TenantId tenant, Place place, long before, long[] scan, int most) {
    return ring(tenant).after(place, before, scan, most);
  }

  /// Makes what comes after a place available in memory, if it is little enough; for any number of callers at the same
  /// time with one query, or very few. Blocking.
  public Reached reach(TenantId tenant, Place place) {
    Ring ring = ring(tenant);
    if (ring.covers(place)) {
      return Reached.YES;
    }
    ring.loading.lock();
    try {
      while (!ring.covers(place)) {
        Place start = ring.start();
        int room = ring.room(mostEvents);
        if (place.distanceTo(start) > room) {
          return Reached.TOO_FAR;
        }
        Place wanted = withMargin(place, start, room);
        var found = log.readBetween(tenant, wanted, start, mostEvents);
        Place reached = unbroken(found, start);
        if (!place.least(start).reaches(reached)) {
          return Reached.DELETED;
        }
        List<StoredEvent> older = merge(found, reached);
        ring.prepend(start, reached, older)
            .ifPresent(
                weight -> {
                  bytes.addAndGet(weight);
                  older.forEach(_ -> ages.add(ring));
                });
      }
      return Reached.YES;
    } finally {
      ring.loading.unlock();
    }
  }

  private static Place withMargin(Place place, Place start, int room) {
    long[] seqs = place.least(start).seqs();
    long left = room - place.distanceTo(start);
    for (int lane = 0; lane < seqs.length; lane++) {
      long back = Math.min(Math.min(MARGIN, seqs[lane]), left / (seqs.length - lane));
      seqs[lane] -= back;
      left -= back;
    }
    return Place.of(seqs);
  }

  /// How far back the events lead from `start` without a gap; drops what lies before one.
  private static Place unbroken(Map<Integer, List<StoredEvent>> found, Place start) {
    long[] seqs = start.seqs();
    found.forEach(
        (lane, events) -> {
          for (StoredEvent event : events.reversed()) {
            if (event.seq() != seqs[lane]) {
              break;
            }
            seqs[lane]--;
          }
        });
    return Place.of(seqs);
  }

  /// Events of all lanes after a place in one order: by time, as far as the order inside the lanes allows.
  public static List<StoredEvent> merge(Map<Integer, List<StoredEvent>> lanes, Place after) {
    record Front(List<StoredEvent> events, int index) {
      StoredEvent event() {
        return events.get(index);
      }
    }
    var fronts =
        new PriorityQueue<Front>(
            Comparator.comparing(Front::event, Comparator.comparing(StoredEvent::time)));
    var merged = new ArrayList<StoredEvent>();
    for (List<StoredEvent> events : lanes.values()) {
      List<StoredEvent> wanted = events.stream().filter(event -> !after.isPast(event)).toList();
      if (!wanted.isEmpty()) {
        fronts.add(new Front(wanted, 0));
      }
    }
    while (!fronts.isEmpty()) {
      Front front = fronts.remove();
      merged.add(front.event());
      if (front.index() + 1 < front.events().size()) {
        fronts.add(new Front(front.events(), front.index() + 1));
      }
    }
    return merged;
  }

  /// Bytes that are in use, for metrics.
  public long bytes() {
    return bytes.get();
  }
}
