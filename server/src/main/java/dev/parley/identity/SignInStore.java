package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      Instant refreshedAt,
      Instant expiresAt,
      boolean ended) {}

  /// A sign-in that is open.
  ///
  /// @param seenAt when its owner was last seen, to within [SignInRegister#SEEN]
  record Open(UUID user, Instant seenAt) {}

  private SignInStore() {}

  static void insert(
      Handle sql,
      TenantId realm,
      Row row,
      Instant now,
      @Nullable String ip,
      @Nullable String userAgent,
      @Nullable String device) {
    sql.createUpdate(
            """
            INSERT INTO sign_ins (tenant_id, id, user_id, family_hash, refresh_hash, created_at, refreshed_at,
              expires_at, ip, user_agent, device, last_seen_at, last_ip)
            VALUES (:tenant, :id, :user, :family, :refresh, :now, :now, :expires, :ip, :agent, :device, :now, :ip)
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
        .bind("device", device)
        .execute();
  }

  /// Reads a sign-in; nobody else changes it until the commit.
  static Optional<Row> lock(Handle sql, TenantId realm, UUID id) {
    return sql.createQuery(
            """
            SELECT id, user_id, family_hash, refresh_hash, refreshed_at, expires_at, ended_at FROM sign_ins
            WHERE tenant_id = :tenant AND id = :id FOR UPDATE
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .map(SignInStore::row)
        .findOne();
  }

  /// A sign-in that is neither ended nor expired.
  static Optional<Open> open(Handle sql, TenantId realm, UUID id, Instant now) {
    return sql.createQuery(
            """
            SELECT user_id, coalesce(last_seen_at, refreshed_at) AS seen_at FROM sign_ins
            WHERE tenant_id = :tenant AND id = :id AND ended_at IS NULL AND expires_at > :now
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .map(
            (rs, _) ->
                new Open(
                    rs.getObject("user_id", UUID.class),
                    rs.getObject("seen_at", OffsetDateTime.class).toInstant()))
        .findOne();
  }

  /// Which of these sign-ins are open, and whose they are; one statement for any number.
  static Map<UUID, UUID> open(Handle sql, TenantId realm, Collection<UUID> ids, Instant now) {
    return sql.createQuery(
            """
            SELECT id, user_id FROM sign_ins
            WHERE tenant_id = :tenant AND id = ANY(:ids) AND ended_at IS NULL AND expires_at > :now
            """)
        .bind("tenant", realm.value())
        .bindArray("ids", UUID.class, ids)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .reduceRows(
            new HashMap<>(),
            (all, row) -> {
              all.put(row.getColumn("id", UUID.class), row.getColumn("user_id", UUID.class));
              return all;
            });
  }

  /// The accounts of active users whose sign-ins are among these and open; one statement for any number.
  static Map<UUID, Account> accounts(
      Handle sql, TenantId tenant, Collection<UUID> ids, Instant now) {
    return sql.createQuery(
            """
            SELECT s.id AS sign_in, u.tenant_id, u.id, u.email, u.name, u.role, u.password_hash, u.state
            FROM sign_ins s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
            WHERE s.tenant_id = :tenant AND s.id = ANY(:ids) AND s.ended_at IS NULL AND s.expires_at > :now
              AND u.state = 'active'
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .map(
            (rs, context) ->
                Map.entry(rs.getObject("sign_in", UUID.class), UserStore.accountRow(rs, context)))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /// Somebody's open sign-ins, the one that was seen last first.
  static List<Device> devices(Handle sql, TenantId realm, UUID user, Instant now, int limit) {
    return sql.createQuery(
            """
            SELECT id, device, user_agent, ip, last_ip, created_at, coalesce(last_seen_at, refreshed_at) AS seen_at,
              expires_at
            FROM sign_ins
            WHERE tenant_id = :tenant AND user_id = :user AND ended_at IS NULL AND expires_at > :now
            ORDER BY seen_at DESC, id DESC LIMIT :limit
            """)
        .bind("tenant", realm.value())
        .bind("user", user)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .bind("limit", limit)
        .map(SignInStore::device)
        .list();
  }

  static void seen(Handle sql, TenantId realm, UUID id, @Nullable String ip, Instant now) {
    sql.createUpdate(
            """
            UPDATE sign_ins SET last_seen_at = :now, last_ip = coalesce(:ip, last_ip)
            WHERE tenant_id = :tenant AND id = :id AND (last_seen_at IS NULL OR last_seen_at < :now)
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("ip", ip)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void rotate(Handle sql, TenantId realm, UUID id, String refreshHash, Instant now) {
    sql.createUpdate(
            """
            UPDATE sign_ins SET refresh_hash = :refresh, refreshed_at = :now, last_seen_at = :now
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("refresh", refreshHash)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Ends one sign-in, only of a user when that is given; empty when it was over already.
  static Optional<UUID> end(Handle sql, TenantId realm, UUID id, @Nullable UUID user, Instant now) {
    return sql.createQuery(
            """
            UPDATE sign_ins SET ended_at = :now
            WHERE tenant_id = :tenant AND id = :id AND ended_at IS NULL
              AND (CAST(:user AS uuid) IS NULL OR user_id = :user)
            RETURNING user_id
            """)
        .bind("tenant", realm.value())
        .bind("id", id)
        .bind("user", user)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .mapTo(UUID.class)
        .findOne();
  }

  /// Ends all sign-ins of somebody; answers those that were open.
  static List<UUID> endAll(Handle sql, TenantId realm, UUID user, Instant now) {
    return sql.createQuery(
            """
            UPDATE sign_ins SET ended_at = :now
            WHERE tenant_id = :tenant AND user_id = :user AND ended_at IS NULL AND expires_at > :now
            RETURNING id
            """)
        .bind("tenant", realm.value())
        .bind("user", user)
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

  private static Device device(ResultSet rs, StatementContext context) throws SQLException {
    return new Device(
        rs.getObject("id", UUID.class),
        rs.getString("device"),
        rs.getString("user_agent"),
        rs.getString("ip"),
        rs.getString("last_ip"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("seen_at", OffsetDateTime.class).toInstant(),
        rs.getObject("expires_at", OffsetDateTime.class).toInstant());
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    return new Row(
        rs.getObject("id", UUID.class),
        rs.getObject("user_id", UUID.class),
        rs.getString("family_hash"),
        rs.getString("refresh_hash"),
        rs.getObject("refreshed_at", OffsetDateTime.class).toInstant(),
        rs.getObject("expires_at", OffsetDateTime.class).toInstant(),
        rs.getObject("ended_at") != null);
  }
}
