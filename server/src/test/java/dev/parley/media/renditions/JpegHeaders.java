package dev.parley.media.renditions;

import java.io.IOException;
import java.nio.file.Path;
import net.coobird.thumbnailator.util.exif.ExifUtils;
import net.coobird.thumbnailator.util.exif.Orientation;

/// What another reader finds in the header of a JPEG.
final class JpegHeaders {
  private JpegHeaders() {}

  static int orientation(Path file) throws IOException {
    var reader = javax.imageio.ImageIO.getImageReadersByFormatName("jpeg").next();
    try (var in = javax.imageio.ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      Orientation found = ExifUtils.getExifOrientation(reader, 0);
      for (int i = 1; i <= 8; i++) {
        if (found == Orientation.typeOf(i)) {
          return i;
        }
      }
      return 1;
    } finally {
      reader.dispose();
    }
  }
}
