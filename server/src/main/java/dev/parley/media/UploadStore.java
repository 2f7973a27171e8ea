package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for `uploads` and `upload_parts`.
final class UploadStore {
  private UploadStore() {}

  /// An upload under way.
  ///
  /// @param form `resumable` or `presigned`
  /// @param blob the object that the client puts itself; null for a resumable one
  record Upload(
      UUID id,
      String form,
      @Nullable String type,
      long size,
      @Nullable String sha256,
      long most,
      long offset,
      @Nullable UUID blob,
      Instant expiresAt) {}

  /// A piece that is there.
  record Part(UUID blob, long size) {}

  static void insert(Handle sql, TenantId tenant, Upload upload) {
    sql.createUpdate(
            """
            INSERT INTO uploads (tenant_id, id, form, type, size, sha256, most, blob_id, expires_at)
            VALUES (:tenant, :id, :form, :type, :size, :sha256, :most, :blob, :expires)
            """)
        .bind("tenant", tenant.value())
        .bind("id", upload.id())
        .bind("form", upload.form())
        .bind("type", upload.type())
        .bind("size", upload.size())
        .bind("sha256", upload.sha256())
        .bind("most", upload.most())
        .bind("blob", upload.blob())
        .bind("expires", BlobStore.time(upload.expiresAt()))
        .execute();
  }

  static Optional<Upload> find(Handle sql, TenantId tenant, UUID id, boolean lock) {
    return sql.createQuery(
            """
            SELECT id, form, type, size, sha256, most, at_offset, blob_id, expires_at FROM uploads
            WHERE tenant_id = :tenant AND id = :id
            """
                + (lock ? "FOR UPDATE" : ""))
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(
            (rs, _) ->
                new Upload(
                    rs.getObject("id", UUID.class),
                    rs.getString("form"),
                    rs.getString("type"),
                    rs.getLong("size"),
                    rs.getString("sha256"),
                    rs.getLong("most"),
                    rs.getLong("at_offset"),
                    rs.getObject("blob_id", UUID.class),
                    rs.getObject("expires_at", OffsetDateTime.class).toInstant()))
        .findOne();
  }

  /// How many bytes a tenant's uploads under way will come to.
  static long announced(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT COALESCE(sum(size), 0) FROM uploads WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .mapTo(Long.class)
        .one();
  }

  /// The objects of these uploads.
  static Set<UUID> parts(Handle sql, TenantId tenant, Collection<UUID> uploads) {
    return new HashSet<>(
        sql.createQuery(
                """
                SELECT blob_id FROM upload_parts WHERE tenant_id = :tenant AND upload_id = ANY (:ids)
                UNION SELECT blob_id FROM uploads
                WHERE tenant_id = :tenant AND id = ANY (:ids) AND blob_id IS NOT NULL
                """)
            .bind("tenant", tenant.value())
            .bind("ids", uploads.toArray(UUID[]::new))
            .mapTo(UUID.class)
            .list());
  }

  /// The pieces that are whole, in their order.
  static List<Part> whole(Handle sql, TenantId tenant, UUID upload) {
    return sql.createQuery(
            """
            SELECT blob_id, size FROM upload_parts
            WHERE tenant_id = :tenant AND upload_id = :upload AND size IS NOT NULL ORDER BY starts_at
            """)
        .bind("tenant", tenant.value())
        .bind("upload", upload)
        .map((rs, _) -> new Part(rs.getObject(1, UUID.class), rs.getLong(2)))
        .list();
  }
}
