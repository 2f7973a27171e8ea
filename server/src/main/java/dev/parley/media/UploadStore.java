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
  record Part(UUID blob, long size, String sha256) {}

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
            SELECT p.blob_id, p.size, b.sha256 FROM upload_parts p
            JOIN blobs b ON b.tenant_id = :tenant AND b.id = p.blob_id
            WHERE p.tenant_id = :tenant AND p.upload_id = :upload AND p.size IS NOT NULL ORDER BY p.starts_at
            """)
        .bind("tenant", tenant.value())
        .bind("upload", upload)
        .map((rs, _) -> new Part(rs.getObject(1, UUID.class), rs.getLong(2), rs.getString(3)))
        .list();
  }

  /// The object that somebody is writing as the upload's next piece.
  static Optional<UUID> writing(Handle sql, TenantId tenant, UUID upload) {
    return sql.createQuery(
            """
            SELECT blob_id FROM upload_parts WHERE tenant_id = :tenant AND upload_id = :upload AND size IS NULL
            """)
        .bind("tenant", tenant.value())
        .bind("upload", upload)
        .mapTo(UUID.class)
        .findOne();
  }

  /// Takes an unfinished piece away whose object nobody has touched since a time; false when somebody has.
  static boolean giveUpPart(Handle sql, TenantId tenant, UUID blob, Instant before) {
    return sql.createUpdate(
                """
                DELETE FROM upload_parts p
                WHERE p.tenant_id = :tenant AND p.blob_id = :blob AND p.size IS NULL AND NOT EXISTS (
                  SELECT 1 FROM blobs b WHERE b.tenant_id = :tenant AND b.id = p.blob_id
                    AND b.state = 'storing' AND b.touched_at >= :before)
                """)
            .bind("tenant", tenant.value())
            .bind("blob", blob)
            .bind("before", BlobStore.time(before))
            .execute()
        == 1;
  }

  static void insertPart(Handle sql, TenantId tenant, UUID upload, long startsAt, UUID blob) {
    sql.createUpdate(
            """
            INSERT INTO upload_parts (tenant_id, upload_id, starts_at, blob_id)
            VALUES (:tenant, :upload, :startsAt, :blob)
            """)
        .bind("tenant", tenant.value())
        .bind("upload", upload)
        .bind("startsAt", startsAt)
        .bind("blob", blob)
        .execute();
  }

  /// Says that a piece is whole; false when it was given up.
  static boolean endPart(Handle sql, TenantId tenant, UUID blob, long size) {
    return sql.createUpdate(
                """
                UPDATE upload_parts SET size = :size
                WHERE tenant_id = :tenant AND blob_id = :blob AND size IS NULL
                """)
            .bind("tenant", tenant.value())
            .bind("blob", blob)
            .bind("size", size)
            .execute()
        == 1;
  }

  static void deletePart(Handle sql, TenantId tenant, UUID blob) {
    sql.createUpdate("DELETE FROM upload_parts WHERE tenant_id = :tenant AND blob_id = :blob")
        .bind("tenant", tenant.value())
        .bind("blob", blob)
        .execute();
  }

  static void advance(Handle sql, TenantId tenant, UUID id, long by, Instant expires) {
    sql.createUpdate(
            """
            UPDATE uploads SET at_offset = at_offset + :by, expires_at = :expires
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("by", by)
        .bind("expires", BlobStore.time(expires))
        .execute();
  }

  static void delete(Handle sql, TenantId tenant, UUID id) {
    sql.createUpdate("DELETE FROM uploads WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .execute();
  }

  /// Uploads whose time is over.
  static List<UUID> expired(Handle sql, TenantId tenant, Instant now, int limit) {
    return sql.createQuery(
            """
            SELECT id FROM uploads WHERE tenant_id = :tenant AND expires_at <= :now
            ORDER BY expires_at LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("now", BlobStore.time(now))
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /// Resumable uploads that have all their bytes and are no files yet.
  static List<UUID> finished(Handle sql, TenantId tenant, int limit) {
    return sql.createQuery(
            """
            SELECT id FROM uploads WHERE tenant_id = :tenant AND at_offset = size ORDER BY id LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }
}
