package dev.parley.media;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How far a file has come.
public enum FileState {
  /// Announced; its bytes are not all here.
  UPLOADING,
  /// The bytes are here and wait for the scanner.
  SCANNING,
  /// Can be opened and served.
  READY,
  /// The scanner has found something in it; it is never opened again.
  INFECTED,
  /// Its bytes are no longer in the storage.
  MISSING,
  /// Its bytes could not be had; the reason says why.
  FAILED;

  /// As it is written on the wire and in the database.
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The state of that word; throws `IllegalArgumentException` when there is none.
  public static FileState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
