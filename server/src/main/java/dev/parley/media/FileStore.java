package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `files` and `file_uses`.
final class FileStore {
  private static final String COLUMNS =
      """
      id, project_id, blob_id, state, kind, type, name, size, sha256, source, reason, metadata::text AS metadata,
      created_at, updated_at
      """;

  private FileStore() {}

  /// A file and the object behind it.
  record Row(StoredFile file, @Nullable UUID blob) {}

  static void insert(Handle sql, Caller by, StoredFile file, @Nullable UUID blob) {
    sql.createUpdate(
            """
            INSERT INTO files (tenant_id, id, project_id, blob_id, state, kind, type, name, size, sha256, source, reason,
              metadata, created_by_kind, created_by, created_at, updated_at, unused_since)
            VALUES (:tenant, :id, :project, :blob, :state, :kind, :type, :name, :size, :sha256, :source, :reason,
              CAST(:metadata AS jsonb), :byKind, :by, :created, :created, :created)
            """)
        .bind("tenant", by.inTenant().value())
        .bind("id", file.id())
        .bind("project", file.projectId())
        .bind("blob", blob)
        .bind("state", file.state().word())
        .bind("kind", file.kind().word())
        .bind("type", file.type())
        .bind("name", file.name())
        .bind("size", file.size())
        .bind("sha256", file.sha256())
        .bind("source", file.source())
        .bind("reason", file.reason())
        .bind("metadata", file.metadata().toString())
        .bind("byKind", by.kind().name().toLowerCase(Locale.ROOT))
        .bind("by", by.id())
        .bind("created", BlobStore.time(file.createdAt()))
        .execute();
  }

  /// Gives an announced or failed file its bytes; empty when it is neither any more.
  static Optional<Row> fill(Handle sql, TenantId tenant, StoredFile file, UUID blob, Instant now) {
    return sql.createQuery(
            """
            UPDATE files SET blob_id = :blob, state = :state, kind = :kind, type = :type, size = :size, sha256 = :sha256,
              name = COALESCE(:name, name), reason = :reason, metadata = metadata || CAST(:metadata AS jsonb),
              updated_at = :now
            WHERE tenant_id = :tenant AND id = :id AND state IN ('uploading', 'failed')
            RETURNING
            """
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("id", file.id())
        .bind("blob", blob)
        .bind("state", file.state().word())
        .bind("kind", file.kind().word())
        .bind("type", file.type())
        .bind("size", file.size())
        .bind("sha256", file.sha256())
        .bind("name", file.name())
        .bind("reason", file.reason())
        .bind("metadata", file.metadata().toString())
        .bind("now", BlobStore.time(now))
        .map(FileStore::row)
        .findOne();
  }

  /// Notes that an announced file's bytes cannot be had; empty when it is not announced any more.
  static Optional<Row> fail(Handle sql, TenantId tenant, UUID id, String reason, Instant now) {
    return sql.createQuery(
            """
            UPDATE files SET state = 'failed', reason = :reason, updated_at = :now
            WHERE tenant_id = :tenant AND id = :id AND state IN ('uploading', 'failed')
            RETURNING
            """
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("reason", reason)
        .bind("now", BlobStore.time(now))
        .map(FileStore::row)
        .findOne();
  }

  /// Moves all files of an object from some states to another; answers them as they are now.
  static List<Row> move(
      Handle sql,
      TenantId tenant,
      UUID blob,
      List<FileState> from,
      FileState to,
      @Nullable String reason,
      Instant now) {
    return sql.createQuery(
            """
            UPDATE files SET state = :to, reason = :reason, updated_at = :now
            WHERE tenant_id = :tenant AND blob_id = :blob AND state = ANY (:from)
            RETURNING
            """
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("blob", blob)
        .bind("from", from.stream().map(FileState::word).toArray(String[]::new))
        .bind("to", to.word())
        .bind("reason", reason)
        .bind("now", BlobStore.time(now))
        .map(FileStore::row)
        .list();
  }

  static Optional<Row> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + "FROM files WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(FileStore::row)
        .findOne();
  }

  static List<Row> findAll(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT " + COLUMNS + "FROM files WHERE tenant_id = :tenant AND id = ANY (:ids)")
        .bind("tenant", tenant.value())
        .bind("ids", ids.toArray(UUID[]::new))
        .map(FileStore::row)
        .list();
  }

  /// Files, the newest first, before one.
  static List<StoredFile> page(
      Handle sql,
      TenantId tenant,
      @Nullable UUID project,
      @Nullable FileState state,
      @Nullable FileKind kind,
      @Nullable UUID before,
      int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM files
                WHERE tenant_id = :tenant
                  AND (CAST(:project AS uuid) IS NULL OR project_id = :project)
                  AND (CAST(:state AS text) IS NULL OR state = :state)
                  AND (CAST(:kind AS text) IS NULL OR kind = :kind)
                  AND (CAST(:before AS uuid) IS NULL OR id < :before)
                ORDER BY id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("project", project)
        .bind("state", state == null ? null : state.word())
        .bind("kind", kind == null ? null : kind.word())
        .bind("before", before)
        .bind("limit", limit)
        .map((rs, context) -> row(rs, context).file())
        .list();
  }

  static Optional<Row> addMetadata(
      Handle sql, TenantId tenant, UUID id, ObjectNode metadata, Instant now) {
    return sql.createQuery(
            """
            UPDATE files SET metadata = metadata || CAST(:metadata AS jsonb), updated_at = :now
            WHERE tenant_id = :tenant AND id = :id
            RETURNING
            """
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("metadata", metadata.toString())
        .bind("now", BlobStore.time(now))
        .map(FileStore::row)
        .findOne();
  }

  /// Notes a use; false when there is no such file. The row of the file is changed, so a sweep that is about to delete it
  /// waits and sees that it is used, or was quicker and this sees no file.
  static boolean use(Handle sql, TenantId tenant, UUID id, FileUse use, Instant now) {
    boolean there =
        sql.createUpdate(
                    """
                    UPDATE files SET unused_since = NULL WHERE tenant_id = :tenant AND id = :id
                    """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .execute()
            == 1;
    if (there) {
      sql.createUpdate(
              """
              INSERT INTO file_uses (tenant_id, file_id, kind, used_by, used_at)
              VALUES (:tenant, :file, :kind, :by, :now)
              ON CONFLICT (tenant_id, file_id, kind, used_by) DO NOTHING
              """)
          .bind("tenant", tenant.value())
          .bind("file", id)
          .bind("kind", use.kind())
          .bind("by", use.id())
          .bind("now", BlobStore.time(now))
          .execute();
    }
    return there;
  }

  /// Takes back all uses by one; a file that nobody uses then is unused from `now` on.
  static void release(Handle sql, TenantId tenant, FileUse use, Instant now) {
    List<UUID> files =
        sql.createQuery(
                """
                SELECT f.id FROM files f
                WHERE f.tenant_id = :tenant AND f.id IN (SELECT u.file_id FROM file_uses u
                  WHERE u.tenant_id = :tenant AND u.kind = :kind AND u.used_by = :by)
                ORDER BY f.id FOR UPDATE OF f
                """)
            .bind("tenant", tenant.value())
            .bind("kind", use.kind())
            .bind("by", use.id())
            .mapTo(UUID.class)
            .list();
    if (files.isEmpty()) {
      return;
    }
    sql.createUpdate(
            """
            DELETE FROM file_uses
            WHERE tenant_id = :tenant AND kind = :kind AND used_by = :by AND file_id = ANY (:files)
            """)
        .bind("tenant", tenant.value())
        .bind("kind", use.kind())
        .bind("by", use.id())
        .bind("files", files.toArray(UUID[]::new))
        .execute();
    sql.createUpdate(
            """
            UPDATE files f SET unused_since = :now
            WHERE f.tenant_id = :tenant AND f.id = ANY (:files)
              AND NOT EXISTS (SELECT 1 FROM file_uses u WHERE u.tenant_id = :tenant AND u.file_id = f.id)
            """)
        .bind("tenant", tenant.value())
        .bind("now", BlobStore.time(now))
        .bind("files", files.toArray(UUID[]::new))
        .execute();
  }

  /// Files that nobody has used since a time and that no upload is under way for, locked: whoever wants to use one waits.
  static List<UUID> lockUnused(Handle sql, TenantId tenant, Instant since, int limit) {
    return sql.createQuery(
            """
            SELECT f.id FROM files f
            WHERE f.tenant_id = :tenant AND f.unused_since < :since
              AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.tenant_id = :tenant AND u.id = f.id)
            ORDER BY f.unused_since LIMIT :limit FOR UPDATE OF f
            """)
        .bind("tenant", tenant.value())
        .bind("since", BlobStore.time(since))
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /// Which of these files that user, key or operator has brought.
  static Set<UUID> broughtBy(Handle sql, TenantId tenant, UUID who, Collection<UUID> ids) {
    return sql.createQuery(
            """
            SELECT id FROM files WHERE tenant_id = :tenant AND id = ANY (:ids) AND created_by = :who
            """)
        .bind("tenant", tenant.value())
        .bind("ids", ids.toArray(UUID[]::new))
        .bind("who", who)
        .mapTo(UUID.class)
        .set();
  }

  /// Whether a file is used, with its row locked; empty when there is no such file.
  static Optional<Boolean> lockUsed(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            """
            SELECT unused_since IS NULL FROM files WHERE tenant_id = :tenant AND id = :id FOR UPDATE
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .mapTo(Boolean.class)
        .findOne();
  }

  /// Deletes files with their renditions and uses; answers them.
  static List<Row> deleteAll(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            """
            DELETE FROM files WHERE tenant_id = :tenant AND id = ANY (:ids)
            RETURNING
            """
                + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("ids", ids.toArray(UUID[]::new))
        .map(FileStore::row)
        .list();
  }

  static Row row(ResultSet rs, StatementContext context) throws SQLException {
    long size = rs.getLong("size");
    Long known = rs.wasNull() ? null : size;
    return new Row(
        new StoredFile(
            rs.getObject("id", UUID.class),
            rs.getObject("project_id", UUID.class),
            FileState.of(rs.getString("state")),
            FileKind.of(rs.getString("kind")),
            rs.getString("type"),
            rs.getString("name"),
            known,
            rs.getString("sha256"),
            rs.getString("source"),
            rs.getString("reason"),
            (ObjectNode) Json.tree(rs.getString("metadata")),
            rs.getObject("created_at", OffsetDateTime.class).toInstant(),
            rs.getObject("updated_at", OffsetDateTime.class).toInstant()),
        rs.getObject("blob_id", UUID.class));
  }
}
