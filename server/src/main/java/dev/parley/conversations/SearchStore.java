package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for `message_search` and `name_search`.
final class SearchStore {
  private SearchStore() {}

  /// A message as it is searched.
  ///
  /// @param words a `tsvector` as text
  record MessageRow(
      UUID id,
      UUID conversationId,
      boolean customer,
      @Nullable UUID senderId,
      String kind,
      boolean hasFile,
      Instant saidAt,
      String words) {}

  static void put(Handle sql, TenantId tenant, Collection<MessageRow> rows) {
    List<MessageRow> all = List.copyOf(rows);
    sql.createUpdate(
            """
            INSERT INTO message_search AS s (tenant_id, message_id, conversation_id, customer, sender_id, kind, has_file,
              said_at, words)
            SELECT :tenant, u.id, u.conversation, u.customer, u.sender, u.kind, u.file, CAST(u.at AS timestamptz),
              CAST(u.words AS tsvector)
            FROM unnest(CAST(:ids AS uuid[]), CAST(:conversations AS uuid[]), CAST(:customers AS boolean[]),
              CAST(:senders AS uuid[]), CAST(:kinds AS text[]), CAST(:files AS boolean[]), CAST(:times AS text[]),
              CAST(:words AS text[])) AS u (id, conversation, customer, sender, kind, file, at, words)
            ON CONFLICT (tenant_id, message_id) DO UPDATE SET kind = EXCLUDED.kind, has_file = EXCLUDED.has_file,
              words = EXCLUDED.words
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, all.stream().map(MessageRow::id).toList())
        .bindArray(
            "conversations", UUID.class, all.stream().map(MessageRow::conversationId).toList())
        .bindArray("customers", Boolean.class, all.stream().map(MessageRow::customer).toList())
        .bindArray(
            "senders", UUID.class, all.stream().<@Nullable UUID>map(MessageRow::senderId).toList())
        .bindArray("kinds", String.class, all.stream().map(MessageRow::kind).toList())
        .bindArray("files", Boolean.class, all.stream().map(MessageRow::hasFile).toList())
        .bindArray("times", String.class, all.stream().map(row -> row.saidAt().toString()).toList())
        .bindArray("words", String.class, all.stream().map(MessageRow::words).toList())
        .execute();
  }

  /// Another content of a message that is searched already.
  static void change(
      Handle sql, TenantId tenant, UUID message, String kind, boolean hasFile, String words) {
    sql.createUpdate(
            """
            UPDATE message_search SET kind = :kind, has_file = :file, words = CAST(:words AS tsvector)
            WHERE tenant_id = :tenant AND message_id = :message
            """)
        .bind("tenant", tenant.value())
        .bind("message", message)
        .bind("kind", kind)
        .bind("file", hasFile)
        .bind("words", words)
        .execute();
  }

  static void remove(Handle sql, TenantId tenant, Collection<UUID> messages) {
    sql.createUpdate(
            "DELETE FROM message_search WHERE tenant_id = :tenant AND message_id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, messages)
        .execute();
  }

  /// Somebody as they are searched.
  ///
  /// @param name as [Words#name] makes it
  record NameRow(UUID id, String name, String keys) {}

  static void putNames(Handle sql, TenantId tenant, String kind, Collection<NameRow> rows) {
    List<NameRow> all = List.copyOf(rows);
    sql.createUpdate(
            """
            INSERT INTO name_search AS n (tenant_id, kind, id, name, keys)
            SELECT :tenant, :kind, u.id, u.name, u.keys
            FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:keys AS text[])) AS u (id, name, keys)
            ORDER BY u.id
            ON CONFLICT (tenant_id, kind, id) DO UPDATE SET name = EXCLUDED.name, keys = EXCLUDED.keys
            WHERE n.name <> EXCLUDED.name OR n.keys <> EXCLUDED.keys
            """)
        .bind("tenant", tenant.value())
        .bind("kind", kind)
        .bindArray("ids", UUID.class, all.stream().map(NameRow::id).toList())
        .bindArray("names", String.class, all.stream().map(NameRow::name).toList())
        .bindArray("keys", String.class, all.stream().map(NameRow::keys).toList())
        .execute();
  }

  static void removeNames(Handle sql, TenantId tenant, String kind, Collection<UUID> ids) {
    sql.createUpdate(
            "DELETE FROM name_search WHERE tenant_id = :tenant AND kind = :kind AND id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bind("kind", kind)
        .bindArray("ids", UUID.class, ids)
        .execute();
  }

  /// A message that was found.
  record Hit(UUID messageId, Instant saidAt) {}

  static List<Hit> messages(
      Handle sql,
      String query,
      UUID user,
      boolean customers,
      MessageSearch.Filter filter,
      @Nullable Hit before,
      int limit) {
    return sql.createQuery(
            """
            SELECT message_id, said_at FROM search_messages(:query, CAST(:user AS uuid), :customers,
              CAST(:conversation AS uuid), CAST(:sender AS uuid), CAST(:kind AS text), CAST(:file AS boolean),
              CAST(:from AS timestamptz), CAST(:to AS timestamptz), CAST(:before AS timestamptz),
              CAST(:beforeId AS uuid), :limit)
            """)
        .bind("query", query)
        .bind("user", user)
        .bind("customers", customers)
        .bind("conversation", filter.conversationId())
        .bind("sender", filter.senderId())
        .bind("kind", filter.kind())
        .bind("file", filter.hasFile())
        .bind("from", time(filter.from()))
        .bind("to", time(filter.to()))
        .bind("before", before == null ? null : time(before.saidAt()))
        .bind("beforeId", before == null ? null : before.messageId())
        .bind("limit", limit)
        .map(
            (rs, _) ->
                new Hit(
                    rs.getObject(1, UUID.class), rs.getObject(2, OffsetDateTime.class).toInstant()))
        .list();
  }

  /// Somebody who was found.
  ///
  /// @param score from 0 to 1; 1 is what was looked for
  record NameHit(UUID id, float score) {}

  static List<NameHit> names(
      Handle sql,
      String kind,
      String name,
      @Nullable String key,
      @Nullable NameHit after,
      int limit) {
    return sql.createQuery(
            """
            SELECT id, score FROM search_names(:kind, :name, CAST(:key AS text), CAST(:score AS real),
              CAST(:id AS uuid), :limit)
            """)
        .bind("kind", kind)
        .bind("name", name)
        .bind("key", key)
        .bind("score", after == null ? null : after.score())
        .bind("id", after == null ? null : after.id())
        .bind("limit", limit)
        .map((rs, _) -> new NameHit(rs.getObject(1, UUID.class), rs.getFloat(2)))
        .list();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}
