package dev.parley.admin;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.tenants.Retention.What;
import java.time.Duration;
import java.util.Optional;

/// How long things are kept where a tenant does not say.
public final class RetentionDefaults {
  private RetentionDefaults() {}

  /// By the configuration; empty for ever.
  public static Optional<Duration> of(Config config, What what) {
    return switch (what) {
      case API_LOG -> Optional.of(config.get(Keys.RETENTION_API_LOG));
      case EVENTS -> Optional.of(config.get(Keys.RETENTION_EVENTS));
      case DEAD_LETTERS -> Optional.of(config.get(Keys.RETENTION_DEAD_LETTERS));
      case DELETED_MESSAGES -> Optional.of(config.get(Keys.RETENTION_DELETED));
      case AUDIT -> Optional.empty();
    };
  }
}
