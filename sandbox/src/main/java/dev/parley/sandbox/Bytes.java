package dev.parley.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Bytes that nobody changes any more.
final class Bytes {
  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /// Takes the array over; the caller must not write into it afterwards.
  static Bytes of(byte[] array) {
    return new Bytes(array);
  }

  static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The bytes themselves, to be read only.
  byte[] array() {
    return array;
  }

  int length() {
    return array.length;
  }

  String text() {
    return new String(array, StandardCharsets.UTF_8);
  }

  byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(array);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
