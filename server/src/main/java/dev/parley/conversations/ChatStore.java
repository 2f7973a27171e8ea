package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for conversations among people: rows of `conversations` whose kind is not customer.
final class ChatStore {
  // In every message_mentions row of this user everybody is meant.
  static final UUID EVERYBODY = new UUID(0, 0);

  private static final String COLUMNS =
      """
      c.id, c.kind, c.lane, c.title, c.description, c.avatar_file_id, c.privacy, c.invite_policy, c.created_by,
      c.direct_key, c.participant_count, c.last_seq, c.last_message::text AS last_message, c.last_at, c.created_at,
      c.updated_at, c.archived_at
      """;
  // What is unread is counted by subtraction; only what was taken back has to be looked up.
  private static final String OWN =
      """
      , p.participant_id, p.role, p.joined_at, p.last_seen_seq, p.muted_until,
      p.archived_at IS NOT NULL AS own_archived,
      c.last_seq - p.last_seen_seq - p.own_after - (
        SELECT count(*) FROM messages d
        WHERE d.tenant_id = p.tenant_id AND d.conversation_id = p.conversation_id AND d.seq > p.last_seen_seq
          AND d.deleted_by IS NOT NULL) AS unread,
      (SELECT count(DISTINCT x.seq) FROM message_mentions x
        WHERE x.tenant_id = p.tenant_id AND x.conversation_id = p.conversation_id
          AND x.user_id IN (p.participant_id, '00000000-0000-0000-0000-000000000000') AND x.seq > p.last_seen_seq
          AND x.sender_id <> p.participant_id) AS mentions
      """;
  private static final String NO_OWN = ", NULL AS role ";

  private ChatStore() {}

  /// Inserts it; false when there is the direct conversation of the pair already.
  static boolean insert(Handle sql, TenantId tenant, Chat chat, @Nullable String directKey) {
    return sql.createUpdate(
                """
                INSERT INTO conversations (tenant_id, id, kind, lane, title, description, avatar_file_id, privacy,
                  invite_policy, created_by, direct_key, last_at, created_at, updated_at)
                VALUES (:tenant, :id, :kind, :lane, :title, :description, :avatar, :privacy, :invite, :by, :direct,
                  :now, :now, :now)
                ON CONFLICT (tenant_id, direct_key) WHERE direct_key IS NOT NULL DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("id", chat.id())
            .bind("kind", word(chat.kind()))
            .bind("lane", chat.lane())
            .bind("title", chat.title())
            .bind("description", chat.description())
            .bind("avatar", chat.avatarFileId())
            .bind("privacy", word(chat.privacy()))
            .bind("invite", word(chat.invitePolicy()))
            .bind("by", chat.createdBy())
            .bind("direct", directKey)
            .bind("now", chat.createdAt().atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static Optional<UUID> direct(Handle sql, TenantId tenant, String directKey) {
    return sql.createQuery(
            "SELECT id FROM conversations WHERE tenant_id = :tenant AND direct_key = :key")
        .bind("tenant", tenant.value())
        .bind("key", directKey)
        .mapTo(UUID.class)
        .findOne();
  }

  /// Locks it, which is what puts all that happens in it in one order. Without anybody's own place.
  static Optional<Chat> lock(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + NO_OWN
                + """
                FROM conversations c
                WHERE c.tenant_id = :tenant AND c.id = :id AND c.kind <> 'customer' FOR UPDATE OF c
                """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map((rs, _) -> chat(rs, null))
        .findOne();
  }

  /// Locks those of them that are there, in the order of their ids, and that nobody else has locked.
  static List<Chat> lockFree(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + NO_OWN
                + """
                FROM conversations c
                WHERE c.tenant_id = :tenant AND c.id = ANY(:ids) AND c.kind <> 'customer'
                ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
                """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map((rs, _) -> chat(rs, null))
        .list();
  }

  /// As a participant sees it; empty for who is none.
  static Optional<Chat> find(Handle sql, TenantId tenant, UUID id, UUID user) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + OWN
                + """
                FROM conversations c
                JOIN participants p ON p.tenant_id = c.tenant_id AND p.conversation_id = c.id AND p.kind = 'user'
                  AND p.participant_id = :user AND p.chat AND p.left_at IS NULL
                WHERE c.tenant_id = :tenant AND c.id = :id
                """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("user", user)
        .map((rs, _) -> chat(rs, user))
        .findOne();
  }

  /// A user's own, the ones with the newest message first.
  static List<Chat> mine(
      Handle sql,
      TenantId tenant,
      UUID user,
      @Nullable ConversationKind kind,
      boolean archived,
      @Nullable Instant before,
      @Nullable UUID beforeId,
      int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + OWN
                + """
                FROM participants p
                JOIN conversations c ON c.tenant_id = p.tenant_id AND c.id = p.conversation_id
                WHERE p.tenant_id = :tenant AND p.kind = 'user' AND p.participant_id = :user AND p.chat
                  AND p.left_at IS NULL
                  AND (CAST(:kind AS text) IS NULL OR c.kind = :kind)
                  AND (p.archived_at IS NOT NULL OR c.archived_at IS NOT NULL) = :archived
                  AND (CAST(:before AS timestamptz) IS NULL
                    OR (c.last_at, c.id) < (CAST(:before AS timestamptz), CAST(:beforeId AS uuid)))
                ORDER BY c.last_at DESC, c.id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("user", user)
        .bind("kind", kind == null ? null : word(kind))
        .bind("archived", archived)
        .bind("before", before == null ? null : before.atOffset(ZoneOffset.UTC))
        .bind("beforeId", beforeId)
        .bind("limit", limit)
        .map((rs, _) -> chat(rs, user))
        .list();
  }

  /// Those that anybody may join, in the order of their making; `part` is a part of the title in lower case.
  static List<Chat> open(
      Handle sql, TenantId tenant, @Nullable String part, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + NO_OWN
                + """
                FROM conversations c
                WHERE c.tenant_id = :tenant AND c.kind <> 'customer' AND c.privacy = 'public'
                  AND c.archived_at IS NULL
                  AND (CAST(:part AS text) IS NULL OR strpos(lower(c.title), :part) > 0)
                  AND (CAST(:after AS uuid) IS NULL OR c.id > :after)
                ORDER BY c.id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("part", part)
        .bind("after", after)
        .bind("limit", limit)
        .map((rs, _) -> withoutLast(chat(rs, null)))
        .list();
  }

  // Who is no participant does not learn what is said.
  private static Chat withoutLast(Chat chat) {
    return new Chat(
        chat.id(),
        chat.kind(),
        chat.lane(),
        chat.title(),
        chat.description(),
        chat.avatarFileId(),
        chat.privacy(),
        chat.invitePolicy(),
        chat.createdBy(),
        null,
        chat.participants(),
        chat.lastSeq(),
        null,
        chat.lastAt(),
        chat.createdAt(),
        chat.updatedAt(),
        null,
        null);
  }

  static void update(Handle sql, TenantId tenant, Chat chat) {
    sql.createUpdate(
            """
            UPDATE conversations SET title = :title, description = :description, avatar_file_id = :avatar,
              privacy = :privacy, invite_policy = :invite, archived_at = :archived, updated_at = :now
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", chat.id())
        .bind("title", chat.title())
        .bind("description", chat.description())
        .bind("avatar", chat.avatarFileId())
        .bind("privacy", word(chat.privacy()))
        .bind("invite", word(chat.invitePolicy()))
        .bind("archived", time(chat.archivedAt()))
        .bind("now", chat.updatedAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Puts another text where lists show the message, if it is the last one.
  static void preview(Handle sql, TenantId tenant, UUID id, UUID message, String preview) {
    sql.createUpdate(
            """
            UPDATE conversations
            SET last_message = jsonb_set(last_message, '{preview}', to_jsonb(CAST(:preview AS text)))
            WHERE tenant_id = :tenant AND id = :id AND last_message ->> 'id' = :message
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("message", message.toString())
        .bind("preview", preview)
        .execute();
  }

  /// Counts who is in it again, after that has changed.
  static int recount(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            """
            UPDATE conversations c SET participant_count = (
              SELECT count(*) FROM participants p
              WHERE p.tenant_id = :tenant AND p.conversation_id = :id AND p.chat AND p.left_at IS NULL)
            WHERE c.tenant_id = :tenant AND c.id = :id RETURNING c.participant_count
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .mapTo(Integer.class)
        .one();
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private static Chat chat(ResultSet rs, @Nullable UUID user) throws SQLException {
    String last = rs.getString("last_message");
    String direct = rs.getString("direct_key");
    return new Chat(
        rs.getObject("id", UUID.class),
        AccessStore.kind(rs.getString("kind")),
        rs.getInt("lane"),
        rs.getString("title"),
        rs.getString("description"),
        rs.getObject("avatar_file_id", UUID.class),
        Chat.Privacy.valueOf(rs.getString("privacy").toUpperCase(Locale.ROOT)),
        Chat.InvitePolicy.valueOf(rs.getString("invite_policy").toUpperCase(Locale.ROOT)),
        rs.getObject("created_by", UUID.class),
        direct == null || user == null ? null : other(direct, user),
        rs.getInt("participant_count"),
        rs.getLong("last_seq"),
        last == null ? null : Json.read(last, Chat.LastMessage.class),
        rs.getObject("last_at", OffsetDateTime.class).toInstant(),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant(),
        MessageStore.time(rs, "archived_at"),
        rs.getString("role") == null ? null : own(rs));
  }

  private static UUID other(String directKey, UUID user) {
    String[] both = directKey.split(":", 2);
    return UUID.fromString(both[0].equals(user.toString()) ? both[1] : both[0]);
  }

  private static Chat.Own own(ResultSet rs) throws SQLException {
    return new Chat.Own(
        AccessStore.role(rs.getString("role")),
        rs.getObject("joined_at", OffsetDateTime.class).toInstant(),
        rs.getLong("last_seen_seq"),
        rs.getLong("unread"),
        rs.getLong("mentions"),
        MessageStore.time(rs, "muted_until"),
        rs.getBoolean("own_archived"));
  }
}
