package dev.parley.media.renditions;

import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// libjpeg-turbo's decoder. It computes a picture at an eighth, a quarter or half of its size
/// directly from the frequencies in the file, which costs a fraction of decoding it whole, and a
/// crash of it is not ours.
final class Djpeg {
  private static final int EIGHTHS = 8;
  // It ended, but had something to say: a cut file, whose upper part is there.
  private static final int WARNED = 2;

  private Djpeg() {}

  /// The picture, at least `edge` long where the file has that many pixels; not turned.
  static BufferedImage read(
      Child child, Path file, JpegFile.Header header, int edge, Scratch scratch)
      throws IOException, Unrenderable {
    Child.Printed<BufferedImage> printed =
        child.run(
            Program.DJPEG,
            List.of(
                "-scale",
                scale(Math.max(header.width(), header.height()), edge) + "/" + EIGHTHS,
                "-nosmooth",
                "-pnm",
                file.toAbsolutePath().toString()),
            scratch,
            output -> PortablePixmap.read(new BufferedInputStream(output, 1 << 16)));
    int code = printed.ended().code();
    if (code != 0 && code != WARNED) {
      throw new Unrenderable("cannot be decoded: " + printed.ended().complaint());
    }
    return printed.value();
  }

  /// Of the sizes that it computes quickly the smallest that is large enough.
  private static int scale(int longest, int edge) {
    for (int scale = 1; scale < EIGHTHS; scale *= 2) {
      if ((long) longest * scale >= (long) edge * EIGHTHS) {
        return scale;
      }
    }
    return EIGHTHS;
  }
}
