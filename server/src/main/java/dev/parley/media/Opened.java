package dev.parley.media;

import java.io.IOException;
import java.io.InputStream;

/// What comes of opening a file.
public sealed interface Opened {
  /// Its bytes. To be closed.
  ///
  /// @param type their content type
  /// @param size how many there are in all
  record Bytes(StoredFile file, String type, long size, InputStream stream)
      implements Opened, AutoCloseable {
    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  /// The file is there and must not or cannot be read in this state.
  record Withheld(StoredFile file) implements Opened {}

  /// The tenant has no such file or rendition.
  record Absent() implements Opened {}
}
