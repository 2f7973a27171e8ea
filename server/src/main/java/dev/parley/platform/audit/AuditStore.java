package dev.parley.platform.audit;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
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

/// SQL for `audit`.
final class AuditStore {
  private AuditStore() {}

  static void insert(Handle sql, TenantId tenant, AuditEntry entry) {
    sql.createUpdate(
            """
            INSERT INTO audit (tenant_id, id, time, actor_kind, actor_id, actor_name, action, target_type,
              target_id, detail, ip, correlation_id)
            VALUES (:tenant, :id, :time, :kind, :actor, :name, :action, :type, :target, CAST(:detail AS jsonb),
              :ip, :correlation)
            """)
        .bind("tenant", tenant.value())
        .bind("id", entry.id())
        .bind("time", entry.time().atOffset(ZoneOffset.UTC))
        .bind("kind", entry.actorKind().name())
        .bind("actor", entry.actorId())
        .bind("name", entry.actorName())
        .bind("action", entry.action())
        .bind("type", entry.targetType())
        .bind("target", entry.targetId())
        .bind("detail", entry.detail().toString())
        .bind("ip", entry.ip())
        .bind("correlation", entry.correlationId())
        .execute();
  }

  static List<AuditEntry> page(
      Handle sql, TenantId tenant, Audit.Filter filter, @Nullable UUID before, int limit) {
    return sql.createQuery(
            """
            SELECT id, time, actor_kind, actor_id, actor_name, action, target_type, target_id,
              detail::text AS detail, ip, correlation_id
            FROM audit
            WHERE tenant_id = :tenant
              AND (CAST(:actor AS uuid) IS NULL OR actor_id = :actor)
              AND (CAST(:action AS text) IS NULL OR action = :action)
              AND (CAST(:from AS timestamptz) IS NULL OR time >= :from)
              AND (CAST(:to AS timestamptz) IS NULL OR time < :to)
              AND (CAST(:before AS uuid) IS NULL OR id < :before)
            ORDER BY id DESC LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("actor", filter.actor())
        .bind("action", filter.action())
        .bind("from", time(filter.from()))
        .bind("to", time(filter.to()))
        .bind("before", before)
        .bind("limit", limit)
        .map(AuditStore::entry)
        .list();
  }

  /// As the system, which sees only what is old.
  static int deleteBefore(Handle sql, TenantId tenant, Instant time, int limit) {
    return sql.createUpdate(
            """
            DELETE FROM audit WHERE tenant_id = :tenant AND id IN (
              SELECT id FROM audit WHERE tenant_id = :tenant AND time < :time ORDER BY id LIMIT :limit)
            """)
        .bind("tenant", tenant.value())
        .bind("time", time(time))
        .bind("limit", limit)
        .execute();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static AuditEntry entry(ResultSet rs, StatementContext context) throws SQLException {
    return new AuditEntry(
        rs.getObject("id", UUID.class),
        rs.getObject("time", OffsetDateTime.class).toInstant(),
        Caller.Kind.valueOf(rs.getString("actor_kind")),
        rs.getObject("actor_id", UUID.class),
        rs.getString("actor_name"),
        rs.getString("action"),
        rs.getString("target_type"),
        rs.getString("target_id"),
        Json.tree(rs.getString("detail")),
        rs.getString("ip"),
        rs.getString("correlation_id"));
  }
}
