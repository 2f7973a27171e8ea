package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for customers' conversations and who takes part in them.
final class ConversationStore {
  static final String COLUMNS =
      """
      c.id, c.project_id, c.channel_id, c.contact_id, c.lane, c.status, c.snoozed_until, c.priority, c.assignee_id,
      c.team_id, c.waiting_since, c.last_seq, c.last_message::text AS last_message, c.unread, c.window_until, c.last_at,
      c.created_at, c.updated_at
      """;

  private ConversationStore() {}

  /// Makes those of the conversations that are not there; answers the new ones. Rows go in by contact, so that two
  /// transactions wait for each other rather than deadlock.
  static List<Conversation> open(Handle sql, TenantId tenant, List<Conversation> wanted) {
    return sql.createQuery(
            """
            INSERT INTO conversations AS c (tenant_id, id, project_id, channel_id, contact_id, lane, last_at,
              window_until, created_at, updated_at)
            SELECT :tenant, u.id, u.project, u.channel, u.contact, u.lane, now(), CAST(u.window_until AS timestamptz),
              now(), now()
            FROM unnest(CAST(:ids AS uuid[]), CAST(:projects AS uuid[]), CAST(:channels AS uuid[]),
              CAST(:contacts AS uuid[]), CAST(:lanes AS int[]), CAST(:windows AS text[]))
              AS u (id, project, channel, contact, lane, window_until)
            ORDER BY u.channel, u.contact
            ON CONFLICT (tenant_id, channel_id, contact_id) DO NOTHING
            RETURNING\s"""
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, wanted.stream().map(Conversation::id).toList())
        .bindArray("projects", UUID.class, wanted.stream().map(Conversation::projectId).toList())
        .bindArray("channels", UUID.class, wanted.stream().map(Conversation::channelId).toList())
        .bindArray("contacts", UUID.class, wanted.stream().map(Conversation::contactId).toList())
        .bindArray("lanes", Integer.class, wanted.stream().map(Conversation::lane).toList())
        .bindArray(
            "windows",
            String.class,
            wanted.stream().<@Nullable String>map(c -> text(c.window())).toList())
        .map(ConversationStore::conversation)
        .list();
  }

  static void addContacts(Handle sql, TenantId tenant, List<Conversation> conversations) {
    sql.createUpdate(
            """
            INSERT INTO participants (tenant_id, conversation_id, kind, participant_id, role, joined_at)
            SELECT :tenant, u.conversation, 'contact', u.contact, 'member', now()
            FROM unnest(CAST(:conversations AS uuid[]), CAST(:contacts AS uuid[])) AS u (conversation, contact)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bindArray(
            "conversations", UUID.class, conversations.stream().map(Conversation::id).toList())
        .bindArray(
            "contacts", UUID.class, conversations.stream().map(Conversation::contactId).toList())
        .execute();
  }

  static void addUser(
      Handle sql, TenantId tenant, UUID conversation, String kind, UUID id, long seenSeq) {
    sql.createUpdate(
            """
            INSERT INTO participants AS p (tenant_id, conversation_id, kind, participant_id, role, joined_at,
              last_seen_seq)
            VALUES (:tenant, :conversation, :kind, :id, 'member', now(), :seen)
            ON CONFLICT (tenant_id, conversation_id, kind, participant_id)
            DO UPDATE SET last_seen_seq = greatest(p.last_seen_seq, EXCLUDED.last_seen_seq)
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("kind", kind)
        .bind("id", id)
        .bind("seen", seenSeq)
        .execute();
  }

  /// Locks the conversations of contacts on channels, in one order for everybody.
  static List<Conversation> lock(
      Handle sql, TenantId tenant, List<UUID> channels, List<UUID> contacts) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM conversations c
                WHERE c.tenant_id = :tenant AND (c.channel_id, c.contact_id) IN (
                  SELECT * FROM unnest(CAST(:channels AS uuid[]), CAST(:contacts AS uuid[])))
                ORDER BY c.id FOR UPDATE OF c
                """)
        .bind("tenant", tenant.value())
        .bindArray("channels", UUID.class, channels)
        .bindArray("contacts", UUID.class, contacts)
        .map(ConversationStore::conversation)
        .list();
  }

  static Optional<Conversation> lock(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM conversations c WHERE c.tenant_id = :tenant AND c.id = :id AND c.kind = 'customer'
                FOR UPDATE OF c
                """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ConversationStore::conversation)
        .findOne();
  }

  static Optional<Conversation> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM conversations c
                WHERE c.tenant_id = :tenant AND c.id = :id AND c.kind = 'customer'
                """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ConversationStore::conversation)
        .findOne();
  }

  /// What a batch of messages does to a conversation.
  ///
  /// @param unread how many more are unread
  /// @param window null leaves it; it never moves back
  /// @param reopen whether it is open from now on, whatever it was
  /// @param waitingSince as it is from now on
  record Progress(
      UUID id,
      long lastSeq,
      Conversation.@Nullable LastMessage last,
      int unread,
      @Nullable Instant window,
      @Nullable String lastInboundProviderId,
      boolean reopen,
      @Nullable Instant waitingSince) {}

  static void advance(Handle sql, TenantId tenant, List<Progress> rows) {
    sql.createUpdate(
            """
            UPDATE conversations c SET
              last_seq = u.last_seq,
              last_message = coalesce(CAST(u.last_message AS jsonb), c.last_message),
              last_at = CASE WHEN u.last_message IS NULL THEN c.last_at ELSE now() END,
              unread = c.unread + u.unread,
              window_until = greatest(c.window_until, CAST(u.window_until AS timestamptz)),
              last_inbound_provider_id = coalesce(u.inbound, c.last_inbound_provider_id),
              status = CASE WHEN u.reopen THEN 'open' ELSE c.status END,
              snoozed_until = CASE WHEN u.reopen THEN NULL ELSE c.snoozed_until END,
              waiting_since = CAST(u.waiting AS timestamptz),
              updated_at = now()
            FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS bigint[]), CAST(:lasts AS text[]),
              CAST(:unread AS int[]), CAST(:windows AS text[]), CAST(:inbound AS text[]), CAST(:reopen AS boolean[]),
              CAST(:waiting AS text[]))
              AS u (id, last_seq, last_message, unread, window_until, inbound, reopen, waiting)
            WHERE c.tenant_id = :tenant AND c.id = u.id
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, rows.stream().map(Progress::id).toList())
        .bindArray("seqs", Long.class, rows.stream().map(Progress::lastSeq).toList())
        .bindArray(
            "lasts",
            String.class,
            rows.stream()
                .<@Nullable String>map(
                    row -> {
                      Conversation.LastMessage last = row.last();
                      return last == null ? null : Json.write(last);
                    })
                .toList())
        .bindArray("unread", Integer.class, rows.stream().map(Progress::unread).toList())
        .bindArray(
            "windows",
            String.class,
            rows.stream().<@Nullable String>map(row -> text(row.window())).toList())
        .bindArray(
            "inbound",
            String.class,
            rows.stream().<@Nullable String>map(Progress::lastInboundProviderId).toList())
        .bindArray("reopen", Boolean.class, rows.stream().map(Progress::reopen).toList())
        .bindArray(
            "waiting",
            String.class,
            rows.stream().<@Nullable String>map(row -> text(row.waitingSince())).toList())
        .execute();
  }

  /// Puts it on the desk like this. A resolved one waits for nothing.
  static Conversation put(Handle sql, TenantId tenant, UUID id, Desk desk) {
    return sql.createQuery(
            """
            UPDATE conversations c SET status = :status, snoozed_until = CAST(:until AS timestamptz),
              priority = :priority, assignee_id = CAST(:assignee AS uuid), team_id = CAST(:team AS uuid),
              waiting_since = CASE WHEN :status = 'resolved' THEN NULL ELSE c.waiting_since END, updated_at = now()
            WHERE c.tenant_id = :tenant AND c.id = :id
            RETURNING\s"""
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("status", Input.word(desk.status()))
        .bind("until", text(desk.snoozedUntil()))
        .bind("priority", desk.priority().level())
        .bind("assignee", desk.assigneeId())
        .bind("team", desk.teamId())
        .map(ConversationStore::conversation)
        .one();
  }

  /// Marks the customer's messages up to a number as read, and answers how many are unread after that. The mark never
  /// moves back. The conversation is locked, so none is added meanwhile.
  static Mark markRead(Handle sql, TenantId tenant, UUID id, long upToSeq) {
    return sql.createQuery(
            """
            UPDATE conversations c SET updated_at = now(), unread = CASE WHEN c.last_seq <= :seq THEN 0 ELSE
              least(c.unread, (SELECT count(*) FROM messages m WHERE m.tenant_id = :tenant
                AND m.conversation_id = :id AND m.seq > :seq AND m.direction = 'inbound')) END
            WHERE c.tenant_id = :tenant AND c.id = :id
            RETURNING c.unread, c.last_inbound_provider_id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("seq", upToSeq)
        .map((rs, _) -> new Mark(rs.getInt(1), rs.getString(2)))
        .one();
  }

  /// What marking as read came to.
  ///
  /// @param unread how many are left
  /// @param lastInbound the provider's id of the customer's last message of all
  record Mark(int unread, @Nullable String lastInbound) {}

  /// The provider's id of the customer's last message up to a number, if there is one.
  static Optional<String> lastInbound(Handle sql, TenantId tenant, UUID id, long upToSeq) {
    return sql.createQuery(
            """
            SELECT provider_message_id FROM messages
            WHERE tenant_id = :tenant AND conversation_id = :id AND seq <= :seq AND direction = 'inbound'
              AND provider_message_id IS NOT NULL
            ORDER BY seq DESC LIMIT 1
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("seq", upToSeq)
        .mapTo(String.class)
        .findOne();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
    @Nullable OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static Conversation conversation(ResultSet rs, StatementContext context) throws SQLException {
    String last = rs.getString("last_message");
    return new Conversation(
        rs.getObject("id", UUID.class),
        rs.getObject("project_id", UUID.class),
        rs.getObject("channel_id", UUID.class),
        rs.getObject("contact_id", UUID.class),
        rs.getInt("lane"),
        ConversationStatus.valueOf(rs.getString("status").toUpperCase(Locale.ROOT)),
        time(rs, "snoozed_until"),
        Priority.ofLevel(rs.getInt("priority")),
        rs.getObject("assignee_id", UUID.class),
        rs.getObject("team_id", UUID.class),
        time(rs, "waiting_since"),
        rs.getLong("last_seq"),
        last == null ? null : Json.read(last, Conversation.LastMessage.class),
        rs.getInt("unread"),
        time(rs, "window_until"),
        rs.getObject("last_at", OffsetDateTime.class).toInstant(),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
