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

/// SQL for what looks at set-ups have found: `channel_checks`, and a table of the same form for whatever else is set up.
public final class SetupCheckStore {
  static final SetupCheckStore OF_CHANNELS = new SetupCheckStore("channel_checks", "channel_id");

  private final String table;
  private final String owner;

  /// @param table with the columns of `channel_checks`
  /// @param owner the column of what is set up
  public SetupCheckStore(String table, String owner) {
    this.table = table;
    this.owner = owner;
  }

  /// Keeps what was found; `since` stays while the state does.
  public void put(Handle sql, TenantId tenant, UUID id, SetupCheck.Found found, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO %1$s AS c
              (tenant_id, %2$s, name, state, detail, mend, since, checked_at)
            VALUES (:tenant, :owner, :name, :state, :detail, :mend, :now, :now)
            ON CONFLICT (tenant_id, %2$s, name) DO UPDATE SET
              since = CASE WHEN c.state = EXCLUDED.state THEN c.since ELSE EXCLUDED.since END,
              state = EXCLUDED.state, detail = EXCLUDED.detail, mend = EXCLUDED.mend,
              checked_at = EXCLUDED.checked_at
            """
                .formatted(table, owner))
        .bind("tenant", tenant.value())
        .bind("owner", id)
        .bind("name", found.name())
        .bind("state", found.state().name())
        .bind("detail", found.detail())
        .bind("mend", found.mend())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Of one thing that is set up, or of all of a tenant.
  public List<SetupCheck> all(Handle sql, TenantId tenant, @Nullable UUID id, int limit) {
    return sql.createQuery(
            """
            SELECT %2$s, name, state, detail, mend, since, checked_at FROM %1$s
            WHERE tenant_id = :tenant AND (CAST(:owner AS uuid) IS NULL OR %2$s = :owner)
            ORDER BY %2$s, name LIMIT :limit
            """
                .formatted(table, owner))
        .bind("tenant", tenant.value())
        .bind("owner", id)
        .bind("limit", limit)
        .map(SetupCheckStore::check)
        .list();
  }

  /// Forgets what was found.
  void delete(Handle sql, TenantId tenant, UUID id) {
    sql.createUpdate(
            "DELETE FROM %s WHERE tenant_id = :tenant AND %s = :owner".formatted(table, owner))
        .bind("tenant", tenant.value())
        .bind("owner", id)
        .execute();
  }

  private static SetupCheck check(ResultSet rs, StatementContext context) throws SQLException {
    return new SetupCheck(
        rs.getObject(1, UUID.class),
        rs.getString("name"),
        SetupCheck.State.valueOf(rs.getString("state")),
        rs.getString("detail"),
        rs.getString("mend"),
        rs.getObject("since", OffsetDateTime.class).toInstant(),
        rs.getObject("checked_at", OffsetDateTime.class).toInstant());
  }
}
