package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for users' places in conversations among people: rows of `participants` that are `chat`.
final class ParticipantStore {
  private static final String COLUMNS =
      "p.participant_id, p.role, p.joined_at, p.last_seen_seq, p.last_seen_at";
  private static final String ACTIVE =
      """
      FROM participants p
      WHERE p.tenant_id = :tenant AND p.conversation_id = :conversation AND p.kind = 'user' AND p.chat
        AND p.left_at IS NULL
      """;

  private ParticipantStore() {}

  /// Adds users or brings them back; answers those who were not in it. What was said before they came is not unread.
  static Set<UUID> add(
      Handle sql,
      TenantId tenant,
      UUID conversation,
      Collection<UUID> users,
      ChatRole role,
      long lastSeq,
      Instant now) {
    return new HashSet<>(
        sql.createQuery(
                """
                INSERT INTO participants AS p (tenant_id, conversation_id, kind, participant_id, role, joined_at,
                  last_seen_seq, chat)
                SELECT :tenant, :conversation, 'user', u.id, :role, :now, :seq, true
                FROM unnest(CAST(:users AS uuid[])) AS u (id) ORDER BY u.id
                ON CONFLICT (tenant_id, conversation_id, kind, participant_id) DO UPDATE SET
                  role = EXCLUDED.role, joined_at = EXCLUDED.joined_at, left_at = NULL,
                  last_seen_seq = EXCLUDED.last_seen_seq, own_after = 0, muted_until = NULL, archived_at = NULL
                WHERE p.left_at IS NOT NULL
                RETURNING p.participant_id
                """)
            .bind("tenant", tenant.value())
            .bind("conversation", conversation)
            .bindArray("users", UUID.class, users)
            .bind("role", ChatStore.word(role))
            .bind("seq", lastSeq)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .mapTo(UUID.class)
            .list());
  }

  /// Those of the users who are in more conversations than they may be.
  static List<UUID> overfull(Handle sql, TenantId tenant, Collection<UUID> users, int most) {
    return sql.createQuery(
            """
            SELECT p.participant_id FROM participants p
            WHERE p.tenant_id = :tenant AND p.participant_id = ANY(:users) AND p.kind = 'user' AND p.chat
              AND p.left_at IS NULL
            GROUP BY p.participant_id HAVING count(*) > :most
            """)
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .bind("most", most)
        .mapTo(UUID.class)
        .list();
  }

  static Optional<Chat.Participant> find(
      Handle sql, TenantId tenant, UUID conversation, UUID user) {
    return sql.createQuery("SELECT " + COLUMNS + " " + ACTIVE + " AND p.participant_id = :user")
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .map((rs, _) -> participant(rs))
        .findOne();
  }

  /// For each of the users those who are in a conversation that the user is in too; at most `limit` pairs.
  static Map<UUID, Set<UUID>> acquaintances(
      Handle sql, TenantId tenant, Collection<UUID> users, int limit) {
    var all = new HashMap<UUID, Set<UUID>>();
    sql.createQuery(
            """
            SELECT DISTINCT mine.participant_id, other.participant_id
            FROM unnest(CAST(:users AS uuid[])) AS u (id)
            JOIN participants mine ON mine.tenant_id = :tenant AND mine.participant_id = u.id AND mine.chat
              AND mine.left_at IS NULL
            JOIN participants other ON other.tenant_id = :tenant
              AND other.conversation_id = mine.conversation_id AND other.kind = 'user' AND other.chat
              AND other.left_at IS NULL AND other.participant_id <> u.id
            LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .bind("limit", limit)
        .map((rs, _) -> Map.entry(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class)))
        .forEach(
            pair -> all.computeIfAbsent(pair.getKey(), _ -> new HashSet<>()).add(pair.getValue()));
    return all;
  }

  /// Those of the users who are in it.
  static Set<UUID> among(Handle sql, TenantId tenant, UUID conversation, Collection<UUID> users) {
    return new HashSet<>(
        sql.createQuery("SELECT p.participant_id " + ACTIVE + " AND p.participant_id = ANY(:users)")
            .bind("tenant", tenant.value())
            .bind("conversation", conversation)
            .bindArray("users", UUID.class, users)
            .mapTo(UUID.class)
            .list());
  }

  /// In the order of their ids; `readSeq` narrows it to those who have read that far.
  static List<Chat.Participant> page(
      Handle sql,
      TenantId tenant,
      UUID conversation,
      @Nullable Long readSeq,
      @Nullable UUID after,
      int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + " "
                + ACTIVE
                + """
                  AND (CAST(:read AS bigint) IS NULL OR p.last_seen_seq >= :read)
                  AND (CAST(:after AS uuid) IS NULL OR p.participant_id > :after)
                ORDER BY p.participant_id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("read", readSeq)
        .bind("after", after)
        .bind("limit", limit)
        .map((rs, _) -> participant(rs))
        .list();
  }

  /// Who comes after the owner: the administrator who has been there longest, or else whoever has.
  static Optional<UUID> heir(Handle sql, TenantId tenant, UUID conversation, UUID owner) {
    return sql.createQuery(
            "SELECT p.participant_id "
                + ACTIVE
                + """
                  AND p.participant_id <> :owner
                ORDER BY array_position(ARRAY['admin', 'member', 'reader'], p.role), p.joined_at, p.participant_id
                LIMIT 1
                """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("owner", owner)
        .mapTo(UUID.class)
        .findOne();
  }

  static void changeRole(Handle sql, TenantId tenant, UUID conversation, UUID user, ChatRole role) {
    sql.createUpdate("UPDATE participants SET role = :role " + ONE)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .bind("role", ChatStore.word(role))
        .execute();
  }

  private static final String ONE =
      """
      WHERE tenant_id = :tenant AND conversation_id = :conversation AND kind = 'user' AND participant_id = :user
        AND chat AND left_at IS NULL
      """;

  static void leave(Handle sql, TenantId tenant, UUID conversation, UUID user, Instant now) {
    sql.createUpdate("UPDATE participants SET left_at = :now " + ONE)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void settle(
      Handle sql,
      TenantId tenant,
      UUID conversation,
      UUID user,
      @Nullable Instant mutedUntil,
      @Nullable Instant archivedAt) {
    sql.createUpdate("UPDATE participants SET muted_until = :muted, archived_at = :archived " + ONE)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .bind("muted", mutedUntil == null ? null : mutedUntil.atOffset(ZoneOffset.UTC))
        .bind("archived", archivedAt == null ? null : archivedAt.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// A participant's reading mark.
  ///
  /// @param lastSeq of the conversation
  record Mark(long seenSeq, long lastSeq) {}

  /// Locks the participant's row. What is asked in the statements after it sees every message of theirs that was
  /// stored before, because storing one ends with this row.
  static Optional<Mark> lockMark(Handle sql, TenantId tenant, UUID conversation, UUID user) {
    return sql.createQuery(
            """
            SELECT p.last_seen_seq, c.last_seq FROM participants p
            JOIN conversations c ON c.tenant_id = p.tenant_id AND c.id = p.conversation_id
            WHERE p.tenant_id = :tenant AND p.conversation_id = :conversation AND p.kind = 'user'
              AND p.participant_id = :user AND p.chat AND p.left_at IS NULL
            FOR UPDATE OF p
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .map((rs, _) -> new Mark(rs.getLong(1), rs.getLong(2)))
        .findOne();
  }

  /// Moves the mark forward; the row must be locked and `seq` be beyond what it is.
  static void read(
      Handle sql, TenantId tenant, UUID conversation, UUID user, long seq, Instant now) {
    sql.createUpdate(
            """
            UPDATE participants SET last_seen_seq = :seq, last_seen_at = :now, own_after = (
              SELECT count(*) FROM messages m
              WHERE m.tenant_id = :tenant AND m.conversation_id = :conversation AND m.seq > :seq
                AND m.sender_kind = 'user' AND m.sender_id = :user AND m.deleted_by IS NULL)
            """
                + ONE)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .bind("seq", seq)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// After a message of the user's own was taken back.
  static void tookBack(Handle sql, TenantId tenant, UUID conversation, UUID user, long seq) {
    sql.createUpdate(
            """
            UPDATE participants SET own_after = own_after - 1
            WHERE tenant_id = :tenant AND conversation_id = :conversation AND kind = 'user' AND participant_id = :user
              AND chat AND left_at IS NULL AND last_seen_seq < :seq
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("user", user)
        .bind("seq", seq)
        .execute();
  }

  private static Chat.Participant participant(ResultSet rs) throws SQLException {
    return new Chat.Participant(
        rs.getObject("participant_id", UUID.class),
        AccessStore.role(rs.getString("role")),
        rs.getObject("joined_at", OffsetDateTime.class).toInstant(),
        rs.getLong("last_seen_seq"),
        MessageStore.time(rs, "last_seen_at"));
  }
}
