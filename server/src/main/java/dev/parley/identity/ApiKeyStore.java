package dev.parley.identity;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `api_keys`.
final class ApiKeyStore {
  private static final String COLUMNS =
      "id, name, prefix, scopes, project_id, created_by, created_at, expires_at, last_used_at, revoked_at";

  /// A key that may be let in, and the hash to compare with.
  record Candidate(
      TenantId tenant,
      UUID id,
      String name,
      String hash,
      Set<Permission> scopes,
      @Nullable Instant expiresAt) {}

  private ApiKeyStore() {}

  static void insert(Handle sql, TenantId tenant, ApiKey key, String hash) {
    sql.createUpdate(
            """
            INSERT INTO api_keys (tenant_id, id, name, prefix, hash, scopes, project_id, created_by, created_at,
              expires_at)
            VALUES (:tenant, :id, :name, :prefix, :hash, :scopes, :project, :by, :created, :expires)
            """)
        .bind("tenant", tenant.value())
        .bind("id", key.id())
        .bind("name", key.name())
        .bind("prefix", key.prefix())
        .bind("hash", hash)
        .bindArray(
            "scopes", String.class, key.scopes().stream().map(Permission::scope).sorted().toList())
        .bind("project", key.project())
        .bind("by", key.createdBy())
        .bind("created", key.createdAt().atOffset(ZoneOffset.UTC))
        .bind("expires", time(key.expiresAt()))
        .execute();
  }

  static List<ApiKey> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM api_keys
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(ApiKeyStore::key)
        .list();
  }

  static Optional<ApiKey> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM api_keys WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ApiKeyStore::key)
        .findOne();
  }

  /// Those of these keys that are neither revoked nor expired; one statement for any number.
  static List<ApiKey> good(Handle sql, TenantId tenant, Collection<UUID> ids, Instant now) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM api_keys
                WHERE tenant_id = :tenant AND id = ANY(:ids) AND revoked_at IS NULL
                  AND (expires_at IS NULL OR expires_at > :now)
                """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .map(ApiKeyStore::key)
        .list();
  }

  /// True when it was good until now.
  static boolean revoke(Handle sql, TenantId tenant, UUID id, Instant now) {
    return sql.createUpdate(
                """
                UPDATE api_keys SET revoked_at = :now WHERE tenant_id = :tenant AND id = :id AND revoked_at IS NULL
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        == 1;
  }

  static void used(Handle sql, TenantId tenant, UUID id, Instant now) {
    sql.createUpdate(
            """
            UPDATE api_keys SET last_used_at = :now
            WHERE tenant_id = :tenant AND id = :id AND (last_used_at IS NULL OR last_used_at < :now)
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Keys with that prefix that are not revoked, of any tenant; read as the system.
  static List<Candidate> candidates(Handle sql, String prefix) {
    return sql.createQuery(
            """
            SELECT tenant_id, id, name, hash, scopes, expires_at FROM api_keys
            WHERE prefix = :prefix AND revoked_at IS NULL
            """)
        .bind("prefix", prefix)
        .map(ApiKeyStore::candidate)
        .list();
  }

  private static Candidate candidate(ResultSet rs, StatementContext context) throws SQLException {
    return new Candidate(
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        rs.getObject("id", UUID.class),
        rs.getString("name"),
        rs.getString("hash"),
        scopes(rs),
        instant(rs, "expires_at"));
  }

  private static ApiKey key(ResultSet rs, StatementContext context) throws SQLException {
    return new ApiKey(
        rs.getObject("id", UUID.class),
        rs.getString("name"),
        rs.getString("prefix"),
        scopes(rs),
        rs.getObject("project_id", UUID.class),
        rs.getObject("created_by", UUID.class),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(rs, "expires_at"),
        instant(rs, "last_used_at"),
        instant(rs, "revoked_at"));
  }

  private static Set<Permission> scopes(ResultSet rs) throws SQLException {
    Set<Permission> scopes = EnumSet.noneOf(Permission.class);
    for (String scope : (String[]) rs.getArray("scopes").getArray()) {
      scopes.add(Permission.ofScope(scope));
    }
    return scopes;
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    @Nullable OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
