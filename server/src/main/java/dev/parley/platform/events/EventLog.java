package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import dev.parley.platform.telemetry.Trace;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The append-only log of what happened. Events are written in the transaction of the state that
/// they tell of; inside a lane their numbers have no gaps and none appears after a higher one was
/// seen.
public final class EventLog {
  private final TenantDb db;
  private final InstantSource clock;
  private final List<BiConsumer<LaneKey, List<StoredEvent>>> committed =
      new CopyOnWriteArrayList<>();

  /// Writes with times of `clock`.
  public EventLog(TenantDb db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /// Adds an event to the transaction. `lane` is that of the aggregate: events of one conversation
  /// must always come with the conversation's lane. The event is stored just before the commit.
  public void publish(Tx tx, int lane, DomainEvent event) {
    publish(tx, lane, event, Trace.current());
  }

  /// [#publish(Tx, int, DomainEvent)] for an event that another trace than the thread's has caused.
  public void publish(Tx tx, int lane, DomainEvent event, Trace trace) {
    EventType type = event.getClass().getAnnotation(EventType.class);
    if (type == null) {
      throw new IllegalArgumentException(event.getClass() + " has no @EventType");
    }
    tx.attachment(Pending.class, Pending::new)
        .add(lane, Ids.next(), type, event, clock.instant(), trace);
  }

  /// [#publish(Tx, int, DomainEvent)] in the lane of an aggregate that has none of its own.
  public void publish(Tx tx, UUID aggregate, DomainEvent event) {
    publish(tx, Lanes.of(tx.tenant(), aggregate.toString()), event);
  }

  /// Is told of each batch after its commit, in this process only and possibly out of order: a
  /// hint.
  public void onCommit(BiConsumer<LaneKey, List<StoredEvent>> listener) {
    committed.add(listener);
  }

  /// Up to `limit` events of a lane after a number, in order.
  public List<StoredEvent> read(LaneKey key, long afterSeq, int limit) {
    var rest = new EventStore.Span(key.lane(), afterSeq, Long.MAX_VALUE);
    return db.inTenant(
        key.tenant(), tx -> EventStore.within(tx.sql(), key.tenant(), List.of(rest), null, limit));
  }

  /// What comes after a place in each of a tenant's lanes, about `most` events: those of a lane in order, none left out
  /// between two that are there. `place[lane]` is the last number that is not wanted.
  public Map<Integer, List<StoredEvent>> readAll(TenantId tenant, long[] place, int most) {
    return db.inTenant(
        tenant,
        tx -> {
          List<EventStore.Span> spans =
              EventStore.heads(tx.sql(), tenant).entrySet().stream()
                  .map(h -> new EventStore.Span(h.getKey(), place[h.getKey()], h.getValue()))
                  .filter(span -> span.upTo() > span.after())
                  .toList();
          if (spans.isEmpty()) {
            return Map.of();
          }
          // Twice an even share, because lanes are not even.
          int each = Math.min(most, 20 + 2 * most / spans.size());
          return byLane(EventStore.within(tx.sql(), tenant, spans, null, each));
        });
  }

  /// What lies after one place and not after another, at most `most` events of each lane: those of a lane in order, none
  /// left out between two that are there. One statement.
  public Map<Integer, List<StoredEvent>> readBetween(
      TenantId tenant, Place from, Place to, int most) {
    List<EventStore.Span> spans =
        IntStream.range(0, Lanes.COUNT)
            .mapToObj(lane -> new EventStore.Span(lane, from.seq(lane), to.seq(lane)))
            .filter(span -> span.after() < span.upTo())
            .toList();
    return spans.isEmpty()
        ? Map.of()
        : byLane(db.inTenant(tenant, tx -> EventStore.within(tx.sql(), tenant, spans, null, most)));
  }

  private static Map<Integer, List<StoredEvent>> byLane(List<StoredEvent> events) {
    return events.stream()
        .collect(Collectors.groupingBy(StoredEvent::lane, TreeMap::new, Collectors.toList()));
  }

  /// The last number of each lane of a tenant that has any.
  public Map<Integer, Long> heads(TenantId tenant) {
    return db.inTenant(tenant, tx -> EventStore.heads(tx.sql(), tenant));
  }

  /// Deletes up to `limit` events older than `time`; answers how many there were. Readers whose
  /// cursor is older than what is left go on at the oldest event left.
  public int deleteBefore(TenantId tenant, Instant time, int limit) {
    return db.inTenant(
        tenant,
        tx -> EventStore.deleteBefore(tx.sql(), tenant, time.atOffset(ZoneOffset.UTC), limit));
  }

  /// Events of one transaction, waiting for their numbers.
  private final class Pending {
    private record Draft(UUID id, EventType type, DomainEvent event, Instant time, Trace trace) {}

    private final TreeMap<Integer, List<Draft>> lanes = new TreeMap<>();

    Pending(Tx tx) {
      tx.beforeCommit(this::write);
    }

    void add(int lane, UUID id, EventType type, DomainEvent event, Instant time, Trace trace) {
      lanes
          .computeIfAbsent(lane, _ -> new ArrayList<>())
          .add(new Draft(id, type, event, time, trace));
    }

    void write(Tx tx) {
      // Until they have their numbers, events are counted from the end of what this transaction
      // adds to the lane.
      var waiting = new ArrayList<StoredEvent>();
      lanes.forEach(
          (lane, drafts) -> {
            long after = drafts.size();
            for (Draft draft : drafts) {
              waiting.add(stored(draft, tx.tenant(), lane, --after));
            }
          });
      Map<Integer, Long> last = EventStore.append(tx.sql(), tx.tenant(), waiting);
      byLane(waiting)
          .forEach(
              (lane, events) -> {
                Long head = last.get(lane);
                if (head == null) {
                  throw new IllegalStateException("no number for lane " + lane);
                }
                List<StoredEvent> stored =
                    events.stream().map(event -> event.at(head - event.seq())).toList();
                var key = new LaneKey(tx.tenant(), lane);
                tx.afterCommit(() -> committed.forEach(listener -> listener.accept(key, stored)));
              });
    }

    private static StoredEvent stored(Draft draft, TenantId tenant, int lane, long seq) {
      @Nullable UUID cause = draft.trace().causationId();
      return new StoredEvent(
          draft.id(),
          draft.type().value(),
          draft.type().version(),
          tenant,
          draft.event().inProject(),
          draft.event().inConversation(),
          draft.time(),
          draft.trace().correlationId(),
          cause,
          lane,
          seq,
          draft.event().participantsOnly(),
          Json.write(draft.event()));
    }
  }
}
