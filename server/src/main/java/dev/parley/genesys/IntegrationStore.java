package dev.parley.genesys;

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

/// SQL for `genesys_integrations`.
final class IntegrationStore {
  private static final String COLUMNS =
      """
      tenant_id, id, name, state, region, client_id, genesys_id, create_status, create_error, settings::text AS settings,
      credentials, last_error, last_error_at, last_webhook_at, last_unsigned_at, created_at, updated_at
      """;

  private IntegrationStore() {}

  /// An integration with its sealed credentials.
  record Row(TenantId tenant, Integration integration, String credentials) {}

  static void insert(Handle sql, Row row) {
    Integration integration = row.integration();
    sql.createUpdate(
            """
            INSERT INTO genesys_integrations (tenant_id, id, name, state, region, client_id, genesys_id, create_status,
              create_error, settings, credentials, created_at, updated_at)
            VALUES (:tenant, :id, :name, :state, :region, :client, :genesys, :status, :error,
              CAST(:settings AS jsonb), :credentials, :created, :updated)
            """)
        .bind("tenant", row.tenant().value())
        .bind("id", integration.id())
        .bind("name", integration.name())
        .bind("state", Input.word(integration.state()))
        .bind("region", integration.region())
        .bind("client", integration.clientId())
        .bind("genesys", integration.genesysId())
        .bind("status", word(integration.createStatus()))
        .bind("error", integration.createError())
        .bind("settings", Json.write(integration.settings()))
        .bind("credentials", row.credentials())
        .bind("created", utc(integration.createdAt()))
        .bind("updated", utc(integration.updatedAt()))
        .execute();
  }

  static void update(Handle sql, Row row) {
    Integration integration = row.integration();
    sql.createUpdate(
            """
            UPDATE genesys_integrations SET name = :name, state = :state, region = :region, client_id = :client,
              genesys_id = :genesys, create_status = :status, create_error = :error,
              settings = CAST(:settings AS jsonb), credentials = :credentials, updated_at = :updated
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", row.tenant().value())
        .bind("id", integration.id())
        .bind("name", integration.name())
        .bind("state", Input.word(integration.state()))
        .bind("region", integration.region())
        .bind("client", integration.clientId())
        .bind("genesys", integration.genesysId())
        .bind("status", word(integration.createStatus()))
        .bind("error", integration.createError())
        .bind("settings", Json.write(integration.settings()))
        .bind("credentials", row.credentials())
        .bind("updated", utc(integration.updatedAt()))
        .execute();
  }

  /// Which tenants have integrations; read as the system.
  static List<TenantId> tenants(Handle sql) {
    return sql.createQuery("SELECT DISTINCT tenant_id FROM genesys_integrations")
        .map((rs, _) -> new TenantId(rs.getObject(1, UUID.class)))
        .list();
  }

  /// Answers whether there was one.
  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate(
                "DELETE FROM genesys_integrations WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        > 0;
  }

  static void noteError(Handle sql, TenantId tenant, UUID id, @Nullable String error) {
    sql.createUpdate(
            """
            UPDATE genesys_integrations SET last_error = :error,
              last_error_at = CASE WHEN CAST(:error AS text) IS NULL THEN NULL ELSE now() END
            WHERE tenant_id = :tenant AND id = :id AND last_error IS DISTINCT FROM :error
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("error", error)
        .execute();
  }

  static void noteCalls(
      Handle sql, TenantId tenant, UUID id, @Nullable Instant good, @Nullable Instant bad) {
    sql.createUpdate(
            """
            UPDATE genesys_integrations SET last_webhook_at = coalesce(:good, last_webhook_at),
              last_unsigned_at = coalesce(:bad, last_unsigned_at)
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("good", good == null ? null : utc(good))
        .bind("bad", bad == null ? null : utc(bad))
        .execute();
  }

  static Optional<Row> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + "FROM genesys_integrations WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(IntegrationStore::row)
        .findOne();
  }

  /// The row, which nobody else changes until the transaction ends.
  static Optional<Row> lock(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + "FROM genesys_integrations WHERE tenant_id = :tenant AND id = :id FOR UPDATE")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(IntegrationStore::row)
        .findOne();
  }

  /// Which tenant's it is tells the row; read as the system.
  static Optional<Row> ofAnyTenant(Handle sql, UUID id) {
    return sql.createQuery("SELECT " + COLUMNS + "FROM genesys_integrations WHERE id = :id")
        .bind("id", id)
        .map(IntegrationStore::row)
        .findOne();
  }

  static List<Row> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM genesys_integrations
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(IntegrationStore::row)
        .list();
  }

  private static @Nullable String word(@Nullable Enum<?> value) {
    return value == null ? null : Input.word(value);
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    String status = rs.getString("create_status");
    return new Row(
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        new Integration(
            rs.getObject("id", UUID.class),
            rs.getString("name"),
            Integration.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
            rs.getString("region"),
            rs.getString("client_id"),
            rs.getString("genesys_id"),
            status == null
                ? null
                : Integration.CreateStatus.valueOf(status.toUpperCase(Locale.ROOT)),
            rs.getString("create_error"),
            Json.read(rs.getString("settings"), GenesysSettings.class),
            rs.getString("last_error"),
            time(rs, "last_error_at"),
            time(rs, "last_webhook_at"),
            time(rs, "last_unsigned_at"),
            rs.getObject("created_at", OffsetDateTime.class).toInstant(),
            rs.getObject("updated_at", OffsetDateTime.class).toInstant()),
        rs.getString("credentials"));
  }

  private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
