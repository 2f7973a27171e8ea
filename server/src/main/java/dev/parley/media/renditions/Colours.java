package dev.parley.media.renditions;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;

/// Colours as a screen without colour management shows them.
final class Colours {
  private static final float[][] PROBES = {
    {0.25f, 0.25f, 0.25f}, {0.9f, 0.2f, 0.2f}, {0.2f, 0.9f, 0.2f}, {0.2f, 0.2f, 0.9f}
  };
  private static final float UNSEEN = 0.02f;

  private Colours() {}

  /// The picture in sRGB when its profile is another; a damaged profile is no reason to show
  /// nothing.
  static BufferedImage toSrgb(BufferedImage image, byte[] profile) {
    try {
      ICC_Profile icc = ICC_Profile.getInstance(profile);
      if (icc.getColorSpaceType() != ColorSpace.TYPE_RGB) {
        return image;
      }
      var space = new ICC_ColorSpace(icc);
      if (isSrgb(space)) {
        return image;
      }
      var tagged =
          new BufferedImage(
              new DirectColorModel(
                  space, 24, 0xff0000, 0xff00, 0xff, 0, false, DataBuffer.TYPE_INT),
              image.getRaster(),
              false,
              null);
      var plain =
          new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
      return new ColorConvertOp(null).filter(tagged, plain);
    } catch (IllegalArgumentException | CMMException e) {
      return image;
    }
  }

  /// By what it does to a few colours, whatever it is called.
  private static boolean isSrgb(ICC_ColorSpace space) {
    for (float[] colour : PROBES) {
      float[] converted = space.toRGB(colour);
      for (int i = 0; i < 3; i++) {
        if (Math.abs(converted[i] - colour[i]) > UNSEEN) {
          return false;
        }
      }
    }
    return true;
  }
}
