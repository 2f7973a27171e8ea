package dev.parley.acceptance.bench;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.FileImageOutputStream;

/// Thumbnails of a 12-megapixel JPEG, two of each picture, by processor time: of `parley render`
/// with its children.
final class Thumbnails {
  private static final int WIDTH = 4000;
  private static final int HEIGHT = 3000;
  private static final int EACH = 2;

  private Thumbnails() {}

  static void run(Options options, Figures figures) throws IOException {
    Path folder = Files.createTempDirectory("parley-bench-thumbnails-");
    try {
      Path photo = photo(folder.resolve("photo.jpg"));
      double all = rate(photo, options);
      figures.add(
          new Figures.Line(
              "thumbnails of 12-megapixel JPEGs, per processor second",
              "%.1f".formatted(all),
              "",
              "",
              "≥ 20",
              all >= 20));
      figures.note(
          "Two thumbnails of each JPEG of %.1f MB; %.1f pictures a processor second."
              .formatted(Files.size(photo) / 1e6, all / EACH));
    } finally {
      Machine.run(List.of("rm", "-rf", folder.toString()));
    }
  }

  /// Thumbnails per second of processor time, after a warm-up.
  private static double rate(Path photo, Options options) throws IOException {
    int warm = options.quick() ? 20 : 60;
    int counted = options.quick() ? 20 : 100;
    List<String> command =
        List.of(
            Launched.root().resolve("parley").toString(),
            "render",
            photo.toString(),
            "--type=image/jpeg",
            "--repeat=" + (warm + counted + 1),
            "-s",
            "data.dir=" + photo.getParent());
    Machine.say("thumbnails");
    Process process =
        new ProcessBuilder(Machine.onServerCore(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      skip(lines, warm);
      double begun = Cpu.now(process.pid());
      skip(lines, counted);
      return EACH * counted / (Cpu.now(process.pid()) - begun);
    } finally {
      process.destroy();
    }
  }

  private static void skip(BufferedReader lines, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String line = lines.readLine();
      if (line == null || !line.contains("thumb-small") || !line.contains("thumb-large")) {
        throw new IllegalStateException("no thumbnails: " + line);
      }
    }
  }

  /// Soft shapes with the noise of a sensor: about as many bytes as a telephone's camera makes of
  /// 12 megapixels.
  private static Path photo(Path file) throws IOException {
    var random = new Random(7);
    double[][] grid = new double[64][64];
    for (double[] row : grid) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextDouble();
      }
    }
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double value = random.nextGaussian() * 7;
        double weight = 110;
        for (int octave = 8; octave <= 512; octave *= 2) {
          value += weight * between(grid, (double) x * octave / WIDTH, (double) y * octave / WIDTH);
          weight *= 0.55;
        }
        int red = bounded(value);
        image.setRGB(x, y, red << 16 | bounded(value * 0.8 + x / 60.0) << 8 | (255 - red));
      }
    }
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = new FileImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(0.9f);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return file;
  }

  private static double between(double[][] grid, double x, double y) {
    int left = (int) x;
    int top = (int) y;
    double right = x - left;
    double bottom = y - top;
    return (grid[left & 63][top & 63] * (1 - right) + grid[left + 1 & 63][top & 63] * right)
            * (1 - bottom)
        + (grid[left & 63][top + 1 & 63] * (1 - right) + grid[left + 1 & 63][top + 1 & 63] * right)
            * bottom;
  }

  private static int bounded(double value) {
    return (int) Math.max(0, Math.min(255, value));
  }
}
