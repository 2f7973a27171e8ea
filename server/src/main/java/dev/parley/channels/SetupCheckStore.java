package dev.parley.channels;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `channel_checks`.
final class SetupCheckStore {
  private SetupCheckStore() {}

  static void put(Handle sql, TenantId tenant, UUID channel, SetupCheck.Found found, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO channel_checks AS c
              (tenant_id, channel_id, name, state, detail, mend, since, checked_at)
            VALUES (:tenant, :channel, :name, :state, :detail, :mend, :now, :now)
            ON CONFLICT (tenant_id, channel_id, name) DO UPDATE SET
              since = CASE WHEN c.state = EXCLUDED.state THEN c.since ELSE EXCLUDED.since END,
              state = EXCLUDED.state, detail = EXCLUDED.detail, mend = EXCLUDED.mend,
              checked_at = EXCLUDED.checked_at
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("name", found.name())
        .bind("state", found.state().name())
        .bind("detail", found.detail())
        .bind("mend", found.mend())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Of one channel, or of all of a tenant.
  static List<SetupCheck> all(Handle sql, TenantId tenant, @Nullable UUID channel, int limit) {
    return sql.createQuery(
            """
            SELECT channel_id, name, state, detail, mend, since, checked_at FROM channel_checks
            WHERE tenant_id = :tenant AND (CAST(:channel AS uuid) IS NULL OR channel_id = :channel)
            ORDER BY channel_id, name LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("limit", limit)
        .map(SetupCheckStore::check)
        .list();
  }

  static void deleteOfChannel(Handle sql, TenantId tenant, UUID channel) {
    sql.createUpdate(
            "DELETE FROM channel_checks WHERE tenant_id = :tenant AND channel_id = :channel")
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .execute();
  }

  private static SetupCheck check(ResultSet rs, StatementContext context) throws SQLException {
    return new SetupCheck(
        rs.getObject("channel_id", UUID.class),
        rs.getString("name"),
        SetupCheck.State.valueOf(rs.getString("state")),
        rs.getString("detail"),
        rs.getString("mend"),
        rs.getObject("since", OffsetDateTime.class).toInstant(),
        rs.getObject("checked_at", OffsetDateTime.class).toInstant());
  }
}
