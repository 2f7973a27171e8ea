package dev.parley.media.renditions;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import net.coobird.thumbnailator.resizers.Resizers;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.Orientation;

/// Makes pictures smaller and turns them.
final class Scaling {
  private Scaling() {}

  /// The picture with a long edge of at most `edge`; never larger than it was.
  static BufferedImage within(BufferedImage image, int edge) {
    BufferedImage plain = plain(image);
    int longest = Math.max(image.getWidth(), image.getHeight());
    if (longest <= edge) {
      return plain;
    }
    var small =
        new BufferedImage(
            scaled(image.getWidth(), edge, longest),
            scaled(image.getHeight(), edge, longest),
            plain.getType());
    Resizers.PROGRESSIVE.resize(plain, small);
    return small;
  }

  private static int scaled(int length, int edge, int longest) {
    return Math.max(1, (int) Math.round((double) length * edge / longest));
  }

  /// Turned and mirrored as EXIF's orientation says.
  static BufferedImage upright(BufferedImage image, int orientation) {
    return orientation == 1
        ? image
        : plain(
            ExifFilterUtils.getFilterForOrientation(Orientation.typeOf(orientation)).apply(image));
  }

  /// On white, for formats through which nothing shines.
  static BufferedImage opaque(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_INT_RGB) {
      return image;
    }
    var opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = opaque.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.drawImage(image, 0, 0, null);
    } finally {
      graphics.dispose();
    }
    return opaque;
  }

  /// The same pixels as `TYPE_INT_RGB`, or as `TYPE_INT_ARGB` when one of them is not opaque.
  private static BufferedImage plain(BufferedImage image) {
    int type = image.getType();
    if (type == BufferedImage.TYPE_INT_RGB) {
      return image;
    }
    boolean alpha = image.getColorModel().hasAlpha();
    BufferedImage plain;
    if (type == BufferedImage.TYPE_INT_ARGB) {
      plain = image;
    } else {
      plain =
          new BufferedImage(
              image.getWidth(),
              image.getHeight(),
              alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
      if (!bySamples(image, plain)) {
        Graphics2D graphics = plain.createGraphics();
        try {
          graphics.drawImage(image, 0, 0, null);
        } finally {
          graphics.dispose();
        }
      }
    }
    return alpha && isOpaque(plain) ? opaque(plain) : plain;
  }

  /// Grey pictures and those with 16 bits, sample by sample: through the JDK's grey colour space,
  /// which is linear, they would come out lighter than they are.
  private static boolean bySamples(BufferedImage image, BufferedImage plain) {
    ColorModel model = image.getColorModel();
    int transfer = image.getRaster().getTransferType();
    boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    boolean wide = transfer == DataBuffer.TYPE_USHORT;
    if (!(model instanceof ComponentColorModel)
        || model.isAlphaPremultiplied()
        || !(grey || (wide && model.getColorSpace().isCS_sRGB()))
        || !(wide || transfer == DataBuffer.TYPE_BYTE)) {
      return false;
    }
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int shift = wide ? 8 : 0;
    int[] samples = new int[bands * image.getWidth()];
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, image.getWidth(), 1, samples);
      for (int x = 0; x < row.length; x++) {
        int at = x * bands;
        int red = samples[at] >> shift;
        int green = grey ? red : samples[at + 1] >> shift;
        int blue = grey ? red : samples[at + 2] >> shift;
        int alpha = model.hasAlpha() ? samples[at + bands - 1] >> shift : 255;
        row[x] = alpha << 24 | red << 16 | green << 8 | blue;
      }
      plain.setRGB(0, y, image.getWidth(), 1, row, 0, image.getWidth());
    }
    return true;
  }

  private static boolean isOpaque(BufferedImage image) {
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRaster().getDataElements(0, y, image.getWidth(), 1, row);
      for (int pixel : row) {
        if (pixel >>> 24 != 255) {
          return false;
        }
      }
    }
    return true;
  }
}
