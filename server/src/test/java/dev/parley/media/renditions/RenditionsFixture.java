package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A folder for files, one for renditions, and one for work that has to be empty after each test.
abstract class RenditionsFixture {
  @TempDir Path folder;

  Path work() {
    return folder.resolve("work");
  }

  Renditions renditions() {
    return renditions(Programs.ofSystem());
  }

  Renditions renditions(Programs programs) {
    return new Renditions(
        programs, new Renditions.Settings(work(), Duration.ofSeconds(60), 1L << 30, 2));
  }

  Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  Path into() throws IOException {
    return Files.createDirectories(folder.resolve("into"));
  }

  Renditions.Made make(Path file, String contentType) throws IOException {
    return renditions().make(file, contentType, into());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (Files.exists(work())) {
      try (Stream<Path> left = Files.list(work())) {
        assertThat(left).isEmpty();
      }
    }
  }

  /// The corners in the order of reading, as the nearest of these words.
  static List<String> corners(BufferedImage image) {
    int x = image.getWidth() / 4;
    int y = image.getHeight() / 4;
    return Stream.of(
            new int[] {x, y},
            new int[] {image.getWidth() - 1 - x, y},
            new int[] {x, image.getHeight() - 1 - y},
            new int[] {image.getWidth() - 1 - x, image.getHeight() - 1 - y})
        .map(at -> colour(new Color(image.getRGB(at[0], at[1]))))
        .toList();
  }

  private static String colour(Color colour) {
    boolean red = colour.getRed() > 128;
    boolean green = colour.getGreen() > 128;
    boolean blue = colour.getBlue() > 128;
    if (red && green && blue) {
      return "white";
    }
    return red ? "red" : green ? "green" : blue ? "blue" : "black";
  }
}
