package dev.parley.media.renditions;

import java.nio.file.Path;

/// What became of a conversion.
public sealed interface Converted {
  /// There is a file now that will do.
  ///
  /// @param file where the caller wanted it
  /// @param contentType what it is
  /// @param size bytes
  record Done(Path file, String contentType, long size) implements Converted {}

  /// The file will do as it is.
  record NotNeeded() implements Converted {}

  /// No file that will do can be made of it here. Another try would end the same way.
  ///
  /// @param cause why, in words for people
  record NotPossible(String cause) implements Converted {}
}
