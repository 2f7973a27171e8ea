package dev.parley.platform.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/// Text that nobody can guess, for ids whose holder is let in by showing them.
public final class RandomText {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private RandomText() {}

  /// So many random bytes as base64url without padding: 15 bytes are 20 characters.
  public static String of(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return ENCODER.encodeToString(random);
  }
}
