package dev.parley.inbox;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `tags` and `conversation_tags`.
final class TagStore {
  /// The key that makes a name unique in a tenant.
  static final String ONE_NAME = "tags_name";

  private static final String SELECT =
      """
      SELECT t.id, t.name, t.color, t.created_at, t.updated_at,
        (SELECT count(*) FROM conversation_tags c WHERE c.tenant_id = t.tenant_id AND c.tag_id = t.id) AS conversations
      FROM tags t
      """;

  private TagStore() {}

  static void insert(Handle sql, TenantId tenant, UUID id, String name, String color) {
    sql.createUpdate(
            """
            INSERT INTO tags (tenant_id, id, name, name_key, color, created_at, updated_at)
            VALUES (:tenant, :id, :name, lower(:name), :color, now(), now())
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("name", name)
        .bind("color", color)
        .execute();
  }

  static boolean update(Handle sql, TenantId tenant, UUID id, String name, String color) {
    return sql.createUpdate(
                """
                UPDATE tags SET name = :name, name_key = lower(:name), color = :color, updated_at = now()
                WHERE tenant_id = :tenant AND id = :id
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("name", name)
            .bind("color", color)
            .execute()
        == 1;
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM tags WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        == 1;
  }

  static int count(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT count(*) FROM tags WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .mapTo(Integer.class)
        .one();
  }

  static Optional<Tag> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(SELECT + "WHERE t.tenant_id = :tenant AND t.id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(TagStore::tag)
        .findOne();
  }

  static List<Tag> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            SELECT
                + """
                WHERE t.tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR t.id > :after)
                ORDER BY t.id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(TagStore::tag)
        .list();
  }

  /// The tag, which stays until the transaction ends.
  static Optional<Tag.Label> hold(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            """
            SELECT id, name, color FROM tags WHERE tenant_id = :tenant AND id = :id FOR KEY SHARE
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map((rs, _) -> label(rs))
        .findOne();
  }

  /// The tags of conversations, by name.
  static Map<UUID, List<Tag.Label>> ofConversations(
      Handle sql, TenantId tenant, Collection<UUID> conversations) {
    var tags = new HashMap<UUID, List<Tag.Label>>();
    sql.createQuery(
            """
            SELECT c.conversation_id, t.id, t.name, t.color
            FROM conversation_tags c JOIN tags t ON t.tenant_id = c.tenant_id AND t.id = c.tag_id
            WHERE c.tenant_id = :tenant AND c.conversation_id = ANY(:conversations)
            ORDER BY t.name_key
            """)
        .bind("tenant", tenant.value())
        .bindArray("conversations", UUID.class, conversations)
        .map((rs, _) -> Map.entry(rs.getObject("conversation_id", UUID.class), label(rs)))
        .forEach(
            entry ->
                tags.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue()));
    return tags;
  }

  static int countOf(Handle sql, TenantId tenant, UUID conversation) {
    return sql.createQuery(
            """
            SELECT count(*) FROM conversation_tags WHERE tenant_id = :tenant AND conversation_id = :conversation
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .mapTo(Integer.class)
        .one();
  }

  /// Whether the conversation did not have it.
  static boolean put(Handle sql, TenantId tenant, UUID conversation, UUID tag) {
    return sql.createUpdate(
                """
                INSERT INTO conversation_tags (tenant_id, conversation_id, tag_id, tagged_at)
                VALUES (:tenant, :conversation, :tag, now()) ON CONFLICT DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("conversation", conversation)
            .bind("tag", tag)
            .execute()
        == 1;
  }

  /// Whether the conversation had it.
  static boolean take(Handle sql, TenantId tenant, UUID conversation, UUID tag) {
    return sql.createUpdate(
                """
                DELETE FROM conversation_tags
                WHERE tenant_id = :tenant AND conversation_id = :conversation AND tag_id = :tag
                """)
            .bind("tenant", tenant.value())
            .bind("conversation", conversation)
            .bind("tag", tag)
            .execute()
        == 1;
  }

  private static Tag.Label label(ResultSet rs) throws SQLException {
    return new Tag.Label(
        rs.getObject("id", UUID.class), rs.getString("name"), rs.getString("color"));
  }

  private static Tag tag(ResultSet rs, StatementContext context) throws SQLException {
    return new Tag(
        rs.getObject("id", UUID.class),
        rs.getString("name"),
        rs.getString("color"),
        rs.getLong("conversations"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
