package dev.parley.inbox;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `saved_filters`.
final class SavedFilterStore {
  /// The key that makes a name unique for a user.
  static final String ONE_NAME = "saved_filters_name";

  private static final String COLUMNS =
      "id, user_id, name, query::text AS query, shared, created_at, updated_at ";

  private SavedFilterStore() {}

  static void insert(Handle sql, TenantId tenant, SavedFilter filter) {
    sql.createUpdate(
            """
            INSERT INTO saved_filters (tenant_id, id, user_id, name, name_key, query, shared, created_at, updated_at)
            VALUES (:tenant, :id, :user, :name, lower(:name), CAST(:query AS jsonb), :shared,
              CAST(:at AS timestamptz), CAST(:at AS timestamptz))
            """)
        .bind("tenant", tenant.value())
        .bind("id", filter.id())
        .bind("user", filter.userId())
        .bind("name", filter.name())
        .bind("query", Json.write(filter.query()))
        .bind("shared", filter.shared())
        .bind("at", filter.createdAt().toString())
        .execute();
  }

  static void update(Handle sql, TenantId tenant, SavedFilter filter) {
    sql.createUpdate(
            """
            UPDATE saved_filters SET name = :name, name_key = lower(:name), query = CAST(:query AS jsonb),
              shared = :shared, updated_at = CAST(:at AS timestamptz)
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", filter.id())
        .bind("name", filter.name())
        .bind("query", Json.write(filter.query()))
        .bind("shared", filter.shared())
        .bind("at", filter.updatedAt().toString())
        .execute();
  }

  static void delete(Handle sql, TenantId tenant, UUID id) {
    sql.createUpdate("DELETE FROM saved_filters WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .execute();
  }

  /// Those of users, shared ones too.
  static void delete(Handle sql, TenantId tenant, Collection<UUID> users) {
    sql.createUpdate(
            "DELETE FROM saved_filters WHERE tenant_id = :tenant AND user_id = ANY(:users)")
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .execute();
  }

  static int count(Handle sql, TenantId tenant, UUID user) {
    return sql.createQuery(
            "SELECT count(*) FROM saved_filters WHERE tenant_id = :tenant AND user_id = :user")
        .bind("tenant", tenant.value())
        .bind("user", user)
        .mapTo(Integer.class)
        .one();
  }

  static Optional<SavedFilter> lock(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + "FROM saved_filters WHERE tenant_id = :tenant AND id = :id FOR UPDATE")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(SavedFilterStore::filter)
        .findOne();
  }

  /// A user's own and those that others share, by age.
  static List<SavedFilter> page(
      Handle sql, TenantId tenant, UUID user, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM saved_filters
                WHERE tenant_id = :tenant AND (user_id = :user OR shared)
                  AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("user", user)
        .bind("after", after)
        .bind("limit", limit)
        .map(SavedFilterStore::filter)
        .list();
  }

  private static SavedFilter filter(ResultSet rs, StatementContext context) throws SQLException {
    return new SavedFilter(
        rs.getObject("id", UUID.class),
        rs.getObject("user_id", UUID.class),
        rs.getString("name"),
        Json.read(rs.getString("query"), SavedFilter.Query.class),
        rs.getBoolean("shared"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
