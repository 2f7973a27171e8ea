package dev.parley.channels;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `channel_media`.
final class ProviderFileStore {
  private ProviderFileStore() {}

  static Optional<String> find(Handle sql, ProviderFiles.Place place, Instant now) {
    return sql.createQuery(
            """
            SELECT media_id FROM channel_media
            WHERE tenant_id = :tenant AND channel_id = :channel AND file_id = :file AND form = :form
              AND account = :account AND expires_at > :now
            """)
        .bind("tenant", place.tenant().value())
        .bind("channel", place.channelId())
        .bind("file", place.fileId())
        .bind("form", place.form())
        .bind("account", place.account())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .mapTo(String.class)
        .findOne();
  }

  static void put(
      Handle sql, ProviderFiles.Place place, String mediaId, Instant now, Instant expires) {
    sql.createUpdate(
            """
            INSERT INTO channel_media
              (tenant_id, channel_id, file_id, form, account, media_id, uploaded_at, expires_at)
            VALUES (:tenant, :channel, :file, :form, :account, :media, :now, :expires)
            ON CONFLICT (tenant_id, channel_id, file_id, form)
            DO UPDATE SET account = EXCLUDED.account, media_id = EXCLUDED.media_id,
              uploaded_at = EXCLUDED.uploaded_at, expires_at = EXCLUDED.expires_at
            """)
        .bind("tenant", place.tenant().value())
        .bind("channel", place.channelId())
        .bind("file", place.fileId())
        .bind("form", place.form())
        .bind("account", place.account())
        .bind("media", mediaId)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .bind("expires", expires.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static boolean forget(Handle sql, TenantId tenant, UUID channel, String mediaId, Instant since) {
    return sql.createUpdate(
                """
                DELETE FROM channel_media
                WHERE tenant_id = :tenant AND channel_id = :channel AND media_id = :media
                  AND uploaded_at < :since
                """)
            .bind("tenant", tenant.value())
            .bind("channel", channel)
            .bind("media", mediaId)
            .bind("since", since.atOffset(ZoneOffset.UTC))
            .execute()
        > 0;
  }

  static void forgetFile(Handle sql, TenantId tenant, UUID channel, UUID file, Instant since) {
    sql.createUpdate(
            """
            DELETE FROM channel_media
            WHERE tenant_id = :tenant AND channel_id = :channel AND file_id = :file AND uploaded_at < :since
            """)
        .bind("tenant", tenant.value())
        .bind("channel", channel)
        .bind("file", file)
        .bind("since", since.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static int deleteExpired(Handle sql, TenantId tenant, Instant now) {
    return sql.createUpdate(
            "DELETE FROM channel_media WHERE tenant_id = :tenant AND expires_at <= :now")
        .bind("tenant", tenant.value())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }
}
