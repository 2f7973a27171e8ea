package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for `genesys_customers`, `genesys_conversations` and `genesys_forwarded`.
final class BridgeStore {
  private BridgeStore() {}

  /// By which name Genesys knows a customer.
  ///
  /// @param idType `Phone` or `Opaque`
  record Customer(String id, String idType) {}

  /// A part that goes to Genesys.
  ///
  /// @param source the message, or the event that is told as a text
  record Piece(
      UUID source,
      int part,
      UUID integration,
      UUID conversation,
      String externalId,
      boolean placeholder) {}

  /// The name of a conversation's customer: the one that an integration knows already, else `wanted`.
  static Customer customer(
      Handle sql,
      TenantId tenant,
      UUID integration,
      UUID conversation,
      Customer wanted,
      Instant now) {
    return sql.createQuery(
            """
            INSERT INTO genesys_customers AS c
              (tenant_id, integration_id, conversation_id, customer_id, id_type, last_at)
            VALUES (:tenant, :integration, :conversation, :customer, :type, :now)
            ON CONFLICT (tenant_id, integration_id, conversation_id) DO UPDATE SET last_at = EXCLUDED.last_at
            RETURNING customer_id, id_type
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("conversation", conversation)
        .bind("customer", wanted.id())
        .bind("type", wanted.idType())
        .bind("now", utc(now))
        .map((rs, _) -> new Customer(rs.getString(1), rs.getString(2)))
        .one();
  }

  /// The conversation in which a customer of that name last wrote.
  static Optional<UUID> conversationOf(
      Handle sql, TenantId tenant, UUID integration, String customer) {
    return sql.createQuery(
            """
            SELECT conversation_id FROM genesys_customers
            WHERE tenant_id = :tenant AND integration_id = :integration AND customer_id = :customer
            ORDER BY last_at DESC LIMIT 1
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("customer", customer)
        .mapTo(UUID.class)
        .findOne();
  }

  /// Notes that a conversation of ours is that one of Genesys' now.
  static void met(
      Handle sql,
      TenantId tenant,
      UUID integration,
      UUID conversation,
      String genesys,
      Instant now) {
    sql.createUpdate(
            """
            INSERT INTO genesys_conversations
              (tenant_id, integration_id, genesys_id, conversation_id, first_at, last_at)
            VALUES (:tenant, :integration, :genesys, :conversation, :now, :now)
            ON CONFLICT (tenant_id, integration_id, genesys_id, conversation_id)
              DO UPDATE SET last_at = EXCLUDED.last_at, ended_at = NULL
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("genesys", genesys)
        .bind("conversation", conversation)
        .bind("now", utc(now))
        .execute();
  }

  /// Genesys' latest conversation of one of ours.
  static Optional<String> genesysConversation(Handle sql, TenantId tenant, UUID conversation) {
    return sql.createQuery(
            """
            SELECT genesys_id FROM genesys_conversations
            WHERE tenant_id = :tenant AND conversation_id = :conversation ORDER BY last_at DESC LIMIT 1
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .mapTo(String.class)
        .findOne();
  }

  /// A conversation of Genesys.
  record Theirs(UUID integration, String genesysId, UUID conversation) {}

  /// Those that are not known to be over, about which something was heard since `heard` and that nobody has asked for since
  /// `asked`.
  static List<Theirs> unasked(
      Handle sql, TenantId tenant, Instant asked, Instant heard, int limit) {
    return sql.createQuery(
            """
            SELECT integration_id, genesys_id, conversation_id FROM genesys_conversations
            WHERE tenant_id = :tenant AND ended_at IS NULL AND last_at > :heard AND last_at < :asked
              AND (asked_at IS NULL OR asked_at < :asked)
            ORDER BY asked_at NULLS FIRST, last_at LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("asked", utc(asked))
        .bind("heard", utc(heard))
        .bind("limit", limit)
        .map(
            (rs, _) ->
                new Theirs(
                    rs.getObject(1, UUID.class), rs.getString(2), rs.getObject(3, UUID.class)))
        .list();
  }

  /// Notes that one was asked for, and whether it is over.
  static void asked(Handle sql, TenantId tenant, Theirs one, boolean over, Instant now) {
    sql.createUpdate(
            """
            UPDATE genesys_conversations SET asked_at = :now,
              ended_at = CASE WHEN :over THEN CAST(:now AS timestamptz) ELSE NULL END
            WHERE tenant_id = :tenant AND integration_id = :integration AND genesys_id = :genesys
              AND conversation_id = :conversation
            """)
        .bind("tenant", tenant.value())
        .bind("integration", one.integration())
        .bind("genesys", one.genesysId())
        .bind("conversation", one.conversation())
        .bind("over", over)
        .bind("now", utc(now))
        .execute();
  }

  /// How far a part is.
  ///
  /// @param claimed how long ago it was last handed over, by the database's clock
  record Progress(String state, boolean placeholder, Duration claimed) {
    /// Whether Genesys has it, or has refused it for good.
    boolean settled() {
      return state.equals("posted") || state.equals("published") || state.equals("rejected");
    }
  }

  /// How far the parts are that were begun, by their numbers.
  static Map<Integer, Progress> progress(Handle sql, TenantId tenant, UUID source) {
    var parts = new HashMap<Integer, Progress>();
    sql.createQuery(
            """
            SELECT part, state, placeholder, extract(epoch FROM clock_timestamp() - claimed_at) AS age
            FROM genesys_forwarded WHERE tenant_id = :tenant AND source_id = :source
            """)
        .bind("tenant", tenant.value())
        .bind("source", source)
        .map(
            (rs, _) ->
                Map.entry(
                    rs.getInt(1),
                    new Progress(
                        rs.getString(2),
                        rs.getBoolean(3),
                        Duration.ofMillis((long) (rs.getDouble(4) * 1000)))))
        .forEach(entry -> parts.put(entry.getKey(), entry.getValue()));
    return parts;
  }

  /// Notes that a part is about to be handed over; false when it is settled.
  static boolean claim(Handle sql, TenantId tenant, Piece piece) {
    return sql.createUpdate(
                """
                INSERT INTO genesys_forwarded AS f (tenant_id, source_id, part, integration_id, conversation_id,
                  external_id, state, placeholder, claimed_at)
                VALUES (:tenant, :source, :part, :integration, :conversation, :external, 'claimed', :placeholder,
                  clock_timestamp())
                ON CONFLICT (tenant_id, source_id, part) DO UPDATE SET state = 'claimed', failure = NULL,
                  integration_id = EXCLUDED.integration_id, claimed_at = clock_timestamp()
                  WHERE f.state IN ('claimed', 'refused')
                """)
            .bind("tenant", tenant.value())
            .bind("source", piece.source())
            .bind("part", piece.part())
            .bind("integration", piece.integration())
            .bind("conversation", piece.conversation())
            .bind("external", piece.externalId())
            .bind("placeholder", piece.placeholder())
            .execute()
        > 0;
  }

  /// Takes a claim back: nothing was handed over.
  static void release(Handle sql, TenantId tenant, UUID source, int part) {
    sql.createUpdate(
            """
            DELETE FROM genesys_forwarded
            WHERE tenant_id = :tenant AND source_id = :source AND part = :part AND state = 'claimed'
            """)
        .bind("tenant", tenant.value())
        .bind("source", source)
        .bind("part", part)
        .execute();
  }

  /// How a hand-over ended. A receipt may have come before, and then stands.
  static void settle(
      Handle sql,
      TenantId tenant,
      UUID source,
      int part,
      String state,
      @Nullable String genesys,
      @Nullable String failure) {
    sql.createUpdate(
            """
            UPDATE genesys_forwarded SET genesys_id = coalesce(:genesys, genesys_id),
              state = CASE WHEN state = 'claimed' THEN :state ELSE state END,
              failure = coalesce(:failure, failure), settled_at = now()
            WHERE tenant_id = :tenant AND source_id = :source AND part = :part
            """)
        .bind("tenant", tenant.value())
        .bind("source", source)
        .bind("part", part)
        .bind("state", state)
        .bind("genesys", genesys)
        .bind("failure", failure)
        .execute();
  }

  /// A part of which Genesys has told how it ended.
  record Told(UUID source, UUID conversation) {}

  /// What Genesys tells of a part.
  ///
  /// @param id the part's name there
  /// @param externalId our name of it, where Genesys tells that
  /// @param state `published` or `rejected`
  record Receipt(
      UUID integration, String id, String externalId, String state, @Nullable String failure) {}

  /// [#receipt(Handle, TenantId, Receipt)] of a part that is believed to be that one; empty when it is not, or is in its
  /// last state.
  static Optional<Told> receipt(Handle sql, TenantId tenant, Counterparts.Told part, Receipt told) {
    return sql.createQuery(
            """
            UPDATE genesys_forwarded SET state = :state, failure = :failure, settled_at = now()
            WHERE tenant_id = :tenant AND source_id = :source AND part = :part AND integration_id = :integration
              AND genesys_id = :id AND state IN ('claimed', 'posted')
            RETURNING source_id, conversation_id
            """)
        .bind("tenant", tenant.value())
        .bind("source", part.source())
        .bind("part", part.part())
        .bind("integration", told.integration())
        .bind("id", told.id())
        .bind("state", told.state())
        .bind("failure", told.failure())
        .map((rs, _) -> new Told(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class)))
        .findOne();
  }

  /// Applies a receipt, which names a part by Genesys' id or by ours; answers which parts it has changed.
  static Optional<Told> receipt(Handle sql, TenantId tenant, Receipt told) {
    return sql.createQuery(
            """
            UPDATE genesys_forwarded SET state = :state, failure = :failure, settled_at = now()
            WHERE tenant_id = :tenant AND integration_id = :integration
              AND (genesys_id = :id OR external_id IN (:id, :external)) AND state IN ('claimed', 'posted')
            RETURNING source_id, conversation_id
            """)
        .bind("tenant", tenant.value())
        .bind("integration", told.integration())
        .bind("id", told.id())
        .bind("external", told.externalId())
        .bind("state", told.state())
        .bind("failure", told.failure())
        .map((rs, _) -> new Told(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class)))
        .findFirst();
  }

  /// Whether something that went to Genesys has that name, theirs or ours.
  static boolean named(
      Handle sql, TenantId tenant, UUID integration, String id, String externalId) {
    return sql.createQuery(
            """
            SELECT 1 FROM genesys_forwarded WHERE tenant_id = :tenant AND integration_id = :integration
              AND (genesys_id = :id OR external_id IN (:id, :external)) LIMIT 1
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("id", id)
        .bind("external", externalId)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    int deleted =
        sql.createUpdate(
                "DELETE FROM genesys_forwarded WHERE tenant_id = :tenant AND claimed_at < :time")
            .bind("tenant", tenant.value())
            .bind("time", utc(time))
            .execute();
    return deleted
        + sql.createUpdate(
                "DELETE FROM genesys_conversations WHERE tenant_id = :tenant AND last_at < :time")
            .bind("tenant", tenant.value())
            .bind("time", utc(time))
            .execute();
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
