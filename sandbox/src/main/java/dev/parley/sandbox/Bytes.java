package dev.parley.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Bytes that nobody changes any more.
public final class Bytes {
  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /// Takes the array over; the caller must not write into it afterwards.
  public static Bytes of(byte[] array) {
    return new Bytes(array);
  }

  /// The text in UTF-8.
  public static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The bytes themselves, to be read only.
  public byte[] array() {
    return array;
  }

  /// How many.
  public int length() {
    return array.length;
  }

  /// As UTF-8.
  public String text() {
    return new String(array, StandardCharsets.UTF_8);
  }

  /// Their SHA-256.
  public byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(array);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
