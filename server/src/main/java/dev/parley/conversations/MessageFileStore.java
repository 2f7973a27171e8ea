package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for the files of `messages`: what stands under `attachment` in their content.
final class MessageFileStore {
  private MessageFileStore() {}

  /// A message as far as its file is concerned, locked until the transaction ends.
  static Optional<MessageMedia.Wanted> lock(Handle sql, TenantId tenant, UUID message) {
    return sql.createQuery(
            """
            SELECT m.id, m.conversation_id, m.channel_id, c.project_id, c.lane, m.content::text AS content,
              coalesce(m.provider_time, m.created_at) AS written_at
            FROM messages m
            JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
            WHERE m.tenant_id = :tenant AND m.id = :id AND c.kind = 'customer' AND jsonb_exists(m.content, 'attachment')
            FOR UPDATE OF m
            """)
        .bind("tenant", tenant.value())
        .bind("id", message)
        .map((rs, _) -> wanted(tenant, rs))
        .findOne()
        .flatMap(found -> found);
  }

  /// The content of a message by the provider's id of it.
  static Optional<Content> content(
      Handle sql, TenantId tenant, UUID channel, String providerMessageId) {
    return sql.createQuery(
            """
            SELECT content::text AS content FROM messages
            WHERE tenant_id = :tenant AND channel_id = :channel AND provider_message_id = :message
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("message", providerMessageId)
        .map((rs, _) -> content(rs))
        .findOne();
  }

  private static Content content(ResultSet rs) throws SQLException {
    try {
      return Json.MAPPER.readValue(rs.getString("content"), Content.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<MessageMedia.Wanted> wanted(TenantId tenant, ResultSet rs)
      throws SQLException {
    Content content = content(rs);
    return content instanceof Content.Media media
        ? Optional.of(
            new MessageMedia.Wanted(
                tenant,
                rs.getObject("id", UUID.class),
                rs.getObject("conversation_id", UUID.class),
                rs.getObject("channel_id", UUID.class),
                rs.getObject("project_id", UUID.class),
                rs.getInt("lane"),
                media,
                rs.getObject("written_at", OffsetDateTime.class).toInstant()))
        : Optional.empty();
  }

  static void put(Handle sql, TenantId tenant, UUID message, Content.Attachment next) {
    sql.createUpdate(
            """
            UPDATE messages SET content = jsonb_set(content, '{attachment}', CAST(:next AS jsonb))
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", message)
        .bind("next", Json.write(next))
        .execute();
  }

  /// Puts `next` in the place of the attachment with the provider's id `mediaId`, if it is still there and in that
  /// state. Answers whether it was.
  static boolean replace(
      Handle sql,
      TenantId tenant,
      UUID message,
      String mediaId,
      MessageFile.State from,
      Content.Attachment next) {
    return sql.createUpdate(
                """
                UPDATE messages SET content = jsonb_set(content, '{attachment}', CAST(:next AS jsonb))
                WHERE tenant_id = :tenant AND id = :id AND content->'attachment'->>'providerId' = :media
                  AND content->'attachment'->'file'->>'state' = :from
                """)
            .bind("tenant", tenant.value())
            .bind("id", message)
            .bind("media", mediaId)
            .bind("from", from.word())
            .bind("next", Json.write(next))
            .execute()
        > 0;
  }
}
