package dev.parley.platform.http;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for `idempotent_requests`.
final class IdempotencyStore {
  /// Whose key it is.
  record Key(TenantId realm, UUID caller, String key) {}

  /// A stored request.
  ///
  /// @param status null while it is running
  record Row(
      String fingerprint,
      @Nullable Integer status,
      @Nullable String location,
      @Nullable String body) {}

  private IdempotencyStore() {}

  /// Takes the key: one that is free, was claimed for the same request before `abandoned` and never answered, or is
  /// older than `expired`. False when it is taken. Of two at the same moment one gets it.
  static boolean claim(
      Handle sql, Key key, String fingerprint, Instant now, Instant abandoned, Instant expired) {
    return sql.createUpdate(
                """
                INSERT INTO idempotent_requests AS r (tenant_id, caller_id, key, fingerprint, created_at)
                VALUES (:tenant, :caller, :key, :fingerprint, :now)
                ON CONFLICT (tenant_id, caller_id, key) DO UPDATE
                  SET fingerprint = EXCLUDED.fingerprint, status = NULL, location = NULL, body = NULL,
                    created_at = EXCLUDED.created_at
                  WHERE r.created_at < :expired
                    OR (r.created_at < :abandoned AND r.status IS NULL AND r.fingerprint = EXCLUDED.fingerprint)
                """)
            .bind("tenant", key.realm().value())
            .bind("caller", key.caller())
            .bind("key", key.key())
            .bind("fingerprint", fingerprint)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .bind("abandoned", abandoned.atOffset(ZoneOffset.UTC))
            .bind("expired", expired.atOffset(ZoneOffset.UTC))
            .execute()
        == 1;
  }

  static Optional<Row> find(Handle sql, Key key) {
    return sql.createQuery(
            """
            SELECT fingerprint, status, location, body FROM idempotent_requests
            WHERE tenant_id = :tenant AND caller_id = :caller AND key = :key
            """)
        .bind("tenant", key.realm().value())
        .bind("caller", key.caller())
        .bind("key", key.key())
        .map(
            (rs, _) ->
                new Row(
                    rs.getString("fingerprint"),
                    rs.getObject("status", Integer.class),
                    rs.getString("location"),
                    rs.getString("body")))
        .findOne();
  }

  /// Stores the answer, unless somebody else has taken the claim over meanwhile.
  static boolean complete(
      Handle sql,
      Key key,
      Instant claimedAt,
      int status,
      @Nullable String location,
      @Nullable String body) {
    return sql.createUpdate(
                """
                UPDATE idempotent_requests SET status = :status, location = :location, body = :body
                WHERE tenant_id = :tenant AND caller_id = :caller AND key = :key AND created_at = :claimed
                  AND status IS NULL
                """)
            .bind("tenant", key.realm().value())
            .bind("caller", key.caller())
            .bind("key", key.key())
            .bind("claimed", claimedAt.atOffset(ZoneOffset.UTC))
            .bind("status", status)
            .bind("location", location)
            .bind("body", body)
            .execute()
        == 1;
  }

  /// Frees the key, unless somebody else has taken the claim over meanwhile.
  static void release(Handle sql, Key key, Instant claimedAt) {
    sql.createUpdate(
            """
            DELETE FROM idempotent_requests
            WHERE tenant_id = :tenant AND caller_id = :caller AND key = :key AND created_at = :claimed
              AND status IS NULL
            """)
        .bind("tenant", key.realm().value())
        .bind("caller", key.caller())
        .bind("key", key.key())
        .bind("claimed", claimedAt.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static int deleteBefore(Handle sql, TenantId realm, Instant time) {
    return sql.createUpdate(
            "DELETE FROM idempotent_requests WHERE tenant_id = :tenant AND created_at < :time")
        .bind("tenant", realm.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
