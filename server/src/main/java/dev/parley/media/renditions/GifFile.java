package dev.parley.media.renditions;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The blocks of a GIF file (GIF89a), and a copy without those that say something beside the picture.
final class GifFile {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int TRAILER = 0x3b;
  private static final int COMMENT = 0xfe;
  private static final int APPLICATION = 0xff;

  // How often it moves, by two programs' names, and its colours.
  private static final Set<String> KEPT = Set.of("NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012");

  private GifFile() {}

  /// Copies all frames with their times, without comments, XMP, what else programs put in, and whatever follows the end.
  ///
  /// @return whether anything was left out
  static boolean withoutMetadata(Path from, Path to) throws IOException, Unrenderable {
    try (var in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(from), 1 << 16));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16)) {
      byte[] screen = exactly(in, 13);
      out.write(screen);
      copyColours(in, out, screen[10]);
      boolean dropped = false;
      while (true) {
        int block = in.read();
        switch (block) {
          // Some programs leave the trailer out.
          case -1, TRAILER -> {
            out.write(TRAILER);
            return in.read() >= 0 || dropped;
          }
          case IMAGE -> {
            out.write(block);
            byte[] frame = exactly(in, 9);
            out.write(frame);
            copyColours(in, out, frame[8]);
            out.write(in.readUnsignedByte());
            pieces(in, out);
          }
          case EXTENSION -> dropped |= !extension(in, out);
          // Between blocks decoders pass over it.
          case 0 -> {}
          default -> throw new Unrenderable("its blocks do not fit together");
        }
      }
    }
  }

  /// Answers whether it stays.
  private static boolean extension(DataInputStream in, OutputStream out) throws IOException {
    int label = in.readUnsignedByte();
    byte[] name = {};
    boolean stays = label != COMMENT;
    if (label == APPLICATION) {
      name = exactly(in, in.readUnsignedByte());
      stays = KEPT.contains(new String(name, StandardCharsets.ISO_8859_1));
    }
    if (stays) {
      out.write(EXTENSION);
      out.write(label);
      if (label == APPLICATION) {
        out.write(name.length);
        out.write(name);
      }
    }
    pieces(in, stays ? out : null);
    return stays;
  }

  private static void copyColours(DataInputStream in, OutputStream out, byte flags)
      throws IOException {
    if ((flags & 0x80) != 0) {
      out.write(exactly(in, 3 << ((flags & 7) + 1)));
    }
  }

  /// Copies pieces, each with its length in front, up to the empty one; passes over them without `out`.
  private static void pieces(DataInputStream in, @Nullable OutputStream out) throws IOException {
    int length;
    do {
      length = in.readUnsignedByte();
      byte[] piece = exactly(in, length);
      if (out != null) {
        out.write(length);
        out.write(piece);
      }
    } while (length > 0);
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }
}
