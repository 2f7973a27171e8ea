package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL for the scanning of `blobs`.
final class ScanStore {
  private ScanStore() {}

  /// An object to be scanned, and how often it was tried.
  record Due(UUID blob, long size, int tries) {}

  /// Objects whose time has come, and of which nobody else takes care until `lease` is over.
  static List<Due> claim(Handle sql, TenantId tenant, Instant now, Instant lease, int limit) {
    return sql.createQuery(
            """
            UPDATE blobs SET scan_at = :lease, scan_tries = scan_tries + 1
            WHERE tenant_id = :tenant AND scan = 'due' AND state = 'stored' AND scan_at <= :now AND id IN (
              SELECT id FROM blobs WHERE tenant_id = :tenant AND scan = 'due' AND state = 'stored' AND scan_at <= :now
              ORDER BY scan_at LIMIT :limit)
            RETURNING id, size, scan_tries
            """)
        .bind("tenant", tenant.value())
        .bind("now", BlobStore.time(now))
        .bind("lease", BlobStore.time(lease))
        .bind("limit", limit)
        .map((rs, _) -> new Due(rs.getObject(1, UUID.class), rs.getLong(2), rs.getInt(3)))
        .list();
  }

  /// Notes the scanner's word; false when somebody else has, or the object is gone.
  static boolean conclude(
      Handle sql, TenantId tenant, UUID blob, String scan, @Nullable String threat) {
    return sql.createUpdate(
                """
                UPDATE blobs SET scan = :scan, threat = :threat, scan_at = NULL
                WHERE tenant_id = :tenant AND id = :id AND scan = 'due' AND state = 'stored'
                """)
            .bind("tenant", tenant.value())
            .bind("id", blob)
            .bind("scan", scan)
            .bind("threat", threat)
            .execute()
        == 1;
  }

  /// Sets when an object is tried again.
  static void later(Handle sql, TenantId tenant, UUID blob, Instant at) {
    sql.createUpdate(
            """
            UPDATE blobs SET scan_at = :at WHERE tenant_id = :tenant AND id = :id AND scan = 'due'
            """)
        .bind("tenant", tenant.value())
        .bind("id", blob)
        .bind("at", BlobStore.time(at))
        .execute();
  }

  /// Has an object scanned that was stored when there was no scanner.
  static BlobStore.Blob scanAgain(Handle sql, TenantId tenant, UUID blob, Instant at) {
    return sql.createQuery(
            """
            UPDATE blobs SET scan = 'due', scan_at = :at, scan_tries = 0
            WHERE tenant_id = :tenant AND id = :id
            RETURNING id, size, sha256, scan, threat, missing
            """)
        .bind("tenant", tenant.value())
        .bind("id", blob)
        .bind("at", BlobStore.time(at))
        .map(BlobStore::blob)
        .one();
  }
}
