package dev.parley.media.renditions;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Copies of pictures without what they say about place, time, device and person. The pictures stay
/// as they are, bit by bit, moving ones included.
final class Metadata {
  // Everything that changes how a PNG looks (W3C PNG, third edition); texts, times, EXIF and
  // private chunks go.
  private static final Set<String> PNG_CHUNKS =
      Set.of(
          "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP",
          "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT");
  private static final Set<String> WEBP_CHUNKS =
      Set.of("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP");
  private static final int PNG_SIGNATURE = 8;

  private Metadata() {}

  /// Whether a picture of this format can be freed of metadata without decoding it.
  static boolean canStrip(PictureFormat format) {
    return switch (format) {
      case JPEG, PNG, WEBP, GIF -> true;
      case BMP, HEIF -> false;
    };
  }

  /// Copies `from` to `to` without its metadata.
  ///
  /// @return whether anything was left out
  static boolean strip(PictureFormat format, Path from, Path to) throws IOException, Unrenderable {
    try {
      return switch (format) {
        case JPEG -> JpegFile.withoutMetadata(from, to, false);
        case PNG -> png(from, to);
        case WEBP -> webp(from, to);
        case GIF -> GifFile.withoutMetadata(from, to);
        case BMP, HEIF -> throw new Unrenderable("metadata of this format stays");
      };
    } catch (EOFException e) {
      throw new Unrenderable("ends too early", e);
    }
  }

  private static boolean png(Path from, Path to) throws IOException, Unrenderable {
    boolean dropped = false;
    try (var in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(from), 1 << 16));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16)) {
      out.write(exactly(in, PNG_SIGNATURE));
      String type;
      do {
        byte[] head = exactly(in, 8);
        long length = length(head, 0) & 0xffffffffL;
        type = new String(head, 4, 4, StandardCharsets.ISO_8859_1);
        boolean stays = PNG_CHUNKS.contains(type);
        if (stays) {
          out.write(head);
          copy(in, out, length + 4);
        } else {
          in.skipNBytes(length + 4);
          dropped = true;
        }
      } while (!type.equals("IEND"));
      return in.read() >= 0 || dropped;
    }
  }

  /// Chunks of the container, RFC 9649; a chunk of odd length is followed by a zero.
  private static boolean webp(Path from, Path to) throws IOException, Unrenderable {
    boolean dropped = false;
    long written = 4;
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(from), 1 << 16))) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16)) {
        byte[] riff = exactly(in, 12);
        out.write(riff);
        long left = (Integer.reverseBytes(length(riff, 4)) & 0xffffffffL) - 4;
        while (left >= 8) {
          byte[] head = exactly(in, 8);
          String type = new String(head, 0, 4, StandardCharsets.ISO_8859_1);
          long length = Integer.reverseBytes(length(head, 4)) & 0xffffffffL;
          long padded = length + (length & 1);
          left -= 8 + padded;
          if (!WEBP_CHUNKS.contains(type)) {
            in.skipNBytes(Math.min(padded, padded + left));
            dropped = true;
            continue;
          }
          out.write(head);
          if (type.equals("VP8X") && length > 0) {
            // The flags no longer announce EXIF and XMP.
            out.write(in.readUnsignedByte() & ~0x0c);
            copy(in, out, padded - 1);
          } else {
            copy(in, out, padded);
          }
          written += 8 + padded;
        }
        dropped = in.read() >= 0 || dropped;
      }
    }
    try (var file = new RandomAccessFile(to.toFile(), "rw")) {
      file.seek(4);
      file.writeInt(Integer.reverseBytes((int) written));
    }
    return dropped;
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[1 << 14];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private static int length(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
