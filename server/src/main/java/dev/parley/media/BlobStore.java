package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `blobs` and `blob_totals`.
final class BlobStore {
  private static final String COLUMNS = "id, size, sha256, scan, threat, missing";

  private BlobStore() {}

  /// A stored object.
  ///
  /// @param scan `none`, `due`, `clean` or `infected`
  /// @param threat what the scanner has found, else null
  /// @param missing whether the object was not there when somebody looked
  record Blob(
      UUID id, long size, String sha256, String scan, @Nullable String threat, boolean missing) {}

  /// What a tenant's stored objects come to.
  record Totals(long blobs, long bytes) {}

  static void insert(Handle sql, TenantId tenant, UUID id, String state, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO blobs (tenant_id, id, state, touched_at) VALUES (:tenant, :id, :state, :now)
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("state", state)
        .bind("now", time(now))
        .execute();
  }

  /// Says that somebody is still writing; false when it was given up meanwhile.
  static boolean touch(Handle sql, TenantId tenant, UUID id, Instant now) {
    return sql.createUpdate(
                """
                UPDATE blobs SET touched_at = :now
                WHERE tenant_id = :tenant AND id = :id AND state = 'storing'
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("now", time(now))
            .execute()
        == 1;
  }

  /// The stored object of that content. Until the transaction ends it cannot be doomed.
  static Optional<Blob> shared(Handle sql, TenantId tenant, String sha256) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM blobs
                WHERE tenant_id = :tenant AND sha256 = :sha256 AND state = 'stored'
                FOR SHARE
                """)
        .bind("tenant", tenant.value())
        .bind("sha256", sha256)
        .map(BlobStore::blob)
        .findOne();
  }

  static Optional<Blob> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + " FROM blobs WHERE tenant_id = :tenant AND id = :id AND state = 'stored'")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(BlobStore::blob)
        .findOne();
  }

  /// Makes a written object the one of its content; false when it was given up meanwhile.
  static boolean keep(
      Handle sql,
      TenantId tenant,
      UUID id,
      BlobStorage.Put put,
      @Nullable Instant scanAt,
      Instant now) {
    return sql.createUpdate(
                """
                UPDATE blobs SET state = 'stored', sha256 = :sha256, size = :size, touched_at = :now,
                  scan = CASE WHEN CAST(:scanAt AS timestamptz) IS NULL THEN 'none' ELSE 'due' END, scan_at = :scanAt
                WHERE tenant_id = :tenant AND id = :id AND state IN ('storing', 'part')
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("sha256", put.sha256())
            .bind("size", put.size())
            .bind("scanAt", scanAt == null ? null : time(scanAt))
            .bind("now", time(now))
            .execute()
        == 1;
  }

  /// Makes a written object a piece of an upload; false when it was given up meanwhile.
  static boolean keepPart(Handle sql, TenantId tenant, UUID id, BlobStorage.Put put, Instant now) {
    return sql.createUpdate(
                """
                UPDATE blobs SET state = 'part', sha256 = :sha256, size = :size, touched_at = :now
                WHERE tenant_id = :tenant AND id = :id AND state = 'storing'
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("sha256", put.sha256())
            .bind("size", put.size())
            .bind("now", time(now))
            .execute()
        == 1;
  }

  /// Gives up objects that nobody refers to.
  static void doom(Handle sql, TenantId tenant, Collection<UUID> ids, Instant now) {
    if (ids.isEmpty()) {
      return;
    }
    sql.createUpdate(
            """
            UPDATE blobs SET state = 'doomed', touched_at = :now, scan = 'none', scan_at = NULL
            WHERE tenant_id = :tenant AND id = ANY (:ids) AND state <> 'doomed'
            """)
        .bind("tenant", tenant.value())
        .bind("ids", ids.toArray(UUID[]::new))
        .bind("now", time(now))
        .execute();
  }

  /// Those of these stored objects that no file and no rendition refers to. Locked in one statement and looked at in the
  /// next: a file that was just being added is then seen, and none can be added any more.
  static List<Blob> unreferenced(Handle sql, TenantId tenant, Collection<UUID> ids) {
    UUID[] wanted = ids.stream().sorted().toArray(UUID[]::new);
    sql.createQuery(
            """
            SELECT id FROM blobs WHERE tenant_id = :tenant AND id = ANY (:ids) ORDER BY id FOR UPDATE
            """)
        .bind("tenant", tenant.value())
        .bind("ids", wanted)
        .mapTo(UUID.class)
        .list();
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM blobs b
                WHERE tenant_id = :tenant AND id = ANY (:ids) AND state = 'stored'
                  AND NOT EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = :tenant AND f.blob_id = b.id)
                  AND NOT EXISTS (SELECT 1 FROM file_renditions r WHERE r.tenant_id = :tenant AND r.blob_id = b.id)
                """)
        .bind("tenant", tenant.value())
        .bind("ids", wanted)
        .map(BlobStore::blob)
        .list();
  }

  /// Objects whose writing was given up: nobody has touched them since.
  static List<UUID> stale(Handle sql, TenantId tenant, Instant before, int limit) {
    return sql.createQuery(
            """
            SELECT id FROM blobs WHERE tenant_id = :tenant AND state = 'storing' AND touched_at < :before
            ORDER BY touched_at LIMIT :limit FOR UPDATE
            """)
        .bind("tenant", tenant.value())
        .bind("before", time(before))
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  static List<UUID> doomed(Handle sql, TenantId tenant, int limit) {
    return sql.createQuery(
            """
            SELECT id FROM blobs WHERE tenant_id = :tenant AND state = 'doomed' ORDER BY touched_at LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("limit", limit)
        .mapTo(UUID.class)
        .list();
  }

  /// Forgets a doomed object that is deleted.
  static void forget(Handle sql, TenantId tenant, UUID id) {
    sql.createUpdate(
            "DELETE FROM blobs WHERE tenant_id = :tenant AND id = :id AND state = 'doomed'")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .execute();
  }

  /// Adds an object to the totals, unless they would exceed `quota` bytes; answers whether it was added.
  static boolean add(Handle sql, TenantId tenant, long bytes, long quota) {
    return bytes <= quota
        && sql.createUpdate(
                    """
                    INSERT INTO blob_totals AS t (tenant_id, blobs, bytes) VALUES (:tenant, 1, :bytes)
                    ON CONFLICT (tenant_id) DO UPDATE SET blobs = t.blobs + 1, bytes = t.bytes + :bytes
                    WHERE t.bytes + :bytes <= :quota
                    """)
                .bind("tenant", tenant.value())
                .bind("bytes", bytes)
                .bind("quota", quota)
                .execute()
            == 1;
  }

  /// Lets files and renditions refer to another object of the same content.
  static void replace(Handle sql, TenantId tenant, UUID old, UUID other) {
    for (String table : List.of("files", "file_renditions")) {
      sql.createUpdate(
              "UPDATE "
                  + table
                  + " SET blob_id = :other WHERE tenant_id = :tenant AND blob_id = :old")
          .bind("tenant", tenant.value())
          .bind("old", old)
          .bind("other", other)
          .execute();
    }
  }

  static void subtract(Handle sql, TenantId tenant, long blobs, long bytes) {
    sql.createUpdate(
            """
            UPDATE blob_totals SET blobs = blobs - :blobs, bytes = bytes - :bytes WHERE tenant_id = :tenant
            """)
        .bind("tenant", tenant.value())
        .bind("blobs", blobs)
        .bind("bytes", bytes)
        .execute();
  }

  static Totals totals(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT blobs, bytes FROM blob_totals WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .map((rs, _) -> new Totals(rs.getLong(1), rs.getLong(2)))
        .findOne()
        .orElse(new Totals(0, 0));
  }

  /// Stored objects in the order of their ids, after one.
  static List<Blob> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM blobs
                WHERE tenant_id = :tenant AND state = 'stored' AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(BlobStore::blob)
        .list();
  }

  /// Those of these objects that have a row, whatever its state.
  static List<UUID> known(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery("SELECT id FROM blobs WHERE tenant_id = :tenant AND id = ANY (:ids)")
        .bind("tenant", tenant.value())
        .bind("ids", ids.toArray(UUID[]::new))
        .mapTo(UUID.class)
        .list();
  }

  static void mark(Handle sql, TenantId tenant, UUID id, boolean missing) {
    sql.createUpdate("UPDATE blobs SET missing = :missing WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("missing", missing)
        .execute();
  }

  /// Whether the totals are not what the stored objects come to; sets them right when `mend`. Whoever changes them waits.
  static boolean recount(Handle sql, TenantId tenant, boolean mend) {
    Totals said =
        sql.createQuery("SELECT blobs, bytes FROM blob_totals WHERE tenant_id = :tenant FOR UPDATE")
            .bind("tenant", tenant.value())
            .map((rs, _) -> new Totals(rs.getLong(1), rs.getLong(2)))
            .findOne()
            .orElse(new Totals(0, 0));
    Totals counted =
        sql.createQuery(
                """
                SELECT count(*), COALESCE(sum(size), 0) FROM blobs
                WHERE tenant_id = :tenant AND state = 'stored'
                """)
            .bind("tenant", tenant.value())
            .map((rs, _) -> new Totals(rs.getLong(1), rs.getLong(2)))
            .one();
    boolean wrong = !said.equals(counted);
    if (wrong && mend) {
      subtract(sql, tenant, said.blobs() - counted.blobs(), said.bytes() - counted.bytes());
    }
    return wrong;
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Blob blob(ResultSet rs, StatementContext context) throws SQLException {
    return new Blob(
        rs.getObject("id", UUID.class),
        rs.getLong("size"),
        rs.getString("sha256"),
        rs.getString("scan"),
        rs.getString("threat"),
        rs.getBoolean("missing"));
  }
}
