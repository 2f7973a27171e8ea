package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `mail_tokens`.
final class MailTokenStore {
  private MailTokenStore() {}

  /// Stores a token in the place of an older one for the same.
  static void put(Handle sql, MailToken.Kind kind, MailToken token, Instant expiresAt) {
    sql.createUpdate(
            """
            INSERT INTO mail_tokens (tenant_id, kind, subject_id, hash, expires_at)
            VALUES (:tenant, :kind, :subject, :hash, :expires)
            ON CONFLICT (tenant_id, kind, subject_id)
              DO UPDATE SET hash = EXCLUDED.hash, expires_at = EXCLUDED.expires_at
            """)
        .bind("tenant", token.tenant().value())
        .bind("kind", Input.word(kind))
        .bind("subject", token.subject())
        .bind("hash", token.hash())
        .bind("expires", expiresAt.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Whether a token is good, without using it up.
  static boolean isGood(Handle sql, MailToken.Kind kind, MailToken token, Instant now) {
    return sql.createQuery(
                """
            SELECT count(*) FROM mail_tokens
            WHERE tenant_id = :tenant AND kind = :kind AND subject_id = :subject AND hash = :hash
              AND expires_at > :now
            """)
            .bind("tenant", token.tenant().value())
            .bind("kind", Input.word(kind))
            .bind("subject", token.subject())
            .bind("hash", token.hash())
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  /// Uses a token up; false when it was not good. Of two at once one gets true.
  static boolean spend(Handle sql, MailToken.Kind kind, MailToken token, Instant now) {
    return sql.createUpdate(
                """
                DELETE FROM mail_tokens
                WHERE tenant_id = :tenant AND kind = :kind AND subject_id = :subject AND hash = :hash
                  AND expires_at > :now
                """)
            .bind("tenant", token.tenant().value())
            .bind("kind", Input.word(kind))
            .bind("subject", token.subject())
            .bind("hash", token.hash())
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        == 1;
  }

  /// Makes the token for a subject no longer good.
  static void drop(Handle sql, TenantId tenant, MailToken.Kind kind, UUID subject) {
    sql.createUpdate(
            "DELETE FROM mail_tokens WHERE tenant_id = :tenant AND kind = :kind AND subject_id = :subject")
        .bind("tenant", tenant.value())
        .bind("kind", Input.word(kind))
        .bind("subject", subject)
        .execute();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    return sql.createUpdate(
            "DELETE FROM mail_tokens WHERE tenant_id = :tenant AND expires_at < :time")
        .bind("tenant", tenant.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
