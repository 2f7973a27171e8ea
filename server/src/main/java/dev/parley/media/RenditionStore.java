package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// SQL for `file_renditions`.
final class RenditionStore {
  private static final String COLUMNS =
      "file_id, name, blob_id, type, size, sha256, metadata::text AS metadata";

  private RenditionStore() {}

  /// A rendition and the object behind it.
  record Row(UUID file, Rendition rendition, UUID blob) {}

  /// Adds a rendition, or puts it in the place of the one of that name.
  static void put(
      Handle sql, TenantId tenant, UUID file, Rendition rendition, UUID blob, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO file_renditions (tenant_id, file_id, name, blob_id, type, size, sha256, metadata, created_at)
            VALUES (:tenant, :file, :name, :blob, :type, :size, :sha256, CAST(:metadata AS jsonb), :now)
            ON CONFLICT (tenant_id, file_id, name) DO UPDATE SET blob_id = excluded.blob_id, type = excluded.type,
              size = excluded.size, sha256 = excluded.sha256, metadata = excluded.metadata,
              created_at = excluded.created_at
            """)
        .bind("tenant", tenant.value())
        .bind("file", file)
        .bind("name", rendition.name())
        .bind("blob", blob)
        .bind("type", rendition.type())
        .bind("size", rendition.size())
        .bind("sha256", rendition.sha256())
        .bind("metadata", rendition.metadata().toString())
        .bind("now", BlobStore.time(now))
        .execute();
  }

  static Optional<Row> find(Handle sql, TenantId tenant, UUID file, String name) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + " FROM file_renditions WHERE tenant_id = :tenant AND file_id = :file AND name = :name")
        .bind("tenant", tenant.value())
        .bind("file", file)
        .bind("name", name)
        .map(RenditionStore::row)
        .findOne();
  }

  static List<Row> of(Handle sql, TenantId tenant, Collection<UUID> files) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM file_renditions WHERE tenant_id = :tenant AND file_id = ANY (:files)
                ORDER BY file_id, name
                """)
        .bind("tenant", tenant.value())
        .bind("files", files.toArray(UUID[]::new))
        .map(RenditionStore::row)
        .list();
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    return new Row(
        rs.getObject("file_id", UUID.class),
        new Rendition(
            rs.getString("name"),
            rs.getString("type"),
            rs.getLong("size"),
            rs.getString("sha256"),
            (ObjectNode) Json.tree(rs.getString("metadata"))),
        rs.getObject("blob_id", UUID.class));
  }
}
