package dev.parley.media;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Width and height of a picture in pixels, read from its header without decoding it. Formats: JPEG (ISO/IEC 10918-1),
/// PNG, GIF, WebP (RFC 9649), BMP, and HEIC and AVIF by their `ispe` boxes (ISO/IEC 23008-12).
///
/// @param width at most 2³² - 1
/// @param height at most 2³² - 1
record Dimensions(long width, long height) {
  private static final int LOOK = 64 << 10;
  private static final int MOST_SEGMENTS = 1000;

  /// How many pixels a decoder would have to make; `Long.MAX_VALUE` where that is too many to count.
  long pixels() {
    return width > 0 && height > Long.MAX_VALUE / width ? Long.MAX_VALUE : width * height;
  }

  /// What the header of a picture of this type says; empty when it says nothing that is understood.
  static Optional<Dimensions> of(String type, InputStream picture) throws IOException {
    try {
      var in = new DataInputStream(picture);
      return switch (type) {
        case "image/jpeg" -> jpeg(in);
        case "image/png" -> png(in);
        case "image/gif" -> gif(in);
        case "image/webp" -> webp(in);
        case "image/bmp" -> bmp(in);
        case "image/heic", "image/heif", "image/avif" -> boxes(in.readNBytes(LOOK));
        default -> Optional.empty();
      };
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  /// Segment by segment up to the frame header: thumbnails and profiles may come before it.
  private static Optional<Dimensions> jpeg(DataInputStream in) throws IOException {
    if (in.readUnsignedShort() != 0xffd8) {
      return Optional.empty();
    }
    for (int i = 0; i < MOST_SEGMENTS; i++) {
      int marker = in.readUnsignedByte();
      if (marker != 0xff) {
        return Optional.empty();
      }
      while (marker == 0xff) {
        marker = in.readUnsignedByte();
      }
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue;
      }
      int length = in.readUnsignedShort() - 2;
      boolean frame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (frame) {
        in.readUnsignedByte();
        int height = in.readUnsignedShort();
        return Optional.of(new Dimensions(in.readUnsignedShort(), height));
      }
      if (length < 0 || marker == 0xda || marker == 0xd9) {
        return Optional.empty();
      }
      in.skipNBytes(length);
    }
    return Optional.empty();
  }

  private static Optional<Dimensions> png(DataInputStream in) throws IOException {
    in.skipNBytes(12);
    if (in.readInt() != 0x49484452) {
      return Optional.empty();
    }
    long width = Integer.toUnsignedLong(in.readInt());
    return Optional.of(new Dimensions(width, Integer.toUnsignedLong(in.readInt())));
  }

  private static Optional<Dimensions> gif(DataInputStream in) throws IOException {
    in.skipNBytes(6);
    int width = Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
    return Optional.of(
        new Dimensions(width, Short.toUnsignedInt(Short.reverseBytes(in.readShort()))));
  }

  private static Optional<Dimensions> webp(DataInputStream in) throws IOException {
    byte[] head = new byte[30];
    in.readFully(head);
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    String chunk = new String(head, 12, 4, StandardCharsets.US_ASCII);
    return switch (chunk) {
      case "VP8X" ->
          Optional.of(
              new Dimensions(
                  (bytes.getInt(24) & 0xffffff) + 1L, ((bytes.getInt(26) >>> 8) & 0xffffff) + 1L));
      case "VP8L" -> {
        int bits = bytes.getInt(21);
        yield Optional.of(new Dimensions((bits & 0x3fff) + 1L, ((bits >>> 14) & 0x3fff) + 1L));
      }
      case "VP8 " ->
          Optional.of(new Dimensions(bytes.getShort(26) & 0x3fff, bytes.getShort(28) & 0x3fff));
      default -> Optional.empty();
    };
  }

  private static Optional<Dimensions> bmp(DataInputStream in) throws IOException {
    in.skipNBytes(18);
    long width = Math.abs((long) Integer.reverseBytes(in.readInt()));
    return Optional.of(new Dimensions(width, Math.abs((long) Integer.reverseBytes(in.readInt()))));
  }

  /// The largest of the pictures that a HEIF file says it holds.
  private static Optional<Dimensions> boxes(byte[] head) {
    ByteBuffer bytes = ByteBuffer.wrap(head);
    Optional<Dimensions> largest = Optional.empty();
    for (int i = 4; i + 16 <= head.length; i++) {
      if (bytes.getInt(i) == 0x69737065) {
        var found =
            new Dimensions(
                Integer.toUnsignedLong(bytes.getInt(i + 8)),
                Integer.toUnsignedLong(bytes.getInt(i + 12)));
        if (largest.isEmpty() || found.pixels() > largest.get().pixels()) {
          largest = Optional.of(found);
        }
      }
    }
    return largest;
  }
}
