package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `invitations`.
final class InvitationStore {
  /// The key that lets one invitation of an address be open.
  static final String ONE_OPEN = "invitations_open";

  private static final String COLUMNS =
      """
      id, email, role, inviter_kind, inviter_id, inviter_name, state, user_id, created_at, sent_at, expires_at, ended_at
      """;

  private InvitationStore() {}

  static void insert(Handle sql, TenantId tenant, Invitation invitation) {
    sql.createUpdate(
            """
            INSERT INTO invitations (tenant_id, id, email, role, inviter_kind, inviter_id, inviter_name, state,
              created_at, sent_at, expires_at)
            VALUES (:tenant, :id, :email, :role, :kind, :inviter, :name, 'open', :created, :created, :expires)
            """)
        .bind("tenant", tenant.value())
        .bind("id", invitation.id())
        .bind("email", invitation.email())
        .bind("role", invitation.role().word())
        .bind("kind", invitation.inviterKind().name())
        .bind("inviter", invitation.inviterId())
        .bind("name", invitation.inviterName())
        .bind("created", invitation.createdAt().atOffset(ZoneOffset.UTC))
        .bind("expires", invitation.expiresAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Makes room for a new invitation of an address whose old one has expired.
  static void endExpired(Handle sql, TenantId tenant, String email, Instant now) {
    sql.createUpdate(
            """
            UPDATE invitations SET state = 'revoked', ended_at = :now
            WHERE tenant_id = :tenant AND email = :email AND state = 'open' AND expires_at <= :now
            """)
        .bind("tenant", tenant.value())
        .bind("email", email)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static Optional<Invitation> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM invitations WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(InvitationStore::invitation)
        .findOne();
  }

  /// As [#find], and nobody else changes it until the commit.
  static Optional<Invitation> lock(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + " FROM invitations WHERE tenant_id = :tenant AND id = :id FOR UPDATE")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(InvitationStore::invitation)
        .findOne();
  }

  static List<Invitation> page(
      Handle sql, TenantId tenant, @Nullable String state, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM invitations
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                  AND (CAST(:state AS text) IS NULL OR state = :state)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("state", state)
        .bind("after", after)
        .bind("limit", limit)
        .map(InvitationStore::invitation)
        .list();
  }

  static void prolong(Handle sql, TenantId tenant, UUID id, Instant now, Instant expiresAt) {
    sql.createUpdate(
            """
            UPDATE invitations SET sent_at = :now, expires_at = :expires
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .bind("expires", expiresAt.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void end(
      Handle sql,
      TenantId tenant,
      UUID id,
      Invitation.State state,
      @Nullable UUID user,
      Instant now) {
    sql.createUpdate(
            """
            UPDATE invitations SET state = :state, user_id = :user, ended_at = :now
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("state", Input.word(state))
        .bind("user", user)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    return sql.createUpdate(
            "DELETE FROM invitations WHERE tenant_id = :tenant AND expires_at < :time")
        .bind("tenant", tenant.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static Invitation invitation(ResultSet rs, StatementContext context) throws SQLException {
    @Nullable OffsetDateTime ended = rs.getObject("ended_at", OffsetDateTime.class);
    return new Invitation(
        rs.getObject("id", UUID.class),
        rs.getString("email"),
        UserRole.ofWord(rs.getString("role")),
        Caller.Kind.valueOf(rs.getString("inviter_kind")),
        rs.getObject("inviter_id", UUID.class),
        rs.getString("inviter_name"),
        Invitation.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
        rs.getObject("user_id", UUID.class),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("sent_at", OffsetDateTime.class).toInstant(),
        rs.getObject("expires_at", OffsetDateTime.class).toInstant(),
        ended == null ? null : ended.toInstant());
  }
}
