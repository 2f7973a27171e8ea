package dev.parley.media;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Signer;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Addresses under which files are served without further credentials: signed, and bound to one tenant, file,
/// rendition, way of showing and time.
@Singleton
public final class Links {
  /// The beginning of the path of all of them.
  static final String PATH = "/files/";

  /// The longest life of a link.
  public static final Duration LONGEST = Duration.ofDays(7);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Signer signer;
  private final String origin;
  private final Duration usual;
  private final InstantSource clock;

  /// Signs with a key derived from the field encryption keys.
  public Links(FieldCipher cipher, Config config, InstantSource clock) {
    this.signer = cipher.signer("file-links");
    this.origin =
        config.find(Keys.MEDIA_ORIGIN).orElseGet(config::publicUrl).replaceFirst("/+$", "");
    this.usual = config.get(Keys.MEDIA_LINK_LIFE);
    this.clock = clock;
  }

  /// What a link opens.
  ///
  /// @param rendition null for the file itself
  /// @param until when it ends
  /// @param download whether it is never shown in the browser
  record Target(
      TenantId tenant, UUID file, @Nullable String rendition, Instant until, boolean download) {}

  /// A link and when it ends.
  public record Link(URI url, Instant until) {}

  /// A link that is good for at least `life`, at most a quarter longer: those made within that time are the same, so
  /// that browsers find in their cache what they have.
  Link link(
      TenantId tenant,
      UUID file,
      @Nullable String rendition,
      @Nullable Duration life,
      boolean download) {
    Duration least = life == null ? usual : life;
    if (least.compareTo(SHORTEST) < 0 || least.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a link lives 1 second to 7 days");
    }
    long step = Math.max(1, least.toSeconds() / 4);
    long end = Math.ceilDiv(clock.instant().plus(least).getEpochSecond() + 1, step) * step;
    String text =
        String.join(
            "|",
            "1",
            tenant.toString(),
            file.toString(),
            rendition == null ? "" : rendition,
            Long.toString(end),
            download ? "d" : "");
    return new Link(URI.create(origin + PATH + signer.sign(text)), Instant.ofEpochSecond(end));
  }

  /// What a signed text opens now; empty when it is not ours or its time is over.
  Optional<Target> open(String signed) {
    return signer.open(signed).flatMap(this::parse);
  }

  private Optional<Target> parse(String text) {
    String[] parts = text.split("\\|", -1);
    if (parts.length != 6 || !parts[0].equals("1")) {
      return Optional.empty();
    }
    var target =
        new Target(
            TenantId.parse(parts[1]),
            UUID.fromString(parts[2]),
            parts[3].isEmpty() ? null : parts[3],
            Instant.ofEpochSecond(Long.parseLong(parts[4])),
            parts[5].equals("d"));
    return target.until().isAfter(clock.instant()) ? Optional.of(target) : Optional.empty();
  }
}
