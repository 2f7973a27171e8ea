package dev.parley.platform.crypto;

import com.fasterxml.jackson.annotation.JsonIgnoreType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A value that must not appear in a log, a response or an error. Its text form is redacted and
/// Jackson leaves it out.
@JsonIgnoreType
public record Secret(String reveal) {
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
