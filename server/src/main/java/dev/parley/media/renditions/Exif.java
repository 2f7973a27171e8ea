package dev.parley.media.renditions;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The one thing of EXIF that is needed to show a picture: how it has to be turned.
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int ENTRY = 12;

  private Exif() {}

  /// The orientation, 1 to 8, in a TIFF structure that begins at `start`; 1 when it does not say or
  /// is damaged.
  static int orientation(byte[] bytes, int start) {
    if (bytes.length < start + 8) {
      return 1;
    }
    ByteBuffer tiff = ByteBuffer.wrap(bytes, start, bytes.length - start).slice();
    switch (tiff.getShort(0)) {
      case 0x4949 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4d4d -> tiff.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return 1;
      }
    }
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return 1;
    }
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + i * ENTRY;
      if (entry > tiff.limit() - ENTRY) {
        return 1;
      }
      if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
        int value = tiff.getShort(entry + 8) & 0xffff;
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }

  /// An EXIF segment's content that says the orientation and nothing else.
  static byte[] ofOrientation(int orientation) {
    return ByteBuffer.allocate(32)
        .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
        .putShort((short) 0x4d4d)
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) ORIENTATION)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }
}
