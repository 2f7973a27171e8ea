package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for what people do with messages: `messages` of conversations among them with what follows from one, `message_mentions`,
/// `message_threads`, `user_reactions`, `message_pins`.
final class ChatMessageStore {
  private ChatMessageStore() {}

  /// A message to be stored.
  ///
  /// @param last what lists show of it
  record Row(Message message, @Nullable ClientKey key, Chat.LastMessage last) {}

  /// Stores messages of different conversations and makes each the last one of its own. A writer who had read everything
  /// has read this too; for others it is one of their own among what they have not read.
  static void post(Handle sql, TenantId tenant, List<Row> rows) {
    sql.createUpdate(
            """
            WITH u AS MATERIALIZED (
              SELECT * FROM unnest(CAST(:conversations AS uuid[]), CAST(:seqs AS bigint[]), CAST(:ids AS uuid[]),
                CAST(:senders AS uuid[]), CAST(:names AS text[]), CAST(:contents AS text[]), CAST(:replies AS uuid[]),
                CAST(:keys AS text[]), CAST(:prints AS text[]), CAST(:times AS timestamptz[]),
                CAST(:threads AS uuid[]), CAST(:mentions AS text[]), CAST(:metadata AS text[]),
                CAST(:lasts AS text[]))
                AS u (conversation_id, seq, id, sender_id, name, content, reply_to, key, print, time, thread_of,
                  mentions, metadata, last)),
            stored AS (
              INSERT INTO messages (tenant_id, conversation_id, seq, id, direction, sender_kind, sender_id,
                sender_name, content, reply_to, client_key, client_print, created_at, thread_of, mentions, metadata)
              SELECT :tenant, u.conversation_id, u.seq, u.id, 'outbound', 'user', u.sender_id, u.name,
                CAST(u.content AS jsonb), u.reply_to, u.key, u.print, u.time, u.thread_of,
                CAST(u.mentions AS jsonb), CAST(u.metadata AS jsonb)
              FROM u),
            advanced AS (
              UPDATE conversations c SET last_seq = u.seq, last_message = CAST(u.last AS jsonb), last_at = u.time,
                updated_at = u.time
              FROM u WHERE c.tenant_id = :tenant AND c.id = u.conversation_id)
            UPDATE participants p SET
              own_after = CASE WHEN p.last_seen_seq + p.own_after >= u.seq - 1 THEN 0 ELSE p.own_after + 1 END,
              last_seen_at = CASE WHEN p.last_seen_seq + p.own_after >= u.seq - 1 THEN u.time ELSE p.last_seen_at END,
              last_seen_seq = CASE WHEN p.last_seen_seq + p.own_after >= u.seq - 1 THEN u.seq ELSE p.last_seen_seq END
            FROM u
            WHERE p.tenant_id = :tenant AND p.conversation_id = u.conversation_id AND p.kind = 'user'
              AND p.participant_id = u.sender_id AND p.chat AND p.left_at IS NULL
            """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, of(rows, m -> m.conversationId()))
        .bindArray("seqs", Long.class, of(rows, Message::seq))
        .bindArray("ids", UUID.class, of(rows, Message::id))
        .bindArray("senders", UUID.class, of(rows, m -> m.sender().id()))
        .bindArray("names", String.class, of(rows, m -> m.sender().name()))
        .bindArray("contents", String.class, of(rows, m -> Json.write(m.content())))
        .bindArray("replies", UUID.class, of(rows, Message::replyTo))
        .bindArray("keys", String.class, keys(rows, ClientKey::value))
        .bindArray("prints", String.class, keys(rows, ClientKey::print))
        .bindArray("times", String.class, of(rows, m -> m.createdAt().toString()))
        .bindArray("threads", UUID.class, of(rows, Message::threadOf))
        .bindArray("mentions", String.class, of(rows, m -> json(m.mentions())))
        .bindArray("metadata", String.class, of(rows, m -> json(m.metadata())))
        .bindArray("lasts", String.class, rows.stream().map(row -> Json.write(row.last())).toList())
        .execute();
  }

  private static @Nullable String json(@Nullable Object value) {
    return value == null ? null : Json.write(value);
  }

  private static <T extends @Nullable Object> List<T> of(
      List<Row> rows, Function<Message, T> field) {
    return rows.stream().map(row -> field.apply(row.message())).toList();
  }

  private static List<@Nullable String> keys(
      List<Row> rows, Function<ClientKey, @Nullable String> part) {
    return rows.stream()
        .<@Nullable String>map(row -> row.key() == null ? null : part.apply(row.key()))
        .toList();
  }

  static void mention(
      Handle sql,
      TenantId tenant,
      UUID conversation,
      long seq,
      UUID sender,
      Collection<UUID> users) {
    var all = new HashSet<>(users);
    sql.createUpdate(
            """
            DELETE FROM message_mentions WHERE tenant_id = :tenant AND conversation_id = :conversation AND seq = :seq
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("seq", seq)
        .execute();
    if (all.isEmpty()) {
      return;
    }
    sql.createUpdate(
            """
            INSERT INTO message_mentions (tenant_id, conversation_id, user_id, seq, sender_id)
            SELECT :tenant, :conversation, u.id, :seq, :sender FROM unnest(CAST(:users AS uuid[])) AS u (id)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("seq", seq)
        .bind("sender", sender)
        .bindArray("users", UUID.class, all)
        .execute();
  }

  /// One more answer in a thread, or one fewer.
  static void countReply(Handle sql, TenantId tenant, UUID root, int more, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO message_threads AS t (tenant_id, root_id, replies, last_at)
            VALUES (:tenant, :root, greatest(0, :more), :now)
            ON CONFLICT (tenant_id, root_id) DO UPDATE SET replies = t.replies + :more,
              last_at = CASE WHEN :more > 0 THEN EXCLUDED.last_at ELSE t.last_at END
            """)
        .bind("tenant", tenant.value())
        .bind("root", root)
        .bind("more", more)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Who has written in a thread, the first one first; at most `limit`.
  static List<UUID> writers(Handle sql, TenantId tenant, UUID root, int limit) {
    return sql.createQuery(
            """
            SELECT m.sender_id FROM messages m
            WHERE m.tenant_id = :tenant AND m.thread_of = :root AND m.deleted_at IS NULL
            GROUP BY m.sender_id ORDER BY min(m.seq) LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("root", root)
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /// Keeps the present content as history and puts another in its place.
  static void edit(
      Handle sql,
      TenantId tenant,
      UUID message,
      Content content,
      Message.@Nullable Mentions mentions,
      Instant now) {
    keep(sql, tenant, message, now);
    sql.createUpdate(
            """
            UPDATE messages SET content = CAST(:content AS jsonb), mentions = CAST(:mentions AS jsonb),
              edited_at = :now
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", message)
        .bind("content", Json.write(content))
        .bind("mentions", mentions == null ? null : Json.write(mentions))
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Keeps the present content for as long as the retention says, and puts a tombstone in its place.
  static void delete(
      Handle sql, TenantId tenant, UUID message, Content tombstone, UUID by, Instant now) {
    keep(sql, tenant, message, now);
    sql.createUpdate(
            """
            UPDATE messages SET content = CAST(:content AS jsonb), mentions = NULL, metadata = NULL,
              deleted_at = :now, deleted_by = :by
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", message)
        .bind("content", Json.write(tombstone))
        .bind("by", by)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static void keep(Handle sql, TenantId tenant, UUID message, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO message_edits (tenant_id, message_id, edited_at, content)
            SELECT m.tenant_id, m.id, :now, m.content FROM messages m WHERE m.tenant_id = :tenant AND m.id = :id
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bind("id", message)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// What a message said.
  ///
  /// @param until when it was changed to what came after it
  record Earlier(OffsetDateTime until, Content content) {}

  static List<Earlier> edits(Handle sql, TenantId tenant, UUID message) {
    return sql.createQuery(
            """
            SELECT edited_at, content::text FROM message_edits
            WHERE tenant_id = :tenant AND message_id = :message ORDER BY edited_at LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("message", message)
        .bind("limit", ChatLimits.EDITS)
        .map(
            (rs, _) ->
                new Earlier(
                    rs.getObject(1, OffsetDateTime.class),
                    Json.read(rs.getString(2), Content.class)))
        .list();
  }

  /// Forgets what messages said that users took away before a time; answers how many contents those were.
  static int forgetDeleted(Handle sql, TenantId tenant, Instant before) {
    return sql.createUpdate(
            """
            DELETE FROM message_edits e USING messages m
            WHERE e.tenant_id = :tenant AND m.tenant_id = :tenant AND m.id = e.message_id
              AND m.deleted_by IS NOT NULL AND m.deleted_at < :before
            """)
        .bind("tenant", tenant.value())
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Adds it; false when it is there.
  static boolean react(
      Handle sql, TenantId tenant, UUID message, UUID user, String emoji, Instant now) {
    return sql.createUpdate(
                """
                INSERT INTO user_reactions (tenant_id, message_id, emoji, user_id, reacted_at)
                VALUES (:tenant, :message, :emoji, :user, :now) ON CONFLICT DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("message", message)
            .bind("emoji", emoji)
            .bind("user", user)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static boolean unreact(Handle sql, TenantId tenant, UUID message, UUID user, String emoji) {
    return sql.createUpdate(
                """
                DELETE FROM user_reactions
                WHERE tenant_id = :tenant AND message_id = :message AND emoji = :emoji AND user_id = :user
                """)
            .bind("tenant", tenant.value())
            .bind("message", message)
            .bind("emoji", emoji)
            .bind("user", user)
            .execute()
        > 0;
  }

  /// How many reactions of users a message has, and with how many emoji.
  record Reactions(int all, int emoji) {}

  static Reactions reactions(Handle sql, TenantId tenant, UUID message) {
    return sql.createQuery(
            """
            SELECT count(*), count(DISTINCT emoji) FROM user_reactions
            WHERE tenant_id = :tenant AND message_id = :message
            """)
        .bind("tenant", tenant.value())
        .bind("message", message)
        .map((rs, _) -> new Reactions(rs.getInt(1), rs.getInt(2)))
        .one();
  }

  static boolean pin(
      Handle sql, TenantId tenant, UUID conversation, UUID message, UUID by, Instant now) {
    return sql.createUpdate(
                """
                INSERT INTO message_pins (tenant_id, conversation_id, message_id, pinned_by, pinned_at)
                VALUES (:tenant, :conversation, :message, :by, :now) ON CONFLICT DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("conversation", conversation)
            .bind("message", message)
            .bind("by", by)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static boolean unpin(Handle sql, TenantId tenant, UUID conversation, UUID message) {
    return sql.createUpdate(
                """
                DELETE FROM message_pins
                WHERE tenant_id = :tenant AND conversation_id = :conversation AND message_id = :message
                """)
            .bind("tenant", tenant.value())
            .bind("conversation", conversation)
            .bind("message", message)
            .execute()
        > 0;
  }

  /// What is pinned, the newest pin first.
  ///
  /// @param by who pinned it
  record Pin(UUID messageId, UUID by, Instant at) {}

  static List<Pin> pins(Handle sql, TenantId tenant, UUID conversation) {
    return sql.createQuery(
            """
            SELECT message_id, pinned_by, pinned_at FROM message_pins
            WHERE tenant_id = :tenant AND conversation_id = :conversation ORDER BY pinned_at DESC, message_id
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .map(
            (rs, _) ->
                new Pin(
                    rs.getObject(1, UUID.class),
                    rs.getObject(2, UUID.class),
                    rs.getObject(3, OffsetDateTime.class).toInstant()))
        .list();
  }
}
