package dev.parley.genesys;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `genesys_received` and `genesys_answers`.
final class ReceivedStore {
  private static final TypeReference<Map<String, Part.Option>> OPTIONS = new TypeReference<>() {};

  private static final String ANSWER =
      "SELECT message_id, integration_id, webhook_id, state, choices::text AS choices, numbered"
          + " FROM genesys_answers ";

  private ReceivedStore() {}

  /// A message of Genesys.
  ///
  /// @param conversation null when there is none of that customer
  /// @param customer to whom it went, by the name that Genesys has
  record Received(
      UUID integration,
      String webhook,
      @Nullable UUID conversation,
      BridgeStore.Customer customer) {}

  /// What we sent for one.
  record Answer(
      UUID message,
      UUID integration,
      String webhook,
      String state,
      Map<String, Part.Option> choices,
      boolean numbered) {}

  static boolean known(Handle sql, TenantId tenant, UUID integration, String webhook) {
    return sql.createQuery(
            """
            SELECT 1 FROM genesys_received
            WHERE tenant_id = :tenant AND integration_id = :integration AND webhook_id = :webhook
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("webhook", webhook)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /// Answers whether it was new, which it is once.
  static boolean insert(Handle sql, TenantId tenant, Received received, Instant now) {
    return insert(sql, tenant, received, now, "");
  }

  /// [#insert] of a message whose customer last wrote in its conversation; false also when it was another.
  static boolean insertWhereCustomerIs(
      Handle sql, TenantId tenant, Received received, Instant now) {
    return insert(
        sql,
        tenant,
        received,
        now,
        """
        WHERE :conversation = (
          SELECT c.conversation_id FROM genesys_customers c
          WHERE c.tenant_id = :tenant AND c.integration_id = :integration AND c.customer_id = :customer
          ORDER BY c.last_at DESC LIMIT 1)
        """);
  }

  private static boolean insert(
      Handle sql, TenantId tenant, Received received, Instant now, String condition) {
    return sql.createUpdate(
                """
                INSERT INTO genesys_received (tenant_id, integration_id, webhook_id, conversation_id, customer_id,
                  id_type, received_at)
                SELECT :tenant, :integration, :webhook, CAST(:conversation AS uuid), :customer, :type,
                  CAST(:now AS timestamptz)
                """
                    + condition
                    + " ON CONFLICT DO NOTHING")
            .bind("tenant", tenant.value())
            .bind("integration", received.integration())
            .bind("webhook", received.webhook())
            .bind("conversation", received.conversation())
            .bind("customer", received.customer().id())
            .bind("type", received.customer().idType())
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static void answer(
      Handle sql,
      TenantId tenant,
      UUID message,
      Received received,
      Map<String, Part.Option> choices,
      boolean numbered,
      Instant now) {
    sql.createUpdate(
            """
            INSERT INTO genesys_answers (tenant_id, message_id, integration_id, webhook_id, conversation_id, state,
              choices, numbered, created_at)
            VALUES (:tenant, :message, :integration, :webhook, :conversation, 'queued', CAST(:choices AS jsonb),
              :numbered, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bind("message", message)
        .bind("integration", received.integration())
        .bind("webhook", received.webhook())
        .bind("conversation", received.conversation())
        .bind("choices", choices.isEmpty() ? null : Json.write(choices))
        .bind("numbered", numbered)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Those of the messages that we sent for Genesys.
  static List<Answer> answers(Handle sql, TenantId tenant, Collection<UUID> messages) {
    return sql.createQuery(ANSWER + "WHERE tenant_id = :tenant AND message_id = ANY(:messages)")
        .bind("tenant", tenant.value())
        .bindArray("messages", UUID.class, messages)
        .map(ReceivedStore::answer)
        .list();
  }

  /// The latest message with numbered choices in a conversation.
  static Optional<Answer> numbered(Handle sql, TenantId tenant, UUID conversation) {
    return sql.createQuery(
            ANSWER
                + """
                WHERE tenant_id = :tenant AND conversation_id = :conversation AND numbered
                ORDER BY message_id DESC LIMIT 1
                """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .map(ReceivedStore::answer)
        .findOne();
  }

  /// Answers whether it was in no final state before, and was sent for that message of Genesys.
  static boolean settle(
      Handle sql, TenantId tenant, UUID message, Counterparts.Asked asked, String state) {
    return sql.createUpdate(
                """
                UPDATE genesys_answers SET state = :state
                WHERE tenant_id = :tenant AND message_id = :message AND state = 'queued'
                  AND integration_id = :integration AND webhook_id = :webhook
                """)
            .bind("tenant", tenant.value())
            .bind("message", message)
            .bind("integration", asked.integration())
            .bind("webhook", asked.webhook())
            .bind("state", state)
            .execute()
        > 0;
  }

  /// Gives a message of Genesys its final receipt; empty when it has one already, or when it is not delivered as a whole.
  static Optional<Received> conclude(
      Handle sql,
      TenantId tenant,
      UUID integration,
      String webhook,
      String receipt,
      @Nullable String reason) {
    return sql.createQuery(
            """
            UPDATE genesys_received r SET receipt = :receipt, reason = :reason
            WHERE tenant_id = :tenant AND integration_id = :integration AND webhook_id = :webhook
              AND receipt IS NULL
              AND (:receipt = 'Failed' OR NOT EXISTS (SELECT 1 FROM genesys_answers a
                WHERE a.tenant_id = :tenant AND a.integration_id = :integration AND a.webhook_id = :webhook
                  AND a.state <> 'delivered'))
            RETURNING integration_id, webhook_id, conversation_id, customer_id, id_type
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("webhook", webhook)
        .bind("receipt", receipt)
        .bind("reason", reason)
        .map(ReceivedStore::received)
        .findOne();
  }

  static Optional<Received> find(Handle sql, TenantId tenant, UUID integration, String webhook) {
    return sql.createQuery(
            """
            SELECT integration_id, webhook_id, conversation_id, customer_id, id_type FROM genesys_received
            WHERE tenant_id = :tenant AND integration_id = :integration AND webhook_id = :webhook
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("webhook", webhook)
        .map(ReceivedStore::received)
        .findOne();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    int deleted = 0;
    for (String table : List.of("genesys_received", "genesys_answers")) {
      String column = table.equals("genesys_received") ? "received_at" : "created_at";
      deleted +=
          sql.createUpdate(
                  "DELETE FROM " + table + " WHERE tenant_id = :tenant AND " + column + " < :time")
              .bind("tenant", tenant.value())
              .bind("time", time.atOffset(ZoneOffset.UTC))
              .execute();
    }
    return deleted;
  }

  private static Received received(ResultSet rs, StatementContext context) throws SQLException {
    return new Received(
        rs.getObject("integration_id", UUID.class),
        rs.getString("webhook_id"),
        rs.getObject("conversation_id", UUID.class),
        new BridgeStore.Customer(rs.getString("customer_id"), rs.getString("id_type")));
  }

  private static Answer answer(ResultSet rs, StatementContext context) throws SQLException {
    String choices = rs.getString("choices");
    return new Answer(
        rs.getObject("message_id", UUID.class),
        rs.getObject("integration_id", UUID.class),
        rs.getString("webhook_id"),
        rs.getString("state"),
        choices == null ? Map.of() : Json.MAPPER.convertValue(Json.tree(choices), OPTIONS),
        rs.getBoolean("numbered"));
  }
}
