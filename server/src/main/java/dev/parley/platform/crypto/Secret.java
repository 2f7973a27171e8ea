package dev.parley.platform.crypto;

import com.fasterxml.jackson.annotation.JsonIgnoreType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/// A value that must not appear in a log, a response or an error. Its text form is redacted and
/// Jackson leaves it out.
@JsonIgnoreType
public record Secret(String reveal) {
  /// A fresh secret of `bytes` random bytes, as base64url without padding.
  public static Secret random(int bytes) {
    byte[] value = new byte[bytes];
    new SecureRandom().nextBytes(value);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(value));
  }

  /// The secret's bytes in UTF-8.
  public byte[] bytes() {
    return reveal.getBytes(StandardCharsets.UTF_8);
  }

  /// Compares without telling by its time how many characters agree.
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(bytes(), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
