package dev.parley.genesys;

import dev.parley.channels.SetupCheck;
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

/// SQL for `genesys_checks`.
final class GenesysCheckStore {
  private GenesysCheckStore() {}

  static void put(
      Handle sql, TenantId tenant, UUID integration, SetupCheck.Found found, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO genesys_checks AS c
              (tenant_id, integration_id, name, state, detail, mend, since, checked_at)
            VALUES (:tenant, :integration, :name, :state, :detail, :mend, :now, :now)
            ON CONFLICT (tenant_id, integration_id, name) DO UPDATE SET
              since = CASE WHEN c.state = EXCLUDED.state THEN c.since ELSE EXCLUDED.since END,
              state = EXCLUDED.state, detail = EXCLUDED.detail, mend = EXCLUDED.mend,
              checked_at = EXCLUDED.checked_at
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("name", found.name())
        .bind("state", found.state().name())
        .bind("detail", found.detail())
        .bind("mend", found.mend())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Of one integration, or of all of a tenant.
  static List<SetupCheck> all(Handle sql, TenantId tenant, @Nullable UUID integration, int limit) {
    return sql.createQuery(
            """
            SELECT integration_id, name, state, detail, mend, since, checked_at FROM genesys_checks
            WHERE tenant_id = :tenant
              AND (CAST(:integration AS uuid) IS NULL OR integration_id = :integration)
            ORDER BY integration_id, name LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("limit", limit)
        .map(GenesysCheckStore::check)
        .list();
  }

  private static SetupCheck check(ResultSet rs, StatementContext context) throws SQLException {
    return new SetupCheck(
        rs.getObject("integration_id", UUID.class),
        rs.getString("name"),
        SetupCheck.State.valueOf(rs.getString("state")),
        rs.getString("detail"),
        rs.getString("mend"),
        rs.getObject("since", OffsetDateTime.class).toInstant(),
        rs.getObject("checked_at", OffsetDateTime.class).toInstant());
  }
}
