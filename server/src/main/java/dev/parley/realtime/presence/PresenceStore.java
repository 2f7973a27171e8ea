package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `user_presence`.
final class PresenceStore {
  private PresenceStore() {}

  /// Notes that users were there; never takes a later time back. `users` must be ascending and without repetition, so
  /// that two nodes do not lock each other out.
  static void seen(Handle sql, TenantId tenant, List<UUID> users, List<Instant> times) {
    sql.createUpdate(
            """
            INSERT INTO user_presence AS p (tenant_id, user_id, last_seen_at)
            SELECT :tenant, u.id, CAST(u.at AS timestamptz)
            FROM unnest(CAST(:users AS uuid[]), CAST(:times AS text[])) AS u (id, at)
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
            WHERE p.last_seen_at < EXCLUDED.last_seen_at
            """)
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .bindArray("times", String.class, times.stream().map(Instant::toString).toList())
        .execute();
  }

  static Map<UUID, Instant> read(Handle sql, TenantId tenant, Collection<UUID> users) {
    var times = new HashMap<UUID, Instant>();
    sql.createQuery(
            """
            SELECT user_id, last_seen_at FROM user_presence WHERE tenant_id = :tenant AND user_id = ANY(:users)
            """)
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .map(
            (rs, _) ->
                Map.entry(
                    rs.getObject(1, UUID.class), rs.getObject(2, OffsetDateTime.class).toInstant()))
        .forEach(entry -> times.put(entry.getKey(), entry.getValue()));
    return times;
  }
}
