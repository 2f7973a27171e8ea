package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `stream_tickets`.
final class TicketStore {
  /// A ticket that was good until it was taken.
  ///
  /// @param expiresAt of the access token that it was got with
  record Row(String hash, UUID user, UUID signIn, Instant expiresAt) {}

  private TicketStore() {}

  static void insert(Handle sql, TenantId tenant, UUID id, Row row, Instant goodUntil) {
    sql.createUpdate(
            """
            INSERT INTO stream_tickets (tenant_id, id, hash, user_id, sign_in_id, token_expires_at, good_until)
            VALUES (:tenant, :id, :hash, :user, :signin, :expires, :until)
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("hash", row.hash())
        .bind("user", row.user())
        .bind("signin", row.signIn())
        .bind("expires", row.expiresAt().atOffset(ZoneOffset.UTC))
        .bind("until", goodUntil.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Takes a ticket away; only one caller gets it.
  static Optional<Row> take(Handle sql, TenantId tenant, UUID id, String hash, Instant now) {
    return sql.createQuery(
            """
            DELETE FROM stream_tickets
            WHERE tenant_id = :tenant AND id = :id AND hash = :hash AND good_until > :now
            RETURNING hash, user_id, sign_in_id, token_expires_at
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("hash", hash)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .map(
            (rs, _) ->
                new Row(
                    rs.getString("hash"),
                    rs.getObject("user_id", UUID.class),
                    rs.getObject("sign_in_id", UUID.class),
                    rs.getObject("token_expires_at", OffsetDateTime.class).toInstant()))
        .findOne();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    return sql.createUpdate(
            "DELETE FROM stream_tickets WHERE tenant_id = :tenant AND good_until < :time")
        .bind("tenant", tenant.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
