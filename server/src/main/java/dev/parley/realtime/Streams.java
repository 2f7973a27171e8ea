package dev.parley.realtime;

import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.Place;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Tailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What all sessions of a process share: the events, the rights, and a [Shard] for each event loop.
final class Streams implements Broadcasts {
  private final EventLog log;
  private final Recent recent;
  private final Rights rights;
  private final Function<Callers.Shown, Optional<Callers.Pass>> callers;
  private final Commands commands;
  private final Bounds bounds;
  private final Measures measures;
  private final InstantSource clock;
  private final Counts counts;
  private final Recheck recheck;
  private final UnaryOperator<StoredEvent> shown;
  private volatile Attendance attendance = Attendance.NONE;
  private final Work work = new Work(32);
  private final Map<ScheduledExecutorService, Shard> shards = new ConcurrentHashMap<>();

  Streams(
      EventLog log,
      Recent recent,
      Rights rights,
      Function<Callers.Shown, Optional<Callers.Pass>> callers,
      Commands commands,
      Bounds bounds,
      Measures measures,
      Counts counts,
      Recheck recheck,
      UnaryOperator<StoredEvent> shown,
      InstantSource clock) {
    this.log = log;
    this.shown = shown;
    this.recent = recent;
    this.rights = rights;
    this.callers = callers;
    this.commands = commands;
    this.bounds = bounds;
    this.measures = measures;
    this.counts = counts;
    this.recheck = recheck;
    this.clock = clock;
    recent.follow(this::more);
  }

  private void more(TenantId tenant) {
    shards.values().forEach(shard -> shard.more(tenant));
  }

  /// Lets a client in, on its event loop.
  Session enter(
      ScheduledExecutorService loop, String door, Callers.Pass pass, Connection connection) {
    Shard shard = shards.computeIfAbsent(loop, l -> new Shard(l, this));
    TenantStream stream = shard.join(pass.caller().inTenant());
    var session = new Session(shard, door, pass, connection, stream);
    stream.enter(session);
    shard.add(session);
    session.arrived();
    return session;
  }

  void left(Session session, String why) {
    counts.release(session.tenant(), session.holder(), session.door());
    measures.closed(session.door(), why);
  }

  /// The caller as they stand now; null when what they came in with is no longer good. Blocking.
  @Nullable Caller current(Caller caller) {
    return recheck.current(caller);
  }

  void recheck(Session session) {
    recheck.add(session);
  }

  void recheckAll() {
    recheck.run();
  }

  Collection<Shard> shards() {
    return shards.values();
  }

  @Override
  public void toConversation(
      TenantId tenant, Activity.Spot spot, Frame frame, @Nullable UUID exceptUser) {
    shards
        .values()
        .forEach(
            shard -> shard.tell(tenant, stream -> stream.toConversation(spot, frame, exceptUser)));
  }

  @Override
  public void toUsers(TenantId tenant, Collection<UUID> users, Frame frame) {
    shards.values().forEach(shard -> shard.tell(tenant, stream -> stream.toUsers(users, frame)));
  }

  /// When a client that is closed for a reason should come again: not all at the same moment.
  Duration retryAfter(Closing reason) {
    return switch (reason) {
      case DRAINING, UNAVAILABLE -> Duration.ofMillis(500 + spread(4500));
      case SLOW, IDLE, EXPIRED, CONNECTIONS, COMMANDS -> Duration.ofMillis(500 + spread(1500));
      default -> Duration.ZERO;
    };
  }

  /// Differs from call to call, evenly over the range; it need not be hard to guess.
  private static long spread(long most) {
    return Math.floorMod(System.nanoTime() / 1000 * 2_654_435_761L, most);
  }

  Instant now() {
    return clock.instant();
  }

  /// What clients are told of an event, and the place after it.
  Frame frame(StoredEvent event, Place after) {
    return Frame.of(shown.apply(event), after);
  }

  /// What all clients are told of an event when it happens.
  Frame frame(Tailed tailed) {
    return frame(tailed.event(), tailed.place());
  }

  EventLog log() {
    return log;
  }

  Recent recent() {
    return recent;
  }

  Rights rights() {
    return rights;
  }

  /// Who shows what is shown; empty when nothing is. Blocking.
  Optional<Callers.Pass> admit(Callers.Shown shown) {
    return callers.apply(shown);
  }

  Commands commands() {
    return commands;
  }

  Attendance attendance() {
    return attendance;
  }

  void attend(Attendance hears) {
    attendance = hears;
  }

  Bounds bounds() {
    return bounds;
  }

  Measures measures() {
    return measures;
  }

  Work work() {
    return work;
  }
}
