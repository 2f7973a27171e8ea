package dev.parley.media.renditions;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The plain form in which the optional programs hand over decoded pictures: a few words and then
/// the pixels.
final class PortablePixmap {
  private static final long MOST_PIXELS = 40_000_000;

  private PortablePixmap() {}

  /// Reads a colour (`P6`) or grey (`P5`) picture with 8 bits.
  static BufferedImage read(InputStream stream) throws IOException, Unrenderable {
    var in = new DataInputStream(stream);
    String magic = word(in);
    boolean colour = magic.equals("P6");
    if (!colour && !magic.equals("P5")) {
      throw new IOException(
          magic.isEmpty() ? "no picture came out" : "an unknown picture came out");
    }
    int width = number(word(in));
    int height = number(word(in));
    if (number(word(in)) != 255) {
      throw new IOException("more than 8 bits came out");
    }
    if ((long) width * height > MOST_PIXELS) {
      throw new Unrenderable("%d × %d pixels are too many".formatted(width, height));
    }
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    byte[] row = new byte[width * (colour ? 3 : 1)];
    int at = 0;
    for (int y = 0; y < height; y++) {
      in.readFully(row);
      if (colour) {
        for (int x = 0; x < row.length; x += 3) {
          pixels[at++] = (row[x] & 0xff) << 16 | (row[x + 1] & 0xff) << 8 | (row[x + 2] & 0xff);
        }
      } else {
        for (byte value : row) {
          pixels[at++] = (value & 0xff) * 0x010101;
        }
      }
    }
    return image;
  }

  private static String word(InputStream in) throws IOException {
    var text = new StringBuilder();
    int value = in.read();
    while (value > ' ' && text.length() < 12) {
      text.append((char) value);
      value = in.read();
    }
    return text.toString();
  }

  private static int number(String word) throws IOException {
    try {
      int value = Integer.parseInt(word);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw (IOException) new EOFException("a picture without size came out").initCause(e);
    }
    throw new IOException("a picture without size came out");
  }
}
