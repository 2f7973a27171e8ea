package dev.parley.conversations;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `messages`.
final class MessageStore {
  private static final String COLUMNS =
      """
      m.id, m.conversation_id, m.seq, m.direction, m.sender_kind, m.sender_id, m.sender_name,
      m.content::text AS content, m.reply_to, m.reply_to_provider_id, m.state, m.failure::text AS failure,
      m.provider_message_id, m.provider_time, m.created_at, m.sent_at, m.delivered_at, m.read_at, m.failed_at,
      m.edited_at, m.deleted_at, m.attempt, m.thread_of, m.mentions::text AS mentions, m.metadata::text AS metadata,
      m.deleted_by
      """;
  private static final String REACTIONS =
      """
      , (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'id', r.actor_id, 'emoji', r.emoji,
            'at', r.reacted_at) ORDER BY r.reacted_at), '[]'::jsonb)
        FROM (SELECT kind, actor_id, emoji, reacted_at FROM message_reactions
          WHERE tenant_id = m.tenant_id AND message_id = m.id
          UNION ALL SELECT 'user', user_id, emoji, reacted_at FROM user_reactions
          WHERE tenant_id = m.tenant_id AND message_id = m.id) r)::text AS reactions,
      CASE WHEN m.channel_id IS NULL THEN (
        SELECT jsonb_build_object('count', t.replies, 'lastAt', t.last_at) FROM message_threads t
        WHERE t.tenant_id = m.tenant_id AND t.root_id = m.id)::text END AS thread
      """;
  private static final TypeReference<List<Message.ReactionOf>> REACTION_LIST =
      new TypeReference<>() {};

  private MessageStore() {}

  /// A provider's id of a message, which is unique on its channel.
  record ProviderId(UUID channel, String id) {}

  /// Which of these provider ids are stored.
  static Set<ProviderId> known(
      Handle sql, TenantId tenant, List<UUID> channels, List<String> providerIds) {
    return new HashSet<>(
        sql.createQuery(
                """
                SELECT m.channel_id, m.provider_message_id
                FROM unnest(CAST(:channels AS uuid[]), CAST(:ids AS text[])) AS u (channel, id)
                JOIN messages m
                  ON m.tenant_id = :tenant AND m.channel_id = u.channel AND m.provider_message_id = u.id
                """)
            .bind("tenant", tenant.value())
            .bindArray("channels", UUID.class, channels)
            .bindArray("ids", String.class, providerIds)
            .map((rs, _) -> new ProviderId(rs.getObject(1, UUID.class), rs.getString(2)))
            .list());
  }

  /// A message to be stored, with what is not part of its public face.
  record Row(Message message, UUID channelId, @Nullable ClientKey clientKey) {}

  /// Inserts all rows or throws; answers how many went in, which is fewer only when a unique key refused some.
  static int insert(Handle sql, TenantId tenant, List<Row> rows) {
    List<Message> messages = rows.stream().map(Row::message).toList();
    return sql.createUpdate(
            """
            INSERT INTO messages (tenant_id, conversation_id, seq, id, channel_id, direction, sender_kind, sender_id,
              sender_name, content, reply_to, reply_to_provider_id, client_key, client_print, provider_message_id,
              provider_time, state, created_at)
            SELECT :tenant, u.conversation, u.seq, u.id, u.channel, u.direction, u.sender_kind, u.sender_id,
              u.sender_name, CAST(u.content AS jsonb), u.reply_to, u.reply_provider, u.client_key, u.client_print,
              u.provider_id, CAST(u.provider_time AS timestamptz), u.state, CAST(u.created_at AS timestamptz)
            FROM unnest(CAST(:conversations AS uuid[]), CAST(:seqs AS bigint[]), CAST(:ids AS uuid[]),
              CAST(:channels AS uuid[]), CAST(:directions AS text[]), CAST(:senderKinds AS text[]),
              CAST(:senderIds AS uuid[]), CAST(:senderNames AS text[]), CAST(:contents AS text[]),
              CAST(:replies AS uuid[]), CAST(:replyProviders AS text[]), CAST(:clientKeys AS text[]),
              CAST(:clientPrints AS text[]),
              CAST(:providerIds AS text[]), CAST(:providerTimes AS text[]), CAST(:states AS text[]),
              CAST(:times AS text[]))
              AS u (conversation, seq, id, channel, direction, sender_kind, sender_id, sender_name, content, reply_to,
                reply_provider, client_key, client_print, provider_id, provider_time, state, created_at)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, map(messages, Message::conversationId))
        .bindArray("seqs", Long.class, map(messages, Message::seq))
        .bindArray("ids", UUID.class, map(messages, Message::id))
        .bindArray("channels", UUID.class, rows.stream().map(Row::channelId).toList())
        .bindArray("directions", String.class, map(messages, m -> word(m.direction())))
        .bindArray("senderKinds", String.class, map(messages, m -> m.sender().kind()))
        .bindArray("senderIds", UUID.class, map(messages, m -> m.sender().id()))
        .bindArray("senderNames", String.class, map(messages, m -> m.sender().name()))
        .bindArray("contents", String.class, map(messages, m -> Json.write(m.content())))
        .bindArray("replies", UUID.class, map(messages, Message::replyTo))
        .bindArray("replyProviders", String.class, map(messages, Message::replyToProviderId))
        .bindArray("clientKeys", String.class, keys(rows, ClientKey::value))
        .bindArray("clientPrints", String.class, keys(rows, ClientKey::print))
        .bindArray("providerIds", String.class, map(messages, Message::providerMessageId))
        .bindArray("providerTimes", String.class, map(messages, m -> text(m.providerTime())))
        .bindArray("states", String.class, map(messages, m -> state(m.state())))
        .bindArray("times", String.class, map(messages, m -> text(m.createdAt())))
        .execute();
  }

  private static List<@Nullable String> keys(
      List<Row> rows, Function<ClientKey, @Nullable String> part) {
    return rows.stream()
        .<@Nullable String>map(row -> row.clientKey() == null ? null : part.apply(row.clientKey()))
        .toList();
  }

  private static <T extends @Nullable Object> List<T> map(
      List<Message> messages, Function<Message, T> field) {
    return messages.stream().map(field).toList();
  }

  static Optional<Message> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + REACTIONS
                + "FROM messages m WHERE m.tenant_id = :tenant AND m.id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(MessageStore::message)
        .findOne();
  }

  static List<Message> find(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + REACTIONS
                + "FROM messages m WHERE m.tenant_id = :tenant AND m.id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map(MessageStore::message)
        .list();
  }

  /// What a client key stands for.
  record OfClientKey(Message message, @Nullable String print) {}

  /// What the keys stand for, each in the conversation at the same place of the other list.
  static List<OfClientKey> ofClientKeys(
      Handle sql, TenantId tenant, List<UUID> conversations, List<String> clientKeys) {
    return sql.createQuery(
            "SELECT m.client_print, "
                + COLUMNS
                + REACTIONS
                + """
                FROM unnest(CAST(:conversations AS uuid[]), CAST(:keys AS text[])) AS u (conversation_id, key)
                JOIN messages m ON m.tenant_id = :tenant AND m.conversation_id = u.conversation_id
                  AND m.client_key = u.key
                """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, conversations)
        .bindArray("keys", String.class, clientKeys)
        .map((rs, context) -> new OfClientKey(message(rs, context), rs.getString("client_print")))
        .list();
  }

  /// Messages before (`forward` false, newest first) or after a number (`forward` true, oldest first).
  static List<Message> page(
      Handle sql, TenantId tenant, UUID conversation, long from, boolean forward, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + REACTIONS
                + "FROM messages m WHERE m.tenant_id = :tenant AND m.conversation_id = :conversation AND "
                + (forward
                    ? "m.seq > :from ORDER BY m.seq LIMIT :limit"
                    : "m.seq < :from ORDER BY m.seq DESC LIMIT :limit"))
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("from", from)
        .bind("limit", limit)
        .map(MessageStore::message)
        .list();
  }

  /// Answers in a thread after a number, oldest first.
  static List<Message> thread(Handle sql, TenantId tenant, UUID root, long after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + REACTIONS
                + """
                FROM messages m
                WHERE m.tenant_id = :tenant AND m.thread_of = :root AND m.seq > :after ORDER BY m.seq LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("root", root)
        .bind("after", after)
        .bind("limit", limit)
        .map(MessageStore::message)
        .list();
  }

  /// Our ids and conversations of provider ids, as far as they are known, on one channel.
  record Place(String providerId, UUID id, UUID conversationId, int lane) {}

  static List<Place> places(
      Handle sql, TenantId tenant, UUID channel, Collection<String> providerIds) {
    return sql.createQuery(
            """
            SELECT m.provider_message_id, m.id, m.conversation_id, c.lane FROM messages m
            JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
            WHERE m.tenant_id = :tenant AND m.channel_id = :channel AND m.provider_message_id = ANY(:ids)
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bindArray("ids", String.class, providerIds)
        .map(
            (rs, _) ->
                new Place(
                    rs.getString(1),
                    rs.getObject(2, UUID.class),
                    rs.getObject(3, UUID.class),
                    rs.getInt(4)))
        .list();
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String state(@Nullable DeliveryState state) {
    return state == null ? null : word(state);
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static Message message(ResultSet rs, StatementContext context) throws SQLException {
    try {
      String state = rs.getString("state");
      String failure = rs.getString("failure");
      return new Message(
          rs.getObject("id", UUID.class),
          rs.getObject("conversation_id", UUID.class),
          rs.getLong("seq"),
          Message.Direction.valueOf(rs.getString("direction").toUpperCase(Locale.ROOT)),
          new Message.Sender(
              rs.getString("sender_kind"),
              rs.getObject("sender_id", UUID.class),
              rs.getString("sender_name")),
          Json.MAPPER.readValue(rs.getString("content"), Content.class),
          rs.getObject("reply_to", UUID.class),
          rs.getString("reply_to_provider_id"),
          state == null ? null : DeliveryState.valueOf(state.toUpperCase(Locale.ROOT)),
          failure == null ? null : Json.read(failure, Failure.class),
          rs.getString("provider_message_id"),
          time(rs, "provider_time"),
          rs.getObject("created_at", OffsetDateTime.class).toInstant(),
          time(rs, "sent_at"),
          time(rs, "delivered_at"),
          time(rs, "read_at"),
          time(rs, "failed_at"),
          time(rs, "edited_at"),
          time(rs, "deleted_at"),
          rs.getInt("attempt"),
          Json.MAPPER.readValue(rs.getString("reactions"), REACTION_LIST),
          rs.getObject("thread_of", UUID.class),
          rs.getString("thread") == null
              ? null
              : Json.read(rs.getString("thread"), Message.Replies.class),
          rs.getString("mentions") == null
              ? null
              : Json.read(rs.getString("mentions"), Message.Mentions.class),
          rs.getString("metadata") == null ? null : Json.tree(rs.getString("metadata")),
          rs.getObject("deleted_by", UUID.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
