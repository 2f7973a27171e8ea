package dev.parley.media;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes names that strangers give fit to be shown and to be saved under.
final class FileNames {
  /// Most bytes of a name in UTF-8: what file systems take.
  static final int MOST_BYTES = 255;

  // More than this is not looked at.
  private static final int MOST_CHARACTERS = 4096;

  private FileNames() {}

  /// The last part of a path, without characters that control, hide, or turn the direction of writing, and without those
  /// that some system forbids; at most [#MOST_BYTES] with its ending kept. Null when nothing is left.
  static @Nullable String clean(@Nullable String name) {
    if (name == null) {
      return null;
    }
    String text =
        name.length() > MOST_CHARACTERS ? name.substring(name.length() - MOST_CHARACTERS) : name;
    text = text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
    var clean = new StringBuilder();
    Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .filter(FileNames::isShown)
        .map(c -> "<>:\"|?*".indexOf(c) >= 0 ? '_' : c)
        .forEach(clean::appendCodePoint);
    // Windows drops these at the end, and a dot in front hides a file elsewhere.
    String stripped = clean.toString().strip().replaceAll("^[.\\s]+|[.\\s]+$", "");
    return stripped.isEmpty() ? null : shorten(stripped);
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String shorten(String name) {
    if (bytes(name) <= MOST_BYTES) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String ending = dot > 0 && bytes(name.substring(dot)) <= 20 ? name.substring(dot) : "";
    int room = MOST_BYTES - bytes(ending);
    var kept = new StringBuilder();
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      int size = bytes(Character.toString(c));
      if (size > room) {
        break;
      }
      room -= size;
      kept.appendCodePoint(c);
      i += Character.charCount(c);
    }
    return kept.append(ending).toString();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// The name of a file of type `was` of which a copy of type `is` is given out.
  static @Nullable String converted(@Nullable String name, @Nullable String was, String is) {
    return name == null || is.equals(was) || !is.equals("image/jpeg")
        ? name
        : name.replaceFirst("\\.[A-Za-z0-9]{1,5}$", "") + ".jpg";
  }

  /// `Content-Disposition` for a name (RFC 6266): the name in UTF-8, and a plain one for those who cannot read it.
  static String disposition(boolean inline, @Nullable String name) {
    String kind = inline ? "inline" : "attachment";
    String clean = clean(name);
    if (clean == null) {
      return kind;
    }
    String plain = clean.replaceAll("[^A-Za-z0-9 ._()-]", "_");
    return kind + "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded(clean);
  }

  private static String encoded(String name) {
    var text = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      // attr-char of RFC 8187.
      if (c < 128 && (Character.isLetterOrDigit(c) || "!#$&+-.^_`|~".indexOf(c) >= 0)) {
        text.append(c);
      } else {
        text.append('%').append("%02X".formatted(b & 0xff).toUpperCase(Locale.ROOT));
      }
    }
    return text.toString();
  }
}
