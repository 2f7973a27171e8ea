package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `channels` and `channel_notices`.
final class ChannelStore {
  private static final String COLUMNS =
      """
      tenant_id, id, project_id, kind, name, state, settings::text AS settings, credentials, last_error,
      last_error_at, last_inbound_at, last_unsigned_at, created_at, updated_at
      """;

  private ChannelStore() {}

  /// A channel with its sealed credentials.
  record Row(TenantId tenant, Channel channel, String credentials) {}

  static void insert(Handle sql, TenantId tenant, Channel channel, String credentials) {
    sql.createUpdate(
            """
            INSERT INTO channels (tenant_id, id, project_id, kind, name, state, settings, credentials, created_at,
              updated_at)
            VALUES (:tenant, :id, :project, :kind, :name, :state, CAST(:settings AS jsonb), :credentials, now(), now())
            """)
        .bind("tenant", tenant.value())
        .bind("id", channel.id())
        .bind("project", channel.projectId())
        .bind("kind", channel.kind())
        .bind("name", channel.name())
        .bind("state", channel.state())
        .bind("settings", channel.settings().toString())
        .bind("credentials", credentials)
        .execute();
  }

  static void update(Handle sql, TenantId tenant, Channel channel, String credentials) {
    sql.createUpdate(
            """
            UPDATE channels SET name = :name, state = :state, settings = CAST(:settings AS jsonb),
              credentials = :credentials, updated_at = now()
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", channel.id())
        .bind("name", channel.name())
        .bind("state", channel.state())
        .bind("settings", channel.settings().toString())
        .bind("credentials", credentials)
        .execute();
  }

  static void noteError(Handle sql, TenantId tenant, UUID id, @Nullable String error) {
    sql.createUpdate(
            """
            UPDATE channels SET last_error = :error,
              last_error_at = CASE WHEN CAST(:error AS text) IS NULL THEN NULL ELSE now() END
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("error", error)
        .execute();
  }

  static void noteCalls(Handle sql, TenantId tenant, UUID id, ChannelCalls.Times times) {
    sql.createUpdate(
            """
            UPDATE channels SET last_inbound_at = coalesce(:good, last_inbound_at),
              last_unsigned_at = coalesce(:bad, last_unsigned_at)
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("good", utc(times.good()))
        .bind("bad", utc(times.bad()))
        .execute();
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  /// Channels of any tenant whose provider refuses something; read as the system.
  static List<Channels.Troubled> troubled(Handle sql, int limit) {
    return sql.createQuery(
            """
            SELECT tenant_id, id, name, last_error, last_error_at FROM channels
            WHERE last_error IS NOT NULL ORDER BY last_error_at DESC, id LIMIT :limit
            """)
        .bind("limit", limit)
        .map(
            (rs, _) ->
                new Channels.Troubled(
                    new TenantId(rs.getObject("tenant_id", UUID.class)),
                    rs.getObject("id", UUID.class),
                    rs.getString("name"),
                    rs.getString("last_error"),
                    rs.getObject("last_error_at", OffsetDateTime.class).toInstant()))
        .list();
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM channels WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        > 0;
  }

  static Optional<Row> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + "FROM channels WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ChannelStore::row)
        .findOne();
  }

  /// Which tenant's it is tells the row; read as the system.
  static Optional<Row> ofAnyTenant(Handle sql, UUID id) {
    return sql.createQuery("SELECT " + COLUMNS + "FROM channels WHERE id = :id")
        .bind("id", id)
        .map(ChannelStore::row)
        .findOne();
  }

  static Optional<Row> withSetting(
      Handle sql, TenantId tenant, String kind, String setting, String value) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM channels
                WHERE tenant_id = :tenant AND kind = :kind AND settings ->> :setting = :value
                ORDER BY id LIMIT 1
                """)
        .bind("tenant", tenant.value())
        .bind("kind", kind)
        .bind("setting", setting)
        .bind("value", value)
        .map(ChannelStore::row)
        .findOne();
  }

  static List<Row> all(Handle sql, TenantId tenant) {
    return sql.createQuery(
            "SELECT " + COLUMNS + "FROM channels WHERE tenant_id = :tenant ORDER BY id")
        .bind("tenant", tenant.value())
        .map(ChannelStore::row)
        .list();
  }

  static List<Channel> find(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT " + COLUMNS + "FROM channels WHERE tenant_id = :tenant AND id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map((rs, context) -> row(rs, context).channel())
        .list();
  }

  static List<Channel> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM channels
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map((rs, context) -> row(rs, context).channel())
        .list();
  }

  /// Answers whether it was new.
  static boolean insertNotice(
      Handle sql,
      TenantId tenant,
      UUID id,
      UUID channel,
      String dedupKey,
      String field,
      JsonNode data) {
    return sql.createUpdate(
                """
                INSERT INTO channel_notices (tenant_id, channel_id, dedup_key, id, field, data, received_at)
                VALUES (:tenant, :channel, :dedup, :id, :field, CAST(:data AS jsonb), now())
                ON CONFLICT DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("channel", channel)
            .bind("dedup", dedupKey)
            .bind("id", id)
            .bind("field", field)
            .bind("data", data.toString())
            .execute()
        > 0;
  }

  static List<Notice> notices(
      Handle sql,
      TenantId tenant,
      UUID channel,
      @Nullable String field,
      @Nullable UUID before,
      int limit) {
    return sql.createQuery(
            """
            SELECT id, channel_id, field, data::text, received_at FROM channel_notices
            WHERE tenant_id = :tenant AND channel_id = :channel
              AND (CAST(:field AS text) IS NULL OR field = :field)
              AND (CAST(:before AS uuid) IS NULL OR id < :before)
            ORDER BY id DESC LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("field", field)
        .bind("before", before)
        .bind("limit", limit)
        .map(
            (rs, _) ->
                new Notice(
                    rs.getObject(1, UUID.class),
                    rs.getObject(2, UUID.class),
                    rs.getString(3),
                    Json.tree(rs.getString(4)),
                    rs.getObject(5, OffsetDateTime.class).toInstant()))
        .list();
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    return new Row(
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        new Channel(
            rs.getObject("id", UUID.class),
            rs.getObject("project_id", UUID.class),
            rs.getString("kind"),
            rs.getString("name"),
            rs.getString("state"),
            Json.tree(rs.getString("settings")),
            rs.getString("last_error"),
            time(rs, "last_error_at"),
            time(rs, "last_inbound_at"),
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
