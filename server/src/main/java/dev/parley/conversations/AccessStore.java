package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for who is in which conversation: reads `conversations` and `participants`.
final class AccessStore {
  private static final String FACTS =
      """
      SELECT c.id, c.kind, c.lane, c.privacy = 'public' AS public, c.invite_policy = 'members' AS members_invite,
        c.archived_at IS NOT NULL AS archived, p.role
      """;

  private AccessStore() {}

  /// What is known of those of the conversations that are there, and of the user's place in them.
  static List<ConversationAccess.Facts> facts(
      Handle sql, TenantId tenant, UUID user, Collection<UUID> conversations) {
    return sql.createQuery(
            FACTS
                + """
                FROM conversations c
                LEFT JOIN participants p ON p.tenant_id = c.tenant_id AND p.conversation_id = c.id
                  AND p.kind = 'user' AND p.participant_id = :user AND p.chat AND p.left_at IS NULL
                WHERE c.tenant_id = :tenant AND c.id = ANY(:ids)
                """)
        .bind("tenant", tenant.value())
        .bind("user", user)
        .bindArray("ids", UUID.class, conversations)
        .map((rs, _) -> facts(rs))
        .list();
  }

  /// What is known of each of the conversations, and of the place in it of the user at the same place of the other list.
  static List<ConversationAccess.Facts> facts(
      Handle sql, TenantId tenant, List<UUID> users, List<UUID> conversations) {
    return sql.createQuery(
            FACTS
                + """
                FROM unnest(CAST(:users AS uuid[]), CAST(:ids AS uuid[])) AS u (user_id, id)
                JOIN conversations c ON c.tenant_id = :tenant AND c.id = u.id
                LEFT JOIN participants p ON p.tenant_id = c.tenant_id AND p.conversation_id = c.id
                  AND p.kind = 'user' AND p.participant_id = u.user_id AND p.chat AND p.left_at IS NULL
                """)
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .bindArray("ids", UUID.class, conversations)
        .map((rs, _) -> facts(rs))
        .list();
  }

  /// All conversations among people in which the user is now.
  static List<ConversationAccess.Facts> ofUser(Handle sql, TenantId tenant, UUID user, int limit) {
    return sql.createQuery(
            FACTS
                + """
                FROM participants p
                JOIN conversations c ON c.tenant_id = p.tenant_id AND c.id = p.conversation_id
                WHERE p.tenant_id = :tenant AND p.kind = 'user' AND p.participant_id = :user AND p.chat
                  AND p.left_at IS NULL
                ORDER BY c.id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("user", user)
        .bind("limit", limit)
        .map((rs, _) -> facts(rs))
        .list();
  }

  static ChatRole role(String word) {
    return ChatRole.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static ConversationKind kind(String word) {
    return ConversationKind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static ConversationAccess.Facts facts(ResultSet rs) throws SQLException {
    @Nullable String role = rs.getString("role");
    return new ConversationAccess.Facts(
        rs.getObject("id", UUID.class),
        kind(rs.getString("kind")),
        rs.getInt("lane"),
        rs.getBoolean("public"),
        rs.getBoolean("members_invite"),
        rs.getBoolean("archived"),
        role == null ? null : role(role));
  }
}
