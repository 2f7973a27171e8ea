package dev.parley.realtime.presence;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.timers.Ticker;
import dev.parley.realtime.Activity;
import dev.parley.realtime.Attendance;
import dev.parley.realtime.Broadcasts;
import dev.parley.realtime.Frame;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who is there and who is typing or looking where, for everybody who may know.
///
/// Everybody may know of those with whom they share a conversation among people; those who work in the inbox, which is
/// who may read customers' conversations, of all others who do; a program with the permission to read users of all.
public final class Presence implements Attendance {
  private static final Duration TURN = Duration.ofMillis(20);
  private static final Duration FLUSH = Duration.ofMinutes(1);

  /// Until the doors are open.
  private static final Broadcasts NOBODY =
      new Broadcasts() {
        @Override
        public void toConversation(
            TenantId tenant, Activity.Spot spot, Frame frame, @Nullable UUID exceptUser) {}

        @Override
        public void toUsers(TenantId tenant, Collection<UUID> users, Frame frame) {}
      };

  /// What somebody may know of a user.
  ///
  /// @param lastSeenAt null when the user was never there, or so far as is known is there now
  public record Seen(UUID user, PresenceState state, @Nullable Instant lastSeenAt) {}

  /// How long things last.
  ///
  /// @param devices when devices count as gone or away
  /// @param activities how long somebody does something without saying so again
  /// @param process for how long a process counts as alive without a sign of life
  public record Settings(
      PresenceEngine.Settings devices, Map<Activity, Duration> activities, Duration process) {}

  /// What it works with.
  ///
  /// @param here whether this process has clients of its own; one without can only ask others
  public record Place(boolean here, RedisClient redis, TenantDb db) {}

  /// A connection of this process.
  ///
  /// @param team whether it was counted among those who work in the inbox
  private record Here(Device device, boolean team) {}

  private final boolean here;
  private final RedisClient redis;
  private final PendingChanges pending = new PendingChanges();
  private final PresenceEngine engine;
  private final PresenceBoard board;
  private final PresenceNews news;
  private final LastSeen lastSeen;
  private final Map<Activity, Activities> activities = new EnumMap<>(Activity.class);
  private final Acquaintances acquaintances;
  private final Map<UUID, Here> connections = new ConcurrentHashMap<>();
  private final List<Ticker> tickers;
  private final LongSupplier nanos = System::nanoTime;
  private volatile Broadcasts broadcasts = NOBODY;
  private long nextSecond = nanos.getAsLong();

  /// To be made before the Redis client is started.
  public Presence(
      Place place,
      Settings settings,
      Acquaintances acquaintances,
      InstantSource clock,
      MeterRegistry metrics) {
    this.here = place.here();
    this.redis = place.redis();
    this.acquaintances = acquaintances;
    this.engine = new PresenceEngine(settings.devices(), nanos, clock, this::changed);
    this.news = new PresenceNews(engine, acquaintances, () -> broadcasts, clock);
    this.lastSeen = new LastSeen(place.db(), engine, clock);
    settings
        .activities()
        .forEach(
            (activity, life) ->
                activities.put(
                    activity,
                    new Activities(
                        activity, life, redis.process(), redis, () -> broadcasts, nanos)));
    this.board = board(settings.process(), clock);
    this.tickers =
        List.of(
            new Ticker("presence", TURN, this::turn),
            new Ticker("presence-news", PresenceNews.PAUSE, this::tell),
            new Ticker("last-seen", FLUSH, lastSeen::flush));
    metrics.gauge("parley.presence.devices", engine, PresenceEngine::devices);
    metrics.gauge("parley.presence.users", engine, PresenceEngine::users);
  }

  private PresenceBoard board(Duration processLife, InstantSource clock) {
    var heard =
        new PresenceBoard.News() {
          @Override
          public void told(List<PresenceUpdate> updates) {
            if (here) {
              news.add(updates);
            }
          }

          @Override
          public void reaped(PresenceUpdate update) {
            lastSeen.note(update.tenant(), update.user(), update.lastSeenAt());
          }
        };
    if (!redis.configured()) {
      return new MemoryBoard(engine, pending, heard);
    }
    var settings = new RedisBoard.Settings(redis.process().toString(), processLife, here);
    return new RedisBoard(redis, settings, engine, pending, heard, nanos, clock);
  }

  /// What has happened in the log: who shares conversations with whom may have changed. Quick.
  public void happened(List<StoredEvent> events) {
    events.stream()
        .filter(event -> event.type().startsWith("participant."))
        .map(StoredEvent::tenantId)
        .distinct()
        .forEach(news::forget);
  }

  /// Under a lock of the engine.
  private void changed(PresenceChange change) {
    pending.add(change);
    lastSeen.note(change);
  }

  /// Begins to tell, and tells this process's clients through `clients`.
  public void start(Broadcasts clients) {
    broadcasts = clients;
    tickers.forEach(Ticker::start);
  }

  /// Tells what is left to tell, and stores when everybody was last seen.
  public void stop(Duration patience) {
    tickers.forEach(ticker -> ticker.stop(patience));
    board.turn();
    board.leave();
    lastSeen.write();
  }

  private void turn() {
    if (nanos.getAsLong() - nextSecond >= 0) {
      nextSecond = nanos.getAsLong() + 1_000_000_000L;
      engine.tick();
    }
    board.turn();
  }

  private void tell() {
    activities.values().forEach(Activities::tick);
    news.turn();
  }

  /// Of these users those of whom the caller may know, in the order asked for. Blocking.
  public List<Seen> read(Caller caller, Collection<UUID> users) {
    TenantId tenant = caller.inTenant();
    Map<UUID, Boolean> visible = new LinkedHashMap<>();
    boolean all = caller.allows(Permission.USERS_READ);
    Set<UUID> shared =
        all
            ? Set.of()
            : acquaintances.of(tenant, Set.of(caller.id())).getOrDefault(caller.id(), Set.of());
    for (UUID user : users) {
      if (all || user.equals(caller.id()) || shared.contains(user)) {
        visible.put(user, true);
      }
    }
    Map<UUID, PresenceState> states = states(tenant, visible.keySet());
    List<UUID> away = visible.keySet().stream().filter(user -> !isThere(states.get(user))).toList();
    Map<UUID, Instant> seen = lastSeen.read(tenant, away);
    return visible.keySet().stream()
        .map(user -> new Seen(user, Objects.requireNonNull(states.get(user)), seen.get(user)))
        .toList();
  }

  private static boolean isThere(@Nullable PresenceState state) {
    return state == PresenceState.ONLINE || state == PresenceState.AWAY;
  }

  private Map<UUID, PresenceState> states(TenantId tenant, Set<UUID> users) {
    Map<UUID, PresenceState> states = board.read(tenant, users);
    if (!here && !redis.configured()) {
      // The clients are in other processes, and nothing connects this one to them.
      states.replaceAll((_, _) -> PresenceState.UNKNOWN);
    }
    return states;
  }

  /// The user wants to be shown as away on all devices until the last of them has gone, or no longer.
  public void choose(Caller user, boolean away) {
    board.choose(user.inTenant(), user.id(), away);
  }

  @Override
  public void arrived(Visit visit) {
    Caller user = visit.user();
    // Programs have no presence, and neither has the operator.
    if (user.kind() == Caller.Kind.USER) {
      boolean team = user.allows(Permission.CONVERSATIONS_READ);
      if (team) {
        news.teamArrived(user.inTenant(), user.id());
      }
      connections.put(visit.connection(), connected(user, team));
    }
  }

  private Here connected(Caller user, boolean team) {
    return new Here(engine.connect(user.inTenant(), user.id(), team), team);
  }

  @Override
  public void stayed(Visit visit, String state) {
    Here known = connections.get(visit.connection());
    if (known != null && !known.device().away(state.equals("away"))) {
      // It has been silent for so long that it was taken for gone.
      connections.put(visit.connection(), connected(visit.user(), known.team()));
    }
  }

  @Override
  public void left(Visit visit) {
    Here known = connections.remove(visit.connection());
    if (known != null) {
      known.device().close();
      if (known.team()) {
        news.teamLeft(visit.user().inTenant(), visit.user().id());
      }
    }
  }

  @Override
  public void acted(Visit visit) {
    Here known = connections.get(visit.connection());
    if (known != null) {
      known.device().active();
    }
  }

  @Override
  public Set<UUID> active(Visit visit, Activity activity, Activity.Spot spot, boolean on) {
    acted(visit);
    Activities all = Objects.requireNonNull(activities.get(activity));
    UUID user = visit.user().id();
    all.said(visit.user().inTenant(), spot, user, on);
    var others = new HashSet<UUID>(all.at(visit.user().inTenant(), spot));
    others.remove(user);
    return others;
  }
}
