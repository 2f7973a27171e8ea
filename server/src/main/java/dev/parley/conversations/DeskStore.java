package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `conversation_changes`, and for finding conversations by whose they are.
final class DeskStore {
  private DeskStore() {}

  /// A change to be written down.
  record Row(
      UUID conversationId,
      UUID id,
      String kind,
      String was,
      String became,
      Message.Sender by,
      @Nullable String cause,
      Instant at) {}

  static void insert(Handle sql, TenantId tenant, List<Row> rows) {
    for (Row row : rows) {
      sql.createUpdate(
              """
              INSERT INTO conversation_changes (tenant_id, conversation_id, id, kind, was, became, actor_kind, actor_id,
                actor_name, cause, changed_at)
              VALUES (:tenant, :conversation, :id, :kind, CAST(:was AS jsonb), CAST(:became AS jsonb), :actorKind,
                :actor, :actorName, :cause, CAST(:at AS timestamptz))
              """)
          .bind("tenant", tenant.value())
          .bind("conversation", row.conversationId())
          .bind("id", row.id())
          .bind("kind", row.kind())
          .bind("was", row.was())
          .bind("became", row.became())
          .bind("actorKind", row.by().kind())
          .bind("actor", row.by().id())
          .bind("actorName", row.by().name())
          .bind("cause", row.cause())
          .bind("at", row.at().toString())
          .execute();
    }
  }

  /// What was done with a conversation, the newest first.
  static List<DeskChange> changes(
      Handle sql, TenantId tenant, UUID conversation, @Nullable UUID before, int limit) {
    return sql.createQuery(
            """
            SELECT id, kind, was::text AS was, became::text AS became, actor_kind, actor_id, actor_name, cause, changed_at
            FROM conversation_changes
            WHERE tenant_id = :tenant AND conversation_id = :conversation
              AND (CAST(:before AS uuid) IS NULL OR id < :before)
            ORDER BY id DESC LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("before", before)
        .bind("limit", limit)
        .map(DeskStore::change)
        .list();
  }

  /// Conversations that are not resolved and in the hands of one of the users; only those of a team when that is given.
  static List<UUID> unresolvedOf(
      Handle sql, TenantId tenant, List<UUID> users, @Nullable UUID team) {
    return sql.createQuery(
            """
            SELECT c.id FROM conversations c
            WHERE c.tenant_id = :tenant AND c.kind = 'customer' AND c.assignee_id = ANY(:users)
              AND c.status <> 'resolved' AND (CAST(:team AS uuid) IS NULL OR c.team_id = :team)
            ORDER BY c.id
            """)
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .bind("team", team)
        .mapTo(UUID.class)
        .list();
  }

  /// Conversations of a team that are not resolved.
  static List<UUID> unresolvedOf(Handle sql, TenantId tenant, UUID team) {
    return sql.createQuery(
            """
            SELECT c.id FROM conversations c
            WHERE c.tenant_id = :tenant AND c.kind = 'customer' AND c.team_id = :team AND c.status <> 'resolved'
            ORDER BY c.id
            """)
        .bind("tenant", tenant.value())
        .bind("team", team)
        .mapTo(UUID.class)
        .list();
  }

  private static DeskChange change(ResultSet rs, StatementContext context) throws SQLException {
    return new DeskChange(
        rs.getObject("id", UUID.class),
        rs.getString("kind"),
        Json.read(rs.getString("was"), DeskChange.Side.class),
        Json.read(rs.getString("became"), DeskChange.Side.class),
        new Message.Sender(
            rs.getString("actor_kind"),
            rs.getObject("actor_id", UUID.class),
            rs.getString("actor_name")),
        rs.getString("cause"),
        rs.getObject("changed_at", OffsetDateTime.class).toInstant());
  }
}
