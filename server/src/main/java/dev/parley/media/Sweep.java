package dev.parley.media;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.roles.CrashPoint;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Deletes what nobody needs: uploads whose time is over, files that nobody has used for long, objects whose writing was
/// given up. It can stop anywhere and go on later, in any process; two at once do no harm.
@Singleton
public final class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);
  private static final int BATCH = 200;

  private final TenantDb db;
  private final BlobStorage storage;
  private final DeleteFiles deleting;
  private final Uploads uploads;
  private final Duration unusedLife;
  private final Duration abandoned;
  private final InstantSource clock;

  Sweep(
      TenantDb db,
      BlobStorage storage,
      DeleteFiles deleting,
      Uploads uploads,
      Config config,
      InstantSource clock) {
    this.db = db;
    this.storage = storage;
    this.deleting = deleting;
    this.uploads = uploads;
    this.unusedLife = config.get(Keys.MEDIA_UNUSED_LIFE);
    this.abandoned = config.get(Keys.MEDIA_ABANDONED);
    this.clock = clock;
  }

  /// Sweeps one tenant; answers how many objects were deleted.
  public int run(TenantId tenant) {
    Instant now = clock.instant();
    finish(tenant);
    List<UUID> expired;
    do {
      expired = db.inTenant(tenant, tx -> UploadStore.expired(tx.sql(), tenant, now, BATCH));
      expired.forEach(id -> uploads.abort(tenant, id));
    } while (expired.size() == BATCH);
    int unused;
    do {
      unused = unused(tenant, now.minus(unusedLife));
    } while (unused == BATCH);
    int stale;
    do {
      stale = stale(tenant, now.minus(abandoned));
    } while (stale == BATCH);
    return doomed(tenant);
  }

  /// A process may have died between the last byte of an upload and its file.
  private void finish(TenantId tenant) {
    for (UUID id : db.inTenant(tenant, tx -> UploadStore.finished(tx.sql(), tenant, BATCH))) {
      uploads
          .find(tenant, id)
          .ifPresent(
              upload -> {
                try {
                  uploads.finish(tenant, upload);
                } catch (IOException e) {
                  LOG.warnf("upload %s cannot be ended now: %s", id, e.getMessage());
                }
              });
    }
  }

  private int unused(TenantId tenant, Instant since) {
    return db.inTenant(
        tenant,
        tx -> {
          List<UUID> ids = FileStore.lockUnused(tx.sql(), tenant, since, BATCH);
          deleting.delete(tx, ids);
          tx.afterCommit(
              () -> {
                if (!ids.isEmpty()) {
                  CrashPoint.FILE_DOOMED.reached();
                }
              });
          return ids.size();
        });
  }

  private int stale(TenantId tenant, Instant before) {
    return db.inTenant(
        tenant,
        tx -> {
          List<UUID> ids = BlobStore.stale(tx.sql(), tenant, before, BATCH);
          ids.forEach(id -> UploadStore.deletePart(tx.sql(), tenant, id));
          BlobStore.doom(tx.sql(), tenant, ids, clock.instant());
          return ids.size();
        });
  }

  private int doomed(TenantId tenant) {
    int deleted = 0;
    List<UUID> ids;
    do {
      ids = db.inTenant(tenant, tx -> BlobStore.doomed(tx.sql(), tenant, BATCH));
      for (UUID id : ids) {
        storage.delete(tenant, id);
        CrashPoint.FILE_SWEPT.reached();
        db.runInTenant(tenant, tx -> BlobStore.forget(tx.sql(), tenant, id));
        deleted++;
      }
    } while (ids.size() == BATCH);
    return deleted;
  }
}
