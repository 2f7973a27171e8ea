package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.Fence;
import dev.parley.platform.lanes.LaneEngine;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.LaneSource;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.roles.CrashPoint;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Named readers of the event log with a durable place in it. Each event's effect happens once, in
/// order per lane, and the place moves in the transaction of the effect.
///
/// An event whose handler fails does not hold up the lane: it and the later events of its
/// conversation go to a work queue of the subscription's own, which retries, keeps their order, and
/// buries what never succeeds.
public final class Subscriptions {
  private static final Logger LOG = Logger.getLogger(Subscriptions.class);
  private static final int BATCH = 200;
  private static final int LEAST_OF_LANE = 25;
  private static final int TURNS = 2;

  /// How long events wait for others to be handled with them, unless the subscription says otherwise: a transaction for
  /// each event would keep a processor from those who are in a hurry.
  public static final Duration PAUSE = Duration.ofMillis(200);

  /// Handles events in the transaction that moves the subscription's place.
  public interface Handler {
    /// Whether it wants anything of the transaction's tenant now. Where it does not, events are passed over unread.
    default boolean wants(Tx tx) {
      return true;
    }

    /// All effects go through `tx`. The events are of one tenant and of one or several lanes, each lane's in order.
    void handle(Tx tx, List<StoredEvent> events);
  }

  private final EventLog log;
  private final TenantDb db;
  private final SystemDb system;
  private final Leases leases;
  private final PostgresWorkQueue queue;
  private final Duration poll;

  /// How long events wait for others to be handled with them.
  public interface Pace {
    /// Is asked for each commit and must not block.
    ///
    /// @param types those of the events that have come; empty when that is not known
    Duration of(TenantId tenant, Set<String> types);
  }

  /// Reads `log` on lanes owned through `leases`; failures go to `queue`.
  public Subscriptions(
      EventLog log,
      TenantDb db,
      SystemDb system,
      Leases leases,
      PostgresWorkQueue queue,
      Duration poll) {
    this.log = log;
    this.db = db;
    this.system = system;
    this.leases = leases;
    this.queue = queue;
    this.poll = poll;
  }

  /// Subscribes `handler` under `name` from the beginning of the log, or from where that name
  /// stopped last. It hears of events of these types only; of a type that is added later it hears from then on.
  public WorkQueue.Consumption subscribe(String name, Set<String> types, Handler handler) {
    return subscribe(name, types, handler, TURNS, (_, _) -> PAUSE);
  }

  /// [#subscribe(String, Set, Handler)] for events that wait as long as `pace` says; those of up to `turns` tenants are
  /// handled at a time.
  public WorkQueue.Consumption subscribe(
      String name, Set<String> types, Handler handler, int turns, Pace pace) {
    String failures = "events:" + name;
    var engine =
        new LaneEngine(
            "subscription:" + name,
            leases,
            new Source(name, types, failures, handler),
            turns,
            poll,
            tenant -> pace.of(tenant, Set.of()));
    WorkQueue.Consumption retries =
        queue.consume(
            failures,
            (tx, items) ->
                handler.handle(
                    tx, items.stream().map(i -> StoredEvent.parse(i.payload())).toList()));
    return new WorkQueue.Consumption() {
      @Override
      public void start() {
        log.onCommit(
            (key, events) -> {
              Set<String> wanted =
                  events.stream()
                      .map(StoredEvent::type)
                      .filter(types::contains)
                      .collect(Collectors.toSet());
              if (!wanted.isEmpty()) {
                engine.hint(key, pace.of(key.tenant(), wanted));
              }
            });
        engine.start();
        retries.start();
      }

      @Override
      public void stop(Duration patience) {
        engine.stop(patience);
        retries.stop(patience);
      }
    };
  }

  /// How many events each subscription has before it, over all tenants.
  public Map<String, Long> lags() {
    return system.query(EventStore::lags);
  }

  /// How many events of a tenant each subscription has before it.
  public Map<String, Long> lags(TenantId tenant) {
    return db.inTenant(tenant, tx -> EventStore.lags(tx.sql(), tenant));
  }

  private final class Source implements LaneSource {
    private final String name;
    private final Set<String> types;
    private final String failures;
    private final Handler handler;

    Source(String name, Set<String> types, String failures, Handler handler) {
      this.name = name;
      this.types = types;
      this.failures = failures;
      this.handler = handler;
    }

    @Override
    public Collection<LaneKey> ready(Set<Integer> lanes) {
      return system.query(sql -> EventStore.behind(sql, name, lanes));
    }

    @Override
    public Set<Integer> drain(TenantId tenant, Collection<Fence> fences) {
      int each = Math.max(LEAST_OF_LANE, BATCH / fences.size());
      try {
        return db.inTenant(tenant, tx -> step(tx, fences, each, false));
      } catch (Fence.Lost e) {
        throw e;
      } catch (RuntimeException e) {
        if (SqlFailure.isUnavailable(e)) {
          throw e;
        }
        LOG.debugf(e, "subscription %s: a batch failed", name);
        var more = new HashSet<Integer>();
        fences.forEach(
            fence ->
                more.addAll(
                    fences.size() > 1
                        ? drain(tenant, List.of(fence))
                        : single(tenant, List.of(fence))));
        return more;
      }
    }

    /// One event alone; when it fails it goes to the queue of failures.
    private Set<Integer> single(TenantId tenant, List<Fence> fence) {
      try {
        return db.inTenant(tenant, tx -> step(tx, fence, 1, false));
      } catch (Fence.Lost e) {
        throw e;
      } catch (RuntimeException e) {
        if (SqlFailure.isUnavailable(e)) {
          throw e;
        }
        LOG.warnf(e, "subscription %s: an event of tenant %s is put aside", name, tenant);
        return db.inTenant(tenant, tx -> step(tx, fence, 1, true));
      }
    }

    /// Handles up to `each` events of each lane and answers the lanes in which there may be more.
    private Set<Integer> step(Tx tx, Collection<Fence> fences, int each, boolean putAside) {
      Fence.hold(tx, fences);
      List<EventStore.Span> spans = EventStore.before(tx.sql(), name, tx.tenant(), lanes(fences));
      if (spans.isEmpty()) {
        return Set.of();
      }
      List<StoredEvent> events =
          handler.wants(tx)
              ? EventStore.within(tx.sql(), tx.tenant(), spans, types, each)
              : List.of();
      CrashPoint.EVENTS_SELECTED.reached();
      if (!events.isEmpty()) {
        handle(tx, events, putAside);
      }
      CrashPoint.EVENTS_HANDLED.reached();
      Map<Integer, List<StoredEvent>> byLane =
          events.stream().collect(Collectors.groupingBy(StoredEvent::lane));
      var more = new HashSet<Integer>();
      var places = new TreeMap<Integer, Long>();
      for (EventStore.Span span : spans) {
        List<StoredEvent> of = byLane.getOrDefault(span.lane(), List.of());
        if (of.size() == each) {
          more.add(span.lane());
          places.put(span.lane(), of.getLast().seq());
        } else {
          // What this subscription does not want is passed over.
          places.put(span.lane(), span.upTo());
        }
      }
      EventStore.moveCursors(tx.sql(), name, tx.tenant(), places);
      return more;
    }

    private void handle(Tx tx, List<StoredEvent> events, boolean putAside) {
      Set<String> stuck =
          putAside
              ? new HashSet<>(events.stream().map(Source::orderKey).toList())
              : queue.present(
                  tx, failures, events.stream().map(Source::orderKey).distinct().toList());
      List<StoredEvent> clear = events.stream().filter(e -> !stuck.contains(orderKey(e))).toList();
      if (!clear.isEmpty()) {
        handler.handle(tx, clear);
      }
      queue.publish(
          tx, events.stream().filter(e -> stuck.contains(orderKey(e))).map(this::item).toList());
    }

    private static List<Integer> lanes(Collection<Fence> fences) {
      return fences.stream().map(Fence::lane).toList();
    }

    private static String orderKey(StoredEvent event) {
      return event.conversationId() == null
          ? "lane-" + event.lane()
          : event.conversationId().toString();
    }

    private WorkItem item(StoredEvent event) {
      return new WorkItem(
          Ids.next(),
          event.tenantId(),
          failures,
          orderKey(event),
          event.id().toString(),
          event.type(),
          Json.write(event),
          event.correlationId(),
          null,
          event.time(),
          0);
    }
  }
}
