package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `channel_templates`.
final class TemplateStore {
  private static final String COLUMNS =
      """
      id, channel_id, provider_id, name, language, category, status, quality, reason, named,
      components::text AS components, created_at, updated_at
      """;

  private TemplateStore() {}

  /// What narrows a list; null does not.
  record Filter(
      @Nullable String status,
      @Nullable String category,
      @Nullable String language,
      @Nullable String name) {}

  static List<MessageTemplate> page(
      Handle sql, TenantId tenant, UUID channel, Filter filter, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM channel_templates
                WHERE tenant_id = :tenant AND channel_id = :channel
                  AND (CAST(:status AS text) IS NULL OR status = :status)
                  AND (CAST(:category AS text) IS NULL OR category = :category)
                  AND (CAST(:language AS text) IS NULL OR language = :language)
                  AND (CAST(:name AS text) IS NULL OR position(:name IN name) > 0)
                  AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("status", filter.status())
        .bind("category", filter.category())
        .bind("language", filter.language())
        .bind("name", filter.name())
        .bind("after", after)
        .bind("limit", limit)
        .map(TemplateStore::template)
        .list();
  }

  static Optional<MessageTemplate> find(Handle sql, TenantId tenant, UUID channel, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + " FROM channel_templates WHERE tenant_id = :tenant AND channel_id = :channel AND id = :id")
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("id", id)
        .map(TemplateStore::template)
        .findOne();
  }

  static Optional<MessageTemplate> named(
      Handle sql, TenantId tenant, UUID channel, String name, String language) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM channel_templates
                WHERE tenant_id = :tenant AND channel_id = :channel AND name = :name AND language = :language
                """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("name", name)
        .bind("language", language)
        .map(TemplateStore::template)
        .findOne();
  }

  /// Those of all channels of the tenant, locked until the commit in the order of their ids.
  static List<MessageTemplate> ofProvider(Handle sql, TenantId tenant, String providerId) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM channel_templates WHERE tenant_id = :tenant AND provider_id = :provider
                ORDER BY id FOR UPDATE
                """)
        .bind("tenant", tenant.value())
        .bind("provider", providerId)
        .map(TemplateStore::template)
        .list();
  }

  /// All of a channel, locked until the commit in the order of their ids.
  static List<MessageTemplate> lock(Handle sql, TenantId tenant, UUID channel) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM channel_templates WHERE tenant_id = :tenant AND channel_id = :channel
                ORDER BY id FOR UPDATE
                """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .map(TemplateStore::template)
        .list();
  }

  /// Answers whether it was new.
  static boolean insert(Handle sql, TenantId tenant, MessageTemplate template) {
    return sql.createUpdate(
                """
                INSERT INTO channel_templates (tenant_id, id, channel_id, provider_id, name, language, category,
                  status, quality, reason, named, components, created_at, updated_at)
                VALUES (:tenant, :id, :channel, :provider, :name, :language, :category, :status, :quality, :reason,
                  :named, CAST(:components AS jsonb), :created, :updated)
                ON CONFLICT DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("id", template.id())
            .bind("channel", template.channelId())
            .bind("provider", template.providerId())
            .bind("name", template.name())
            .bind("language", template.language())
            .bind("category", template.category())
            .bind("status", template.status())
            .bind("quality", template.quality())
            .bind("reason", template.reason())
            .bind("named", template.named())
            .bind("components", template.components().toString())
            .bind("created", utc(template.createdAt()))
            .bind("updated", utc(template.updatedAt()))
            .execute()
        > 0;
  }

  static void update(Handle sql, TenantId tenant, MessageTemplate template) {
    sql.createUpdate(
            """
            UPDATE channel_templates SET provider_id = :provider, category = :category, status = :status,
              quality = :quality, reason = :reason, named = :named, components = CAST(:components AS jsonb),
              updated_at = :updated
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", template.id())
        .bind("provider", template.providerId())
        .bind("category", template.category())
        .bind("status", template.status())
        .bind("quality", template.quality())
        .bind("reason", template.reason())
        .bind("named", template.named())
        .bind("components", template.components().toString())
        .bind("updated", utc(template.updatedAt()))
        .execute();
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM channel_templates WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        > 0;
  }

  static void deleteOfChannel(Handle sql, TenantId tenant, UUID channel) {
    sql.createUpdate(
            "DELETE FROM channel_templates WHERE tenant_id = :tenant AND channel_id = :channel")
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .execute();
  }

  static void synced(Handle sql, TenantId tenant, UUID channel, Instant time) {
    sql.createUpdate(
            "UPDATE channels SET templates_synced_at = :time WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", channel)
        .bind("time", utc(time))
        .execute();
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static MessageTemplate template(ResultSet rs, StatementContext context)
      throws SQLException {
    JsonNode components = Json.tree(rs.getString("components"));
    return new MessageTemplate(
        rs.getObject("id", UUID.class),
        rs.getObject("channel_id", UUID.class),
        rs.getString("provider_id"),
        rs.getString("name"),
        rs.getString("language"),
        rs.getString("category"),
        rs.getString("status"),
        rs.getString("quality"),
        rs.getString("reason"),
        rs.getBoolean("named"),
        components,
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
