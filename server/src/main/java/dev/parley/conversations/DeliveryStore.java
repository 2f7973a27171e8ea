package dev.parley.conversations;

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
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for what becomes of outbound messages: the delivery columns of `messages`, and `pending_receipts`.
final class DeliveryStore {
  private static final String COLUMNS =
      """
      m.id, m.conversation_id, m.channel_id, c.lane, m.provider_message_id, m.state, m.attempt, m.claimed_at,
      m.sent_at, m.delivered_at, m.read_at, m.failed_at, m.failure::text AS failure, m.pricing::text AS pricing
      """;

  private DeliveryStore() {}

  /// An outbound message as delivery sees it.
  record Row(
      UUID id,
      UUID conversationId,
      UUID channelId,
      int lane,
      @Nullable String providerId,
      DeliveryState state,
      int attempt,
      @Nullable Instant claimedAt,
      @Nullable Instant sentAt,
      @Nullable Instant deliveredAt,
      @Nullable Instant readAt,
      @Nullable Instant failedAt,
      @Nullable Failure failure,
      @Nullable JsonNode pricing) {}

  /// Locks outbound messages by our ids or by provider ids of a channel, in one order for everybody.
  static List<Row> lock(
      Handle sql,
      TenantId tenant,
      UUID channel,
      Collection<String> providerIds,
      Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM messages m
                JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
                WHERE m.tenant_id = :tenant AND m.state IS NOT NULL AND m.id IN (
                  SELECT p.id FROM messages p
                  WHERE p.tenant_id = :tenant AND p.channel_id = :channel AND p.provider_message_id = ANY(:providerIds)
                  UNION SELECT q.id FROM messages q
                  WHERE q.tenant_id = :tenant AND q.channel_id = :channel AND q.id = ANY(:ids))
                ORDER BY m.id FOR UPDATE OF m
                """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bindArray("providerIds", String.class, providerIds)
        .bindArray("ids", UUID.class, ids)
        .map(DeliveryStore::row)
        .list();
  }

  static Optional<Row> lock(Handle sql, TenantId tenant, UUID id) {
    return one(sql, tenant, id, " FOR UPDATE OF m");
  }

  /// As it stands now; nothing is locked, which would write to the disk.
  static Optional<Row> find(Handle sql, TenantId tenant, UUID id) {
    return one(sql, tenant, id, "");
  }

  private static Optional<Row> one(Handle sql, TenantId tenant, UUID id, String locking) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM messages m
                JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
                WHERE m.tenant_id = :tenant AND m.id = :id AND m.state IS NOT NULL
                """
                + locking)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(DeliveryStore::row)
        .findOne();
  }

  static void update(Handle sql, TenantId tenant, List<Row> rows) {
    sql.createUpdate(
            """
            UPDATE messages m SET state = u.state, provider_message_id = u.provider_id, attempt = u.attempt,
              claimed_at = CAST(u.claimed_at AS timestamptz), sent_at = CAST(u.sent_at AS timestamptz),
              delivered_at = CAST(u.delivered_at AS timestamptz), read_at = CAST(u.read_at AS timestamptz),
              failed_at = CAST(u.failed_at AS timestamptz), failure = CAST(u.failure AS jsonb),
              pricing = CAST(u.pricing AS jsonb)
            FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:providerIds AS text[]),
              CAST(:attempts AS int[]), CAST(:claimed AS text[]), CAST(:sent AS text[]), CAST(:delivered AS text[]),
              CAST(:read AS text[]), CAST(:failed AS text[]), CAST(:failures AS text[]), CAST(:pricing AS text[]))
              AS u (id, state, provider_id, attempt, claimed_at, sent_at, delivered_at, read_at, failed_at, failure,
                pricing)
            WHERE m.tenant_id = :tenant AND m.id = u.id
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, rows.stream().map(Row::id).toList())
        .bindArray(
            "states",
            String.class,
            rows.stream().map(row -> MessageStore.word(row.state())).toList())
        .bindArray("providerIds", String.class, texts(rows, Row::providerId))
        .bindArray("attempts", Integer.class, rows.stream().map(Row::attempt).toList())
        .bindArray("claimed", String.class, texts(rows, Row::claimedAt))
        .bindArray("sent", String.class, texts(rows, Row::sentAt))
        .bindArray("delivered", String.class, texts(rows, Row::deliveredAt))
        .bindArray("read", String.class, texts(rows, Row::readAt))
        .bindArray("failed", String.class, texts(rows, Row::failedAt))
        .bindArray(
            "failures",
            String.class,
            texts(rows, row -> row.failure() == null ? null : Json.write(row.failure())))
        .bindArray("pricing", String.class, texts(rows, Row::pricing))
        .execute();
  }

  private static List<@Nullable String> texts(
      List<Row> rows, Function<Row, @Nullable Object> field) {
    return rows.stream()
        .<@Nullable String>map(
            row -> {
              Object value = field.apply(row);
              return value == null ? null : value.toString();
            })
        .toList();
  }

  /// Keeps receipts until their message is known. A message's provider id is claimed under the same key, so a receipt
  /// is either seen by the claim or sees the claimed id.
  static void keep(Handle sql, TenantId tenant, List<Receipt> receipts) {
    sql.createUpdate(
            """
            INSERT INTO pending_receipts (tenant_id, channel_id, provider_message_id, state, occurred_at, failure,
              pricing, received_at)
            SELECT :tenant, u.channel, u.provider_id, u.state, CAST(u.at AS timestamptz), CAST(u.failure AS jsonb),
              CAST(u.pricing AS jsonb), now()
            FROM unnest(CAST(:channels AS uuid[]), CAST(:providerIds AS text[]), CAST(:states AS text[]),
              CAST(:times AS text[]), CAST(:failures AS text[]), CAST(:pricing AS text[]))
              AS u (channel, provider_id, state, at, failure, pricing)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bindArray("channels", UUID.class, receipts.stream().map(Receipt::channelId).toList())
        .bindArray(
            "providerIds", String.class, receipts.stream().map(Receipt::providerMessageId).toList())
        .bindArray(
            "states",
            String.class,
            receipts.stream().map(r -> MessageStore.word(r.state())).toList())
        .bindArray("times", String.class, receipts.stream().map(r -> r.time().toString()).toList())
        .bindArray(
            "failures",
            String.class,
            receipts.stream()
                .<@Nullable String>map(r -> r.failure() == null ? null : Json.write(r.failure()))
                .toList())
        .bindArray(
            "pricing",
            String.class,
            receipts.stream()
                .<@Nullable String>map(r -> r.pricing() == null ? null : r.pricing().toString())
                .toList())
        .execute();
  }

  /// A receipt that has waited.
  record Kept(
      DeliveryState state, Instant at, @Nullable Failure failure, @Nullable JsonNode pricing) {}

  /// Takes out the receipts that wait for a provider id.
  static List<Kept> take(Handle sql, TenantId tenant, UUID channel, String providerId) {
    return sql.createQuery(
            """
            DELETE FROM pending_receipts
            WHERE tenant_id = :tenant AND channel_id = :channel AND provider_message_id = :providerId
            RETURNING state, occurred_at, failure::text, pricing::text
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("providerId", providerId)
        .map(
            (rs, _) ->
                new Kept(
                    DeliveryState.valueOf(rs.getString(1).toUpperCase(Locale.ROOT)),
                    rs.getObject(2, OffsetDateTime.class).toInstant(),
                    rs.getString(3) == null ? null : Json.read(rs.getString(3), Failure.class),
                    rs.getString(4) == null ? null : Json.tree(rs.getString(4))))
        .list();
  }

  /// Messages whose provider id has receipts waiting; at most 500 at a time.
  static List<Row> withPending(Handle sql, TenantId tenant) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM messages m
                JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
                WHERE m.tenant_id = :tenant AND m.state IS NOT NULL AND (m.channel_id, m.provider_message_id) IN (
                  SELECT p.channel_id, p.provider_message_id FROM pending_receipts p WHERE p.tenant_id = :tenant)
                ORDER BY m.id LIMIT 500 FOR UPDATE OF m
                """)
        .bind("tenant", tenant.value())
        .map(DeliveryStore::row)
        .list();
  }

  static void forgetPending(Handle sql, TenantId tenant, Instant before) {
    sql.createUpdate(
            "DELETE FROM pending_receipts WHERE tenant_id = :tenant AND received_at < :before")
        .bind("tenant", tenant.value())
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    String failure = rs.getString("failure");
    String pricing = rs.getString("pricing");
    return new Row(
        rs.getObject("id", UUID.class),
        rs.getObject("conversation_id", UUID.class),
        rs.getObject("channel_id", UUID.class),
        rs.getInt("lane"),
        rs.getString("provider_message_id"),
        DeliveryState.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
        rs.getInt("attempt"),
        MessageStore.time(rs, "claimed_at"),
        MessageStore.time(rs, "sent_at"),
        MessageStore.time(rs, "delivered_at"),
        MessageStore.time(rs, "read_at"),
        MessageStore.time(rs, "failed_at"),
        failure == null ? null : Json.read(failure, Failure.class),
        pricing == null ? null : Json.tree(pricing));
  }
}
