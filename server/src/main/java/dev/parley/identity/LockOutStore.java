package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL for `sign_in_tries`.
final class LockOutStore {
  private LockOutStore() {}

  /// Counts a try unless the subject is locked; answers how many there were, empty when it is locked. A count whose
  /// last try is older than `since` begins anew. Of tries at the same moment each is counted.
  static Optional<Integer> count(
      Handle sql, TenantId realm, String subject, Instant now, Instant since) {
    return sql.createQuery(
            """
            INSERT INTO sign_in_tries AS s (tenant_id, subject, tries, last_at, locked_until)
            VALUES (:tenant, :subject, 1, :now, :now)
            ON CONFLICT (tenant_id, subject) DO UPDATE
              SET tries = CASE WHEN s.last_at < :since THEN 1 ELSE s.tries + 1 END, last_at = :now
              WHERE s.locked_until <= :now
            RETURNING tries
            """)
        .bind("tenant", realm.value())
        .bind("subject", subject)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .bind("since", since.atOffset(ZoneOffset.UTC))
        .mapTo(Integer.class)
        .findOne();
  }

  static void lock(Handle sql, TenantId realm, String subject, Instant until) {
    sql.createUpdate(
            "UPDATE sign_in_tries SET locked_until = :until WHERE tenant_id = :tenant AND subject = :subject")
        .bind("tenant", realm.value())
        .bind("subject", subject)
        .bind("until", until.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static Optional<Instant> lockedUntil(Handle sql, TenantId realm, String subject) {
    return sql.createQuery(
            "SELECT locked_until FROM sign_in_tries WHERE tenant_id = :tenant AND subject = :subject")
        .bind("tenant", realm.value())
        .bind("subject", subject)
        .mapTo(OffsetDateTime.class)
        .findOne()
        .map(OffsetDateTime::toInstant);
  }

  static void clear(Handle sql, TenantId realm, String subject) {
    sql.createUpdate("DELETE FROM sign_in_tries WHERE tenant_id = :tenant AND subject = :subject")
        .bind("tenant", realm.value())
        .bind("subject", subject)
        .execute();
  }

  /// Takes back one try and the lock that it may have brought.
  static void takeBack(Handle sql, TenantId realm, String subject, Instant now) {
    sql.createUpdate(
            """
            UPDATE sign_in_tries SET tries = greatest(tries - 1, 0), locked_until = least(locked_until, :now)
            WHERE tenant_id = :tenant AND subject = :subject
            """)
        .bind("tenant", realm.value())
        .bind("subject", subject)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static int deleteBefore(Handle sql, TenantId realm, Instant time) {
    return sql.createUpdate(
            "DELETE FROM sign_in_tries WHERE tenant_id = :tenant AND last_at < :time AND locked_until < :time")
        .bind("tenant", realm.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
