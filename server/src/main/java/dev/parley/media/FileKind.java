package dev.parley.media;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What a file is to people.
public enum FileKind {
  /// A picture.
  IMAGE,
  /// Sound that is not a voice note.
  AUDIO,
  /// Sound that somebody spoke as a message.
  VOICE,
  /// A film.
  VIDEO,
  /// Anything else.
  DOCUMENT,
  /// A WebP picture that is shown without a frame.
  STICKER;

  /// As it is written on the wire and in the database.
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kind of that word; throws `IllegalArgumentException` when there is none.
  public static FileKind of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// The kind of a content type.
  static FileKind ofType(String type) {
    if (type.startsWith("image/") && !type.startsWith("image/svg")) {
      return IMAGE;
    }
    if (type.startsWith("audio/")) {
      return AUDIO;
    }
    return type.startsWith("video/") ? VIDEO : DOCUMENT;
  }

  /// What a file of this type is, where the sender says that it is of kind `said`. Their word counts only between what
  /// the bytes leave open: spoken or not, sticker or picture, and whether something is sent as a plain document.
  static FileKind ofType(String type, FileKind said) {
    FileKind known = ofType(type);
    return switch (said) {
      case VOICE -> known == AUDIO ? VOICE : known;
      case STICKER -> type.equals("image/webp") ? STICKER : known;
      case DOCUMENT -> DOCUMENT;
      // Whether an MP4 holds pictures is not to be seen at its beginning.
      case AUDIO -> type.equals("audio/mp4") || known == AUDIO ? AUDIO : known;
      case IMAGE, VIDEO -> known;
    };
  }
}
