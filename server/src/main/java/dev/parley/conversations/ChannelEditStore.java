package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for what providers tell later about messages: `message_reactions`, `message_edits`, deletions.
final class ChannelEditStore {
  private ChannelEditStore() {}

  /// A reaction counts when it is newer than the one that is there. Answers whether it did.
  static boolean react(
      Handle sql,
      TenantId tenant,
      UUID message,
      String kind,
      UUID actor,
      String emoji,
      Instant at) {
    return sql.createUpdate(
                """
                INSERT INTO message_reactions AS r (tenant_id, message_id, kind, actor_id, emoji, reacted_at)
                VALUES (:tenant, :message, :kind, :actor, :emoji, :at)
                ON CONFLICT (tenant_id, message_id, kind, actor_id)
                DO UPDATE SET emoji = EXCLUDED.emoji, reacted_at = EXCLUDED.reacted_at
                WHERE r.reacted_at <= EXCLUDED.reacted_at
                """)
            .bind("tenant", tenant.value())
            .bind("message", message)
            .bind("kind", kind)
            .bind("actor", actor)
            .bind("emoji", emoji)
            .bind("at", at.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static boolean unreact(
      Handle sql, TenantId tenant, UUID message, String kind, UUID actor, Instant at) {
    return sql.createUpdate(
                """
                DELETE FROM message_reactions
                WHERE tenant_id = :tenant AND message_id = :message AND kind = :kind AND actor_id = :actor
                  AND reacted_at <= :at
                """)
            .bind("tenant", tenant.value())
            .bind("message", message)
            .bind("kind", kind)
            .bind("actor", actor)
            .bind("at", at.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  /// Keeps the present content as history and puts the new one in its place; false when a newer edit or a deletion
  /// has been there before.
  static boolean edit(Handle sql, TenantId tenant, UUID message, Content content, Instant at) {
    keep(sql, tenant, message, at);
    return sql.createUpdate(
                """
                UPDATE messages SET content = CAST(:content AS jsonb), edited_at = :at
                WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL
                  AND (edited_at IS NULL OR edited_at < :at)
                """)
            .bind("tenant", tenant.value())
            .bind("id", message)
            .bind("content", Json.write(content))
            .bind("at", at.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static boolean delete(Handle sql, TenantId tenant, UUID message, Instant at) {
    keep(sql, tenant, message, at);
    return sql.createUpdate(
                """
                UPDATE messages SET deleted_at = :at
                WHERE tenant_id = :tenant AND id = :id AND deleted_at IS NULL
                """)
            .bind("tenant", tenant.value())
            .bind("id", message)
            .bind("at", at.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  private static void keep(Handle sql, TenantId tenant, UUID message, Instant at) {
    sql.createUpdate(
            """
            INSERT INTO message_edits (tenant_id, message_id, edited_at, content)
            SELECT m.tenant_id, m.id, :at, m.content FROM messages m
            WHERE m.tenant_id = :tenant AND m.id = :id AND m.deleted_at IS NULL
              AND (m.edited_at IS NULL OR m.edited_at < :at)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bind("id", message)
        .bind("at", at.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
