package dev.parley.media.renditions;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `renderings`.
final class RenderingStore {
  private RenderingStore() {}

  /// Notes that a run begins; answers how many before it have not ended. Empty when the file is
  /// gone.
  static Optional<Integer> begin(Handle sql, TenantId tenant, UUID file, Instant now) {
    return sql.createQuery(
            """
            INSERT INTO renderings (tenant_id, file_id, unended, begun_at)
            SELECT tenant_id, id, 1, :now FROM files WHERE tenant_id = :tenant AND id = :file
            ON CONFLICT (tenant_id, file_id) DO UPDATE
              SET unended = renderings.unended + 1, begun_at = excluded.begun_at
            RETURNING unended - 1
            """)
        .bind("tenant", tenant.value())
        .bind("file", file)
        .bind("now", time(now))
        .mapTo(Integer.class)
        .findOne();
  }

  /// Notes that a run has not ended the process, whatever else became of it.
  static void survived(Handle sql, TenantId tenant, UUID file) {
    sql.createUpdate(
            """
            UPDATE renderings SET unended = 0 WHERE tenant_id = :tenant AND file_id = :file
            """)
        .bind("tenant", tenant.value())
        .bind("file", file)
        .execute();
  }

  /// Notes what came of it.
  static void end(Handle sql, TenantId tenant, UUID file, List<String> causes, Instant now) {
    sql.createUpdate(
            """
            UPDATE renderings SET unended = 0, causes = CAST(:causes AS jsonb), ended_at = :now
            WHERE tenant_id = :tenant AND file_id = :file
            """)
        .bind("tenant", tenant.value())
        .bind("file", file)
        .bind("causes", Json.write(causes))
        .bind("now", time(now))
        .execute();
  }

  private static OffsetDateTime time(Instant instant) {
    return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}
