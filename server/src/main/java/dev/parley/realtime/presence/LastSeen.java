package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.realtime.presence.PresenceChange.Standing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jboss.logging.Logger;

/// When users were last there, stored now and then: of those who came or went at the next flush, of those who stay in
/// turn, so that after a crash the stored time is at most [#TURNS] flushes old. Thread-safe.
final class LastSeen {
  /// In how many flushes everybody who stays has had their turn.
  static final int TURNS = 10;

  private static final Logger LOG = Logger.getLogger(LastSeen.class);
  private static final int BATCH = 1000;

  private final TenantDb db;
  private final PresenceEngine engine;
  private final InstantSource clock;
  private Map<TenantId, Map<UUID, Instant>> noted = new HashMap<>();
  private int turn;

  LastSeen(TenantDb db, PresenceEngine engine, InstantSource clock) {
    this.db = db;
    this.engine = engine;
    this.clock = clock;
  }

  /// Somebody was there at that time. Quick.
  synchronized void note(TenantId tenant, UUID user, Instant at) {
    noted
        .computeIfAbsent(tenant, _ -> new HashMap<>())
        .merge(user, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  /// A user's state has changed. Quick.
  void note(PresenceChange change) {
    if (change.from() == Standing.OFFLINE || change.to() == Standing.OFFLINE) {
      note(change.tenant(), change.user(), change.at());
    }
  }

  /// Writes what was noted. What the database does not take now is kept for the next time.
  void flush() {
    Instant now = clock.instant();
    for (int stripe = turn; stripe < PresenceEngine.STRIPES; stripe += TURNS) {
      engine.visit(
          stripe,
          (tenant, user, _, standing) -> {
            if (standing == Standing.ONLINE) {
              note(tenant, user, now);
            }
          });
    }
    turn = (turn + 1) % TURNS;
    write();
  }

  /// [#flush] without those who stay.
  void write() {
    Map<TenantId, Map<UUID, Instant>> taken;
    synchronized (this) {
      taken = noted;
      noted = new HashMap<>();
    }
    taken.forEach(
        (tenant, times) -> {
          try {
            write(tenant, new TreeMap<>(times));
          } catch (RuntimeException e) {
            LOG.warnf("last seen of tenant %s is kept for later: %s", tenant, e.getMessage());
            times.forEach((user, at) -> note(tenant, user, at));
          }
        });
  }

  private void write(TenantId tenant, SortedMap<UUID, Instant> times) {
    List<UUID> users = new ArrayList<>(times.keySet());
    List<Instant> ats = new ArrayList<>(times.values());
    for (int from = 0; from < users.size(); from += BATCH) {
      int some = from;
      int to = Math.min(users.size(), from + BATCH);
      db.runInTenant(
          tenant,
          tx ->
              PresenceStore.seen(tx.sql(), tenant, users.subList(some, to), ats.subList(some, to)));
    }
  }

  /// What is known of users who are not there now.
  Map<UUID, Instant> read(TenantId tenant, Collection<UUID> users) {
    Map<UUID, Instant> stored =
        users.isEmpty()
            ? new HashMap<>()
            : db.inTenant(tenant, tx -> PresenceStore.read(tx.sql(), tenant, users));
    synchronized (this) {
      Map<UUID, Instant> fresh = noted.getOrDefault(tenant, Map.of());
      for (UUID user : users) {
        Instant at = fresh.get(user);
        if (at != null) {
          stored.merge(user, at, (a, b) -> a.isAfter(b) ? a : b);
        }
      }
    }
    return stored;
  }
}
