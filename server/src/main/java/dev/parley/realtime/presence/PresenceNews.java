package dev.parley.realtime.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.http.Input;
import dev.parley.realtime.Broadcasts;
import dev.parley.realtime.Frame;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Tells this process's clients of presence: a user's own devices, those who share a conversation with the user, and,
/// where the user works in the inbox, all others who do.
///
/// When thousands come back at once, everybody would have to be told of everybody. So only so much is told in a turn;
/// the rest waits, each user's latest state for itself, and tenants take turns.
final class PresenceNews {
  /// Most frames that a turn sends; turns come every [#PAUSE].
  private static final int BUDGET = 2_500;

  private static final int SOME = 50;
  private static final int MOST_REMEMBERED = 20_000;
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /// From one turn to the next.
  static final Duration PAUSE = Duration.ofMillis(50);

  private record Who(TenantId tenant, UUID user) {}

  private record Shared(TenantId tenant, Set<UUID> users) {}

  private final PresenceQueue queue = new PresenceQueue();
  private final PresenceEngine engine;
  private final Acquaintances acquaintances;
  private final Supplier<Broadcasts> broadcasts;
  private final Remembered<Who, Shared> known;
  private final Map<TenantId, Map<UUID, Integer>> team = new ConcurrentHashMap<>();

  PresenceNews(
      PresenceEngine engine,
      Acquaintances acquaintances,
      Supplier<Broadcasts> broadcasts,
      InstantSource clock) {
    this.engine = engine;
    this.acquaintances = acquaintances;
    this.broadcasts = broadcasts;
    this.known = new Remembered<>(MOST_REMEMBERED, REMEMBERED, clock);
  }

  /// A connection of somebody who works in the inbox has come.
  void teamArrived(TenantId tenant, UUID user) {
    team.computeIfAbsent(tenant, _ -> new ConcurrentHashMap<>()).merge(user, 1, Integer::sum);
  }

  /// It has gone.
  void teamLeft(TenantId tenant, UUID user) {
    team.getOrDefault(tenant, Map.of())
        .computeIfPresent(user, (_, count) -> count == 1 ? null : count - 1);
  }

  /// To be told, some time soon. Quick.
  void add(List<PresenceUpdate> updates) {
    queue.add(updates);
  }

  /// Tells some of what waits. Blocking.
  void turn() {
    int left = BUDGET;
    while (left > 0) {
      List<PresenceUpdate> updates = queue.take(SOME);
      if (updates.isEmpty()) {
        return;
      }
      TenantId tenant = updates.getFirst().tenant();
      Map<UUID, Set<UUID>> shared = shared(tenant, updates);
      for (PresenceUpdate update : updates) {
        var receivers = new HashSet<UUID>(shared.getOrDefault(update.user(), Set.of()));
        receivers.removeIf(user -> !isHere(tenant, user));
        if (update.team()) {
          receivers.addAll(team.getOrDefault(tenant, Map.of()).keySet());
        }
        if (isHere(tenant, update.user())) {
          receivers.add(update.user());
        }
        if (!receivers.isEmpty()) {
          left -= receivers.size();
          tell(update, receivers);
        }
      }
    }
  }

  private boolean isHere(TenantId tenant, UUID user) {
    return engine.standing(tenant, user) != PresenceChange.Standing.OFFLINE;
  }

  private void tell(PresenceUpdate update, Set<UUID> receivers) {
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("userId", update.user().toString())
            .put("state", Input.word(update.state()))
            .put("lastSeenAt", update.lastSeenAt().toString());
    broadcasts.get().toUsers(update.tenant(), receivers, Frame.ephemeral("presence.updated", data));
    if (update.state() == PresenceState.ONLINE) {
      broadcasts
          .get()
          .toUsers(update.tenant(), receivers, Frame.ephemeral("presence.online", data));
    }
  }

  /// Memberships of a tenant have changed. Quick.
  void forget(TenantId tenant) {
    known.forgetIf(shared -> shared.tenant().equals(tenant));
  }

  private Map<UUID, Set<UUID>> shared(TenantId tenant, List<PresenceUpdate> updates) {
    var all = new HashMap<UUID, Set<UUID>>();
    var loaded = new HashMap<UUID, Set<UUID>>();
    List<UUID> users = updates.stream().map(PresenceUpdate::user).toList();
    for (UUID user : users) {
      all.put(
          user,
          known
              .get(
                  new Who(tenant, user),
                  _ -> {
                    if (loaded.isEmpty()) {
                      loaded.putAll(acquaintances.of(tenant, users));
                      users.forEach(asked -> loaded.putIfAbsent(asked, Set.of()));
                    }
                    return new Shared(tenant, loaded.getOrDefault(user, Set.of()));
                  })
              .users());
    }
    return all;
  }
}
