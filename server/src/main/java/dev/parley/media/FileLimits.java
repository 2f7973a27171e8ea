package dev.parley.media;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/// How much is taken. The configuration sets the bounds; a tenant can narrow them in its settings, never widen them:
/// `{"media": {"maxBytes": {"image": 5000000, "all": 20000000}, "quotaBytes": 1000000000}}`, where the fields of
/// `maxBytes` are the kinds of files and `all`.
@Singleton
public final class FileLimits {
  private final Tenants tenants;
  private final long mostBytes;
  private final long mostPixels;
  private final long quotaBytes;

  /// With the bounds of `config`.
  public FileLimits(Tenants tenants, Config config) {
    this.tenants = tenants;
    this.mostBytes = (long) config.get(Keys.MEDIA_MAX_MB) << 20;
    this.mostPixels = config.get(Keys.MEDIA_MAX_MEGAPIXELS) * 1_000_000L;
    this.quotaBytes = (long) config.get(Keys.MEDIA_QUOTA_GB) << 30;
  }

  /// What one tenant may send.
  ///
  /// @param quota bytes of all its files together
  record Bounds(JsonNode settings, long most, long pixels, long quota) {
    /// Most bytes of one file of a kind, or of any where the kind is not known.
    long most(@Nullable FileKind kind) {
      JsonNode bytes = settings.path("maxBytes");
      long all = narrowed(bytes.path("all"), most);
      return kind == null ? all : narrowed(bytes.path(kind.word()), all);
    }
  }

  /// The bounds of a tenant as they are now.
  Bounds of(TenantId tenant) {
    JsonNode settings = tenants.get(tenant).settings().path("media");
    return new Bounds(
        settings, mostBytes, mostPixels, narrowed(settings.path("quotaBytes"), quotaBytes));
  }

  private static long narrowed(JsonNode setting, long bound) {
    return setting.isIntegralNumber() && setting.canConvertToLong() && setting.longValue() >= 0
        ? Math.min(setting.longValue(), bound)
        : bound;
  }
}
