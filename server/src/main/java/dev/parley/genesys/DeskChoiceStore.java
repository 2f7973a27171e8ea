package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `channel_desks` and `conversation_desks`.
final class DeskChoiceStore {
  private DeskChoiceStore() {}

  static Map<UUID, ChannelDesk> ofChannels(Handle sql, TenantId tenant, Collection<UUID> channels) {
    var desks = new HashMap<UUID, ChannelDesk>();
    sql.createQuery(
            """
            SELECT channel_id, desk, integration_id, rule::text AS rule FROM channel_desks
            WHERE tenant_id = :tenant AND channel_id = ANY(:channels)
            """)
        .bind("tenant", tenant.value())
        .bindArray("channels", UUID.class, channels)
        .map((rs, _) -> Map.entry(rs.getObject("channel_id", UUID.class), channelDesk(rs)))
        .forEach(entry -> desks.put(entry.getKey(), entry.getValue()));
    return desks;
  }

  static void put(Handle sql, TenantId tenant, UUID channel, ChannelDesk desk, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO channel_desks (tenant_id, channel_id, desk, integration_id, rule, updated_at)
            VALUES (:tenant, :channel, :desk, :integration, CAST(:rule AS jsonb), :now)
            ON CONFLICT (tenant_id, channel_id) DO UPDATE SET desk = EXCLUDED.desk,
              integration_id = EXCLUDED.integration_id, rule = EXCLUDED.rule, updated_at = EXCLUDED.updated_at
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("desk", Input.word(desk.desk()))
        .bind("integration", desk.integrationId())
        .bind("rule", desk.rule() == null ? null : Json.write(desk.rule()))
        .bind("now", utc(now))
        .execute();
  }

  /// Channels and conversations of an integration that is removed go to the inbox.
  static void forget(Handle sql, TenantId tenant, UUID integration) {
    sql.createUpdate(
            "DELETE FROM channel_desks WHERE tenant_id = :tenant AND integration_id = :integration")
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .execute();
    sql.createUpdate(
            "DELETE FROM conversation_desks WHERE tenant_id = :tenant AND integration_id = :integration")
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .execute();
  }

  /// A decision, and when the customer was last heard of, give or take a minute.
  record Decided(ConversationDesk desk, Instant lastAt) {}

  /// What is decided of conversations, leaving out decisions about which nothing was heard since `since`.
  static Map<UUID, Decided> ofConversations(
      Handle sql, TenantId tenant, Collection<UUID> conversations, Instant since) {
    var desks = new HashMap<UUID, Decided>();
    sql.createQuery(
            """
            SELECT conversation_id, desk, integration_id, cause, decided_at, told_seq, last_at
            FROM conversation_desks
            WHERE tenant_id = :tenant AND conversation_id = ANY(:conversations) AND last_at > :since
            """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, conversations)
        .bind("since", utc(since))
        .map(
            (rs, _) ->
                new Decided(
                    conversationDesk(rs),
                    rs.getObject("last_at", OffsetDateTime.class).toInstant()))
        .forEach(decided -> desks.put(decided.desk().conversationId(), decided));
    return desks;
  }

  /// Decides, whatever was decided before.
  static void put(Handle sql, TenantId tenant, ConversationDesk desk, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO conversation_desks (tenant_id, conversation_id, desk, integration_id, cause, decided_at, last_at,
              told_seq)
            VALUES (:tenant, :conversation, :desk, :integration, :cause, :decided, :now, :told)
            ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET desk = EXCLUDED.desk,
              integration_id = EXCLUDED.integration_id, cause = EXCLUDED.cause, decided_at = EXCLUDED.decided_at,
              last_at = EXCLUDED.last_at, told_seq = EXCLUDED.told_seq
            """)
        .bind("told", desk.toldSeq())
        .bind("tenant", tenant.value())
        .bind("conversation", desk.conversationId())
        .bind("desk", Input.word(desk.desk()))
        .bind("integration", desk.integrationId())
        .bind("cause", desk.cause())
        .bind("decided", utc(desk.decidedAt()))
        .bind("now", utc(now))
        .execute();
  }

  /// Notes that customers have written.
  static void heard(Handle sql, TenantId tenant, Collection<UUID> conversations, Instant now) {
    sql.createUpdate(
            """
            UPDATE conversation_desks SET last_at = :now
            WHERE tenant_id = :tenant AND conversation_id = ANY(:conversations)
            """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, conversations)
        .bind("now", utc(now))
        .execute();
  }

  static void undecide(Handle sql, TenantId tenant, List<UUID> conversations) {
    sql.createUpdate(
            """
            DELETE FROM conversation_desks
            WHERE tenant_id = :tenant AND conversation_id = ANY(:conversations)
            """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, conversations)
        .execute();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    return sql.createUpdate(
            "DELETE FROM conversation_desks WHERE tenant_id = :tenant AND last_at < :time")
        .bind("tenant", tenant.value())
        .bind("time", utc(time))
        .execute();
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static ChannelDesk channelDesk(ResultSet rs) throws SQLException {
    String rule = rs.getString("rule");
    return new ChannelDesk(
        ChannelDesk.Choice.valueOf(rs.getString("desk").toUpperCase(Locale.ROOT)),
        rs.getObject("integration_id", UUID.class),
        rule == null ? null : Json.read(rule, DeskRule.class));
  }

  private static ConversationDesk conversationDesk(ResultSet rs) throws SQLException {
    return new ConversationDesk(
        rs.getObject("conversation_id", UUID.class),
        ConversationDesk.Place.valueOf(rs.getString("desk").toUpperCase(Locale.ROOT)),
        rs.getObject("integration_id", UUID.class),
        rs.getString("cause"),
        rs.getObject("decided_at", OffsetDateTime.class).toInstant(),
        rs.getLong("told_seq"));
  }
}
