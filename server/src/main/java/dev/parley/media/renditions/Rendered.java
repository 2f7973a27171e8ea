package dev.parley.media.renditions;

import dev.parley.media.Files;
import java.nio.file.Path;

/// Something that was made from a file.
///
/// @param kind what it is for
/// @param file where it lies, for the caller to keep
/// @param contentType what it is
/// @param size bytes
/// @param width pixels; 0 when it is no picture
/// @param height pixels; 0 when it is no picture
public record Rendered(Kind kind, Path file, String contentType, long size, int width, int height) {
  /// What a rendition is for.
  public enum Kind {
    /// A still picture for lists, at most 320 pixels long: twice the 160 of a preview on a dense
    /// screen.
    THUMB_SMALL("thumb-small"),
    /// A still picture that fills a window, at most 1280 pixels long.
    THUMB_LARGE("thumb-large"),
    /// A frame of a video, at most 1280 pixels long.
    POSTER("poster"),
    /// Sound that every browser plays.
    PLAYABLE("playable"),
    /// The picture as it was sent, without place, time, device and person.
    CLEAN(Files.CLEAN);

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// Its name in addresses.
    public String word() {
      return word;
    }
  }
}
