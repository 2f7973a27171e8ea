package dev.parley.tenants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `tenants`.
final class TenantStore {
  private static final String COLUMNS =
      """
      tenant_id, slug, name, state, settings::text AS settings, default_project_id, created_at, updated_at
      """;

  private TenantStore() {}

  static void insert(Handle sql, Tenant tenant) {
    sql.createUpdate(
            """
            INSERT INTO tenants (tenant_id, slug, name, state, settings, default_project_id, created_at, updated_at)
            VALUES (:tenant, :slug, :name, :state, CAST(:settings AS jsonb), :project, :created, :created)
            """)
        .bind("tenant", tenant.id().value())
        .bind("slug", tenant.slug())
        .bind("name", tenant.name())
        .bind("state", Input.word(tenant.state()))
        .bind("settings", tenant.settings().toString())
        .bind("project", tenant.defaultProject())
        .bind("created", tenant.createdAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  static Optional<Tenant> find(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT " + COLUMNS + " FROM tenants WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .map(TenantStore::tenant)
        .findOne();
  }

  /// As [#find], and nobody else changes it until the commit.
  static Optional<Tenant> lock(Handle sql, TenantId tenant) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM tenants WHERE tenant_id = :tenant FOR UPDATE")
        .bind("tenant", tenant.value())
        .map(TenantStore::tenant)
        .findOne();
  }

  static void update(Handle sql, Tenant tenant) {
    sql.createUpdate(
            """
            UPDATE tenants SET name = :name, state = :state, settings = CAST(:settings AS jsonb), updated_at = :updated
            WHERE tenant_id = :tenant
            """)
        .bind("tenant", tenant.id().value())
        .bind("name", tenant.name())
        .bind("state", Input.word(tenant.state()))
        .bind("settings", tenant.settings().toString())
        .bind("updated", tenant.updatedAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Read as the system.
  static Optional<Tenant> findBySlug(Handle sql, String slug) {
    return sql.createQuery("SELECT " + COLUMNS + " FROM tenants WHERE slug = :slug")
        .bind("slug", slug)
        .map(TenantStore::tenant)
        .findOne();
  }

  /// Tenants of all states by their ids, after one; read as the system.
  static List<Tenant> page(
      Handle sql, Tenant.@Nullable State state, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM tenants
                WHERE (CAST(:after AS uuid) IS NULL OR tenant_id > :after)
                  AND (CAST(:state AS text) IS NULL OR state = :state)
                ORDER BY tenant_id LIMIT :limit
                """)
        .bind("after", after)
        .bind("state", state == null ? null : Input.word(state))
        .bind("limit", limit)
        .map(TenantStore::tenant)
        .list();
  }

  private static Tenant tenant(ResultSet rs, StatementContext context) throws SQLException {
    return new Tenant(
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        rs.getString("slug"),
        rs.getString("name"),
        Tenant.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
        (ObjectNode) Json.tree(rs.getString("settings")),
        rs.getObject("default_project_id", UUID.class),
        instant(rs, "created_at"),
        instant(rs, "updated_at"));
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    return rs.getObject(column, OffsetDateTime.class).toInstant();
  }
}
