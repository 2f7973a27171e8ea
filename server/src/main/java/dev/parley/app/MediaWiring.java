package dev.parley.app;

import dev.parley.media.BlobStorage;
import dev.parley.media.FolderStorage;
import dev.parley.media.S3Storage;
import dev.parley.media.Scanner;
import dev.parley.media.Scans;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// Makes what files need settings for: where they are kept and who scans them.
@Singleton
final class MediaWiring {
  private final Config config;

  MediaWiring(Config config) {
    this.config = config;
  }

  @Produces
  @Singleton
  BlobStorage storage() {
    Path folder =
        config
            .find(Keys.MEDIA_FOLDER)
            .map(Path::of)
            .orElseGet(() -> Path.of(config.get(Keys.DATA_DIR)).resolve("files"));
    if (config.get(Keys.MEDIA_STORE).equals("folder")) {
      return new FolderStorage(folder);
    }
    return new S3Storage(
        new S3Storage.Settings(
            config.find(Keys.MEDIA_S3_ENDPOINT).map(URI::create).orElse(null),
            config.get(Keys.MEDIA_S3_REGION),
            config.get(Keys.MEDIA_S3_BUCKET),
            config.get(Keys.MEDIA_S3_PREFIX),
            config.find(Keys.MEDIA_S3_ACCESS_KEY).orElse(null),
            config.find(Keys.MEDIA_S3_SECRET_KEY).map(Secret::reveal).orElse(null),
            config.get(Keys.MEDIA_S3_PATH_STYLE),
            folder.resolve("spool"),
            config.get(Keys.MEDIA_S3_REDIRECT)));
  }

  @Produces
  @Singleton
  Scans scans(
      TenantDb db,
      EventLog events,
      Audit audit,
      BlobStorage storage,
      MeterRegistry metrics,
      InstantSource clock) {
    Duration patience = config.get(Keys.MEDIA_CLAMD_TIMEOUT);
    return new Scans(
        db,
        events,
        audit,
        storage,
        config.find(Keys.MEDIA_CLAMD).map(place -> Scanner.at(place, patience)).orElse(null),
        new Scans.Settings(
            (long) config.get(Keys.MEDIA_CLAMD_MAX_MB) << 20,
            config.get(Keys.MEDIA_CLAMD_POLICY).equals("serve"),
            patience.multipliedBy(10)),
        metrics,
        clock);
  }
}
