package dev.parley.identity;

import dev.parley.platform.access.TenantId;
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

/// SQL for `sign_ins`.
final class SignInStore {
  /// A stored sign-in.
  ///
  /// @param ended whether it was ended before its time
  record Row(
      UUID id,
      UUID user,
      String familyHash,
      String refreshHash,
      Instant expiresAt,
      boolean ended) {}

  private SignInStore() {}

  static void insert(
      Handle sql,
      TenantId realm,
      Row row,
      Instant now,
      @Nullable String ip,
      @Nullable String userAgent) {
    sql.createUpdate(
            """
            INSERT INTO sign_ins (tenant_id, id, user_id, family_hash, refresh_hash, created_at, refreshed_at,
              expires_at, ip, user_agent)
            VALUES (:tenant, :id, :user, :family, :refresh, :now, :now, :expires, :ip, :agent)
            """)
        .bind("tenant", realm.value())
        .bind("id", row.id())
        .bind("user", row.user())
        .bind("family", row.familyHash())
        .bind("refresh", row.refreshHash())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .bind("expires", row.expiresAt().atOffset(ZoneOffset.UTC))
        .bind("ip", ip)
        .bind("agent", userAgent)
        .execute();
  }

  /// Reads a sign-in; nobody else changes it until the commit.
  static Optional<Row> lock(Handle sql, TenantId realm, UUID id) {
    return sql.createQuery(
            """
            SELECT id, user_id, family_hash, refresh_hash, expires_at, ended_at FROM sign_ins
            WHERE tenant_id = :tenant AND id = :id FOR UPDATE
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .map(SignInStore::row)
        .findOne();
  }

  /// Who is behind a sign-in that is neither ended nor expired.
  static Optional<UUID> userOf(Handle sql, TenantId realm, UUID id, Instant now) {
    return sql.createQuery(
            """
            SELECT user_id FROM sign_ins
            WHERE tenant_id = :tenant AND id = :id AND ended_at IS NULL AND expires_at > :now
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .mapTo(UUID.class)
        .findOne();
  }

  static void rotate(Handle sql, TenantId realm, UUID id, String refreshHash, Instant now) {
    sql.createUpdate(
            """
            UPDATE sign_ins SET refresh_hash = :refresh, refreshed_at = :now WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("refresh", refreshHash)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Ends one sign-in; empty when it was over already.
  static Optional<UUID> end(Handle sql, TenantId realm, UUID id, Instant now) {
    return sql.createQuery(
            """
            UPDATE sign_ins SET ended_at = :now WHERE tenant_id = :tenant AND id = :id AND ended_at IS NULL
            RETURNING user_id
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .mapTo(UUID.class)
        .findOne();
  }

  /// Ends all sign-ins of somebody but `except`; answers those that were open.
  static List<UUID> endAll(
      Handle sql, TenantId realm, UUID user, @Nullable UUID except, Instant now) {
    return sql.createQuery(
            """
            UPDATE sign_ins SET ended_at = :now
            WHERE tenant_id = :tenant AND user_id = :user AND ended_at IS NULL AND expires_at > :now
              AND (CAST(:except AS uuid) IS NULL OR id <> :except)
            RETURNING id
            """)
        .bind("tenant", realm.value())
        .bind("user", user)
        .bind("except", except)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .mapTo(UUID.class)
        .list();
  }

  static int deleteBefore(Handle sql, TenantId realm, Instant time) {
    return sql.createUpdate(
            "DELETE FROM sign_ins WHERE tenant_id = :tenant AND (expires_at < :time OR ended_at < :time)")
        .bind("tenant", realm.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    return new Row(
        rs.getObject("id", UUID.class),
        rs.getObject("user_id", UUID.class),
        rs.getString("family_hash"),
        rs.getString("refresh_hash"),
        rs.getObject("expires_at", OffsetDateTime.class).toInstant(),
        rs.getObject("ended_at") != null);
  }
}
