package dev.parley.media;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The checksum that came with a piece of an upload, as `Upload-Checksum` writes it (tus 1.0): an algorithm, a blank, and
/// base64.
final class Checksum {
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha1", "SHA-1", "sha256", "SHA-256", "md5", "MD5");

  /// What `Tus-Checksum-Algorithm` says.
  static final String KNOWN = "sha1,sha256,md5";

  private final MessageDigest digest;
  private final byte[] expected;

  private Checksum(MessageDigest digest, byte[] expected) {
    this.digest = digest;
    this.expected = expected;
  }

  /// Reads the header; empty when it is not of that form or the algorithm is unknown.
  static Optional<Checksum> parse(String header) {
    String[] parts = header.strip().split(" ");
    String algorithm = parts.length == 2 ? ALGORITHMS.get(parts[0].toLowerCase(Locale.ROOT)) : null;
    if (algorithm == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Checksum(Hashing.digest(algorithm), Base64.getDecoder().decode(parts[1])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void add(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  boolean matches() {
    return MessageDigest.isEqual(digest.digest(), expected);
  }
}
