package dev.parley.tenants;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `projects`.
final class ProjectStore {
  private static final String COLUMNS = "id, name, created_at, updated_at";

  private ProjectStore() {}

  static void insert(Handle sql, TenantId tenant, Project project) {
    sql.createUpdate(
            """
            INSERT INTO projects (tenant_id, id, name, created_at, updated_at)
            VALUES (:tenant, :id, :name, :created, :created)
            """)
        .bind("tenant", tenant.value())
        .bind("id", project.id())
        .bind("name", project.name())
        .bind("created", project.createdAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  static Optional<Project> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM projects WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ProjectStore::project)
        .findOne();
  }

  static List<Project> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM projects
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(ProjectStore::project)
        .list();
  }

  static Optional<Project> rename(
      Handle sql, TenantId tenant, UUID id, String name, OffsetDateTime now) {
    return sql.createQuery(
            "UPDATE projects SET name = :name, updated_at = :now WHERE tenant_id = :tenant AND id = :id RETURNING "
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("name", name)
        .bind("now", now)
        .map(ProjectStore::project)
        .findOne();
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM projects WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        == 1;
  }

  private static Project project(ResultSet rs, StatementContext context) throws SQLException {
    return new Project(
        rs.getObject("id", UUID.class),
        rs.getString("name"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
