package dev.parley.media.renditions;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/// Writes pictures: JPEG where nothing shines through, else PNG. No metadata is written.
final class PictureWriter {
  /// What was written.
  record Written(Path file, String contentType, int width, int height, long size) {}

  private PictureWriter() {}

  /// Into `file`, as the picture needs it. The quality, from 0 to 1, is JPEG's.
  static Written write(BufferedImage image, float quality, Path file) throws IOException {
    return write(image, image.getColorModel().hasAlpha() ? "png" : "jpeg", quality, file);
  }

  static Written jpeg(BufferedImage image, float quality, Path file) throws IOException {
    return write(Scaling.opaque(image), "jpeg", quality, file);
  }

  static Written png(BufferedImage image, Path file) throws IOException {
    return write(image, "png", 1, file);
  }

  private static Written write(BufferedImage image, String format, float quality, Path file)
      throws IOException {
    Files.deleteIfExists(file);
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (var out = new FileImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(quality);
      }
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return new Written(
        file, "image/" + format, image.getWidth(), image.getHeight(), Files.size(file));
  }
}
