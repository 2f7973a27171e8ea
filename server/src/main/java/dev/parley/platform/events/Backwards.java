package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.lanes.Lanes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The event log from its end to its beginning, for people who look what has happened. Each step looks at a bounded
/// number of events, so that a filter that matches little does not read the whole log at once.
@Singleton
public final class Backwards {
  // Of each lane; with all lanes some 16,000 events.
  private static final int WINDOW = 1000;

  private final TenantDb db;

  /// Reads through `db`.
  public Backwards(TenantDb db) {
    this.db = db;
  }

  /// Which events; null does not narrow.
  ///
  /// @param type the type, or what stands before its dot
  /// @param from earliest time, included
  /// @param to latest time, excluded
  public record Filter(
      @Nullable String type,
      @Nullable UUID conversationId,
      @Nullable String correlationId,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /// Events, the latest first, and the place where to go on; null at the beginning of the log. There may be more although
  /// none was found.
  public record Found(List<StoredEvent> events, @Nullable Place next) {}

  /// One event that matches, or none, with what was looked at in its lane.
  record Row(int lane, long scanned, int looked, @Nullable StoredEvent event) {}

  /// Up to `limit` events before a place, or from the end where that is null.
  public Found read(TenantId tenant, Filter filter, @Nullable Place before, int limit) {
    return db.inTenant(
        tenant,
        tx -> {
          long[] place = new long[Lanes.COUNT];
          EventStore.heads(tx.sql(), tenant)
              .forEach(
                  (lane, head) ->
                      place[lane] =
                          before == null ? head + 1 : Math.min(head + 1, before.seq(lane)));
          var lanes = new ArrayList<Integer>();
          var seqs = new ArrayList<Long>();
          for (int lane = 0; lane < place.length; lane++) {
            if (place[lane] > 1) {
              lanes.add(lane);
              seqs.add(place[lane]);
            }
          }
          return lanes.isEmpty()
              ? new Found(List.of(), null)
              : step(
                  place,
                  EventStore.backwards(tx.sql(), tenant, lanes, seqs, filter, WINDOW, limit + 1),
                  limit);
        });
  }

  /// Takes the latest of all lanes. A lane goes on after the last of its events that was taken; where all that matched
  /// were taken, after what was looked at.
  private static Found step(long[] place, List<Row> rows, int limit) {
    List<StoredEvent> matching = new ArrayList<>();
    Map<Integer, Row> lanes = new HashMap<>();
    for (Row row : rows) {
      lanes.put(row.lane(), row);
      StoredEvent event = row.event();
      if (event != null) {
        matching.add(event);
      }
    }
    matching.sort(
        Comparator.comparing(StoredEvent::time)
            .thenComparingLong(StoredEvent::seq)
            .thenComparingInt(StoredEvent::lane)
            .reversed());
    List<StoredEvent> taken = withinOrder(matching, limit);
    boolean more = false;
    for (int lane = 0; lane < place.length; lane++) {
      Row row = lanes.get(lane);
      if (row == null) {
        place[lane] = 0;
        continue;
      }
      int here = lane;
      long left = matching.stream().filter(e -> e.lane() == here).count();
      long went = taken.stream().filter(e -> e.lane() == here).count();
      // With more than the limit in one lane, some that match were not even read.
      if (went < left || left > limit) {
        more = true;
        place[lane] =
            taken.stream()
                .filter(e -> e.lane() == here)
                .mapToLong(StoredEvent::seq)
                .min()
                .orElse(place[lane]);
      } else {
        place[lane] = row.scanned();
        more |= row.looked() == WINDOW;
      }
    }
    return new Found(taken, more ? Place.of(place) : null);
  }

  /// The first `limit`, with nothing of a lane left out between two of it: times may be equal or, by a clock that was
  /// set, even go back inside a lane.
  private static List<StoredEvent> withinOrder(List<StoredEvent> sorted, int limit) {
    var least = new HashMap<Integer, Long>();
    for (StoredEvent event : sorted.subList(0, Math.min(limit, sorted.size()))) {
      least.merge(event.lane(), event.seq(), Math::min);
    }
    return sorted.stream()
        .filter(event -> event.seq() >= least.getOrDefault(event.lane(), Long.MAX_VALUE))
        .toList();
  }
}
