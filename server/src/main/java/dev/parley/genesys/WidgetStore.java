package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
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
import org.jspecify.annotations.Nullable;

/// SQL for `genesys_widgets` and `genesys_widget_sessions`.
final class WidgetStore {
  private WidgetStore() {}

  /// A widget's client with its sealed secret.
  record Row(UUID integration, String clientId, @Nullable String secret, Instant updatedAt) {}

  static void put(Handle sql, TenantId tenant, Row row) {
    sql.createUpdate(
            """
            INSERT INTO genesys_widgets (tenant_id, integration_id, client_id, client_secret, updated_at)
            VALUES (:tenant, :integration, :client, :secret, :now)
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET client_id = EXCLUDED.client_id,
              client_secret = EXCLUDED.client_secret, updated_at = EXCLUDED.updated_at
            """)
        .bind("tenant", tenant.value())
        .bind("integration", row.integration())
        .bind("client", row.clientId())
        .bind("secret", row.secret())
        .bind("now", utc(row.updatedAt()))
        .execute();
  }

  static Optional<Row> find(Handle sql, TenantId tenant, UUID integration) {
    return sql.createQuery(
            """
            SELECT integration_id, client_id, client_secret, updated_at FROM genesys_widgets
            WHERE tenant_id = :tenant AND integration_id = :integration
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .map((rs, _) -> row(rs))
        .findOne();
  }

  /// Those with a secret.
  static List<Row> withSecret(Handle sql, TenantId tenant) {
    return sql.createQuery(
            """
            SELECT integration_id, client_id, client_secret, updated_at FROM genesys_widgets
            WHERE tenant_id = :tenant AND client_secret IS NOT NULL
            """)
        .bind("tenant", tenant.value())
        .map((rs, _) -> row(rs))
        .list();
  }

  private static Row row(ResultSet rs) throws SQLException {
    return new Row(
        rs.getObject(1, UUID.class), rs.getString(2), rs.getString(3), time(rs, "updated_at"));
  }

  /// Answers whether there was one; its sessions go with it.
  static boolean delete(Handle sql, TenantId tenant, UUID integration) {
    return sql.createUpdate(
                """
                DELETE FROM genesys_widgets WHERE tenant_id = :tenant AND integration_id = :integration
                """)
            .bind("tenant", tenant.value())
            .bind("integration", integration)
            .execute()
        > 0;
  }

  static void insert(Handle sql, WidgetSession session) {
    sql.createUpdate(
            """
            INSERT INTO genesys_widget_sessions (tenant_id, id, integration_id, conversation_id, genesys_id, agent_id,
              agent_name, agent_token, state, created_at, expires_at, checked_at)
            VALUES (:tenant, :id, :integration, :conversation, :genesys, :agent, :name, :token, :state, :created,
              :expires, :checked)
            """)
        .bind("tenant", session.tenant().value())
        .bind("id", session.id())
        .bind("integration", session.integration())
        .bind("conversation", session.conversation())
        .bind("genesys", session.genesysId())
        .bind("agent", session.agentId())
        .bind("name", session.agentName())
        .bind("token", session.agentToken())
        .bind("state", session.word())
        .bind("created", utc(session.createdAt()))
        .bind("expires", utc(session.expiresAt()))
        .bind("checked", utc(session.checkedAt()))
        .execute();
  }

  static Optional<WidgetSession> session(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            """
            SELECT id, integration_id, conversation_id, genesys_id, agent_id, agent_name, agent_token, state, created_at,
              expires_at, checked_at
            FROM genesys_widget_sessions WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map((rs, _) -> session(rs, tenant))
        .findOne();
  }

  private static WidgetSession session(ResultSet rs, TenantId tenant) throws SQLException {
    return new WidgetSession(
        tenant,
        rs.getObject("id", UUID.class),
        rs.getObject("integration_id", UUID.class),
        rs.getObject("conversation_id", UUID.class),
        rs.getString("genesys_id"),
        rs.getString("agent_id"),
        rs.getString("agent_name"),
        rs.getString("agent_token"),
        WidgetSession.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
        time(rs, "created_at"),
        time(rs, "expires_at"),
        time(rs, "checked_at"));
  }

  /// Takes it upon the caller to ask Genesys; false when somebody else has since `before` or the answer is newer than
  /// `stale`.
  static boolean claim(
      Handle sql, WidgetSession session, Instant stale, Instant before, Instant now) {
    return sql.createUpdate(
                """
                UPDATE genesys_widget_sessions SET asking_at = :now
                WHERE tenant_id = :tenant AND id = :id AND checked_at < :stale
                  AND (asking_at IS NULL OR asking_at < :before)
                """)
            .bind("tenant", session.tenant().value())
            .bind("id", session.id())
            .bind("stale", utc(stale))
            .bind("before", utc(before))
            .bind("now", utc(now))
            .execute()
        > 0;
  }

  /// Notes what Genesys said, or with null that it said nothing.
  static void checked(
      Handle sql, WidgetSession session, WidgetSession.@Nullable State state, Instant now) {
    sql.createUpdate(
            """
            UPDATE genesys_widget_sessions SET asking_at = NULL, state = coalesce(:state, state),
              checked_at = CASE WHEN CAST(:state AS text) IS NULL THEN checked_at ELSE :now END
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", session.tenant().value())
        .bind("id", session.id())
        .bind("state", state == null ? null : state.name().toLowerCase(Locale.ROOT))
        .bind("now", utc(now))
        .execute();
  }

  /// Answers whether there was one.
  static boolean end(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate(
                "DELETE FROM genesys_widget_sessions WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        > 0;
  }

  /// Ends an agent's sessions but for the `keep` newest.
  static void keepNewest(Handle sql, TenantId tenant, UUID integration, String agent, int keep) {
    sql.createUpdate(
            """
            DELETE FROM genesys_widget_sessions
            WHERE tenant_id = :tenant AND id IN (SELECT id FROM genesys_widget_sessions
              WHERE tenant_id = :tenant AND integration_id = :integration AND agent_id = :agent
              ORDER BY created_at DESC, id DESC OFFSET :keep)
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("agent", agent)
        .bind("keep", keep)
        .execute();
  }

  static int deleteExpired(Handle sql, TenantId tenant, Instant now) {
    return sql.createUpdate(
            "DELETE FROM genesys_widget_sessions WHERE tenant_id = :tenant AND expires_at < :now")
        .bind("tenant", tenant.value())
        .bind("now", utc(now))
        .execute();
  }

  /// Parley's conversation that is that one of Genesys' at an integration; the one last heard of where a customer of two
  /// channels is one there.
  static Optional<UUID> conversation(
      Handle sql, TenantId tenant, UUID integration, String genesys) {
    return sql.createQuery(
            """
            SELECT conversation_id FROM genesys_conversations
            WHERE tenant_id = :tenant AND integration_id = :integration AND genesys_id = :genesys
            ORDER BY last_at DESC LIMIT 1
            """)
        .bind("tenant", tenant.value())
        .bind("integration", integration)
        .bind("genesys", genesys)
        .mapTo(UUID.class)
        .findOne();
  }

  /// How many conversations of Genesys one of ours has been, but for that one.
  static int others(Handle sql, TenantId tenant, UUID conversation, String genesys) {
    return sql.createQuery(
            """
            SELECT count(*) FROM genesys_conversations
            WHERE tenant_id = :tenant AND conversation_id = :conversation AND genesys_id <> :genesys
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("genesys", genesys)
        .mapTo(Integer.class)
        .one();
  }

  private static Instant time(ResultSet rs, String column) throws SQLException {
    return rs.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
