package dev.parley.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.conversations.Message;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `conversation_notes`.
final class NoteStore {
  private static final TypeReference<List<UUID>> IDS = new TypeReference<>() {};
  private static final String COLUMNS =
      """
      conversation_id, id, after_seq, author_kind, author_id, author_name, body, mentions::text AS mentions, created_at,
      edited_at
      """;

  private NoteStore() {}

  static void insert(Handle sql, TenantId tenant, Note note) {
    sql.createUpdate(
            """
            INSERT INTO conversation_notes (tenant_id, conversation_id, id, after_seq, author_kind, author_id,
              author_name, body, mentions, created_at)
            VALUES (:tenant, :conversation, :id, :after, :kind, :author, :name, :body, CAST(:mentions AS jsonb),
              CAST(:at AS timestamptz))
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", note.conversationId())
        .bind("id", note.id())
        .bind("after", note.afterSeq())
        .bind("kind", note.author().kind())
        .bind("author", note.author().id())
        .bind("name", note.author().name())
        .bind("body", note.text())
        .bind("mentions", Json.write(note.mentions()))
        .bind("at", note.createdAt().toString())
        .execute();
  }

  static Optional<Note> lock(Handle sql, TenantId tenant, UUID conversation, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM conversation_notes
                WHERE tenant_id = :tenant AND conversation_id = :conversation AND id = :id FOR UPDATE
                """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("id", id)
        .map(NoteStore::note)
        .findOne();
  }

  static void update(
      Handle sql, TenantId tenant, UUID id, String body, List<UUID> mentions, Instant now) {
    sql.createUpdate(
            """
            UPDATE conversation_notes SET body = :body, mentions = CAST(:mentions AS jsonb),
              edited_at = CAST(:now AS timestamptz)
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("body", body)
        .bind("mentions", Json.write(mentions))
        .bind("now", now.toString())
        .execute();
  }

  static void delete(Handle sql, TenantId tenant, UUID id) {
    sql.createUpdate("DELETE FROM conversation_notes WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .execute();
  }

  /// Notes of a conversation, the newest first.
  static List<Note> page(
      Handle sql, TenantId tenant, UUID conversation, @Nullable UUID before, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM conversation_notes
                WHERE tenant_id = :tenant AND conversation_id = :conversation
                  AND (CAST(:before AS uuid) IS NULL OR id < :before)
                ORDER BY id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .bind("before", before)
        .bind("limit", limit)
        .map(NoteStore::note)
        .list();
  }

  static int count(Handle sql, TenantId tenant, UUID conversation) {
    return sql.createQuery(
            """
            SELECT count(*) FROM conversation_notes WHERE tenant_id = :tenant AND conversation_id = :conversation
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .mapTo(Integer.class)
        .one();
  }

  private static Note note(ResultSet rs, StatementContext context) throws SQLException {
    @Nullable OffsetDateTime edited = rs.getObject("edited_at", OffsetDateTime.class);
    return new Note(
        rs.getObject("id", UUID.class),
        rs.getObject("conversation_id", UUID.class),
        rs.getLong("after_seq"),
        new Message.Sender(
            rs.getString("author_kind"),
            rs.getObject("author_id", UUID.class),
            rs.getString("author_name")),
        rs.getString("body"),
        ids(rs.getString("mentions")),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        edited == null ? null : edited.toInstant());
  }

  private static List<UUID> ids(String json) {
    try {
      return Json.MAPPER.readValue(json, IDS);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
