package dev.parley.media.renditions;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageReader;

/// How large a picture with frames is as a whole, and whether it has more than one of them.
record Frames(int width, int height, boolean more) {
  private static final int PNG_CHUNKS_LOOKED_AT = 100;

  static Frames of(PictureFormat format, Path file, ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    return switch (format) {
      case GIF -> gif(file, second(reader));
      case PNG -> new Frames(width, height, animatedPng(file));
      case WEBP -> webp(file, width, height);
      case JPEG, BMP, HEIF -> new Frames(width, height, false);
    };
  }

  private static boolean second(ImageReader reader) {
    try {
      return reader.getWidth(1) > 0;
    } catch (IOException | RuntimeException e) {
      // There is none, or it is damaged: then the first one is all that is shown.
      return false;
    }
  }

  /// The logical screen, in which the first frame may be a small part.
  private static Frames gif(Path file, boolean more) throws IOException {
    byte[] head = head(file, 10);
    return new Frames(little(head, 6, 2), little(head, 8, 2), more);
  }

  /// The extended header, RFC 9649 section 2.7.1, says it of the whole animation.
  private static Frames webp(Path file, int width, int height) throws IOException {
    byte[] head = head(file, 30);
    if (head.length < 30
        || !new String(head, 12, 4, StandardCharsets.ISO_8859_1).equals("VP8X")
        || (head[20] & 2) == 0) {
      return new Frames(width, height, false);
    }
    return new Frames(little(head, 24, 3) + 1, little(head, 27, 3) + 1, true);
  }

  /// The chunk that announces an animation stands before the picture's.
  private static boolean animatedPng(Path file) throws IOException {
    try (var in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(8);
      for (int i = 0; i < PNG_CHUNKS_LOOKED_AT; i++) {
        long length = in.readInt() & 0xffffffffL;
        String type = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
        if (type.equals("acTL")) {
          return in.readInt() > 1;
        }
        if (type.equals("IDAT")) {
          return false;
        }
        in.skipNBytes(length + 4);
      }
      return false;
    }
  }

  private static byte[] head(Path file, int length) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(length);
    }
  }

  private static int little(byte[] bytes, int at, int length) {
    int value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }
}
