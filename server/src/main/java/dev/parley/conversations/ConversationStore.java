package dev.parley.conversations;

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

/// SQL for customers' conversations and who takes part in them.
final class ConversationStore {
  private static final String COLUMNS =
      """
      c.id, c.project_id, c.channel_id, c.contact_id, c.lane, c.status, c.last_seq, c.last_message::text AS last_message,
      c.unread, c.window_until, c.last_at, c.created_at, c.updated_at
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

  static List<Conversation> page(
      Handle sql,
      TenantId tenant,
      @Nullable UUID channel,
      @Nullable UUID contact,
      @Nullable String status,
      @Nullable Boolean unread,
      @Nullable Instant before,
      @Nullable UUID beforeId,
      int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM conversations c
                WHERE c.tenant_id = :tenant AND c.kind = 'customer'
                  AND (CAST(:channel AS uuid) IS NULL OR c.channel_id = :channel)
                  AND (CAST(:contact AS uuid) IS NULL OR c.contact_id = :contact)
                  AND (CAST(:status AS text) IS NULL OR c.status = :status)
                  AND (CAST(:unread AS boolean) IS NULL OR (c.unread > 0) = :unread)
                  AND (CAST(:before AS timestamptz) IS NULL
                    OR (c.last_at, c.id) < (CAST(:before AS timestamptz), CAST(:beforeId AS uuid)))
                ORDER BY c.last_at DESC, c.id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("contact", contact)
        .bind("status", status)
        .bind("unread", unread)
        .bind("before", before == null ? null : before.atOffset(ZoneOffset.UTC))
        .bind("beforeId", beforeId)
        .bind("limit", limit)
        .map(ConversationStore::conversation)
        .list();
  }

  /// What a batch of messages does to a conversation.
  ///
  /// @param unread how many more are unread
  /// @param window null leaves it; it never moves back
  record Progress(
      UUID id,
      long lastSeq,
      Conversation.@Nullable LastMessage last,
      int unread,
      @Nullable Instant window,
      @Nullable String lastInboundProviderId,
      boolean reopen) {}

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
              updated_at = now()
            FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS bigint[]), CAST(:lasts AS text[]),
              CAST(:unread AS int[]), CAST(:windows AS text[]), CAST(:inbound AS text[]), CAST(:reopen AS boolean[]))
              AS u (id, last_seq, last_message, unread, window_until, inbound, reopen)
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
        .execute();
  }

  /// Marks everything as read and answers the provider's id of the customer's last message, if there is one.
  static Optional<String> markRead(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            """
            UPDATE conversations SET unread = 0, updated_at = now() WHERE tenant_id = :tenant AND id = :id
            RETURNING last_inbound_provider_id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .mapTo(String.class)
        .findOne();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static Conversation conversation(ResultSet rs, StatementContext context)
      throws SQLException {
    String last = rs.getString("last_message");
    OffsetDateTime window = rs.getObject("window_until", OffsetDateTime.class);
    return new Conversation(
        rs.getObject("id", UUID.class),
        rs.getObject("project_id", UUID.class),
        rs.getObject("channel_id", UUID.class),
        rs.getObject("contact_id", UUID.class),
        rs.getInt("lane"),
        rs.getString("status"),
        rs.getLong("last_seq"),
        last == null ? null : Json.read(last, Conversation.LastMessage.class),
        rs.getInt("unread"),
        window == null ? null : window.toInstant(),
        rs.getObject("last_at", OffsetDateTime.class).toInstant(),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
