package dev.parley.acceptance.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The cache of classes that the launcher makes by a training run, so that a run with many starts of the server does not
/// pay for each of them what it pays for the first.
final class Trained {
  private static final Supplier<Optional<Path>> CACHE = once(Trained::make);

  private Trained() {}

  /// The cache for the program that was built here; nothing for another one, and where there can be none.
  static Optional<Path> cache() {
    return System.getProperty("parley.jar") == null ? CACHE.get() : Optional.empty();
  }

  private static <T> Supplier<T> once(Supplier<T> made) {
    return new Supplier<>() {
      private @Nullable T value;

      @Override
      public synchronized T get() {
        T known = value;
        if (known == null) {
          known = made.get();
          value = known;
        }
        return known;
      }
    };
  }

  /// Any command of the launcher trains first where that is still to be done.
  private static Optional<Path> make() {
    Path root = Folders.repository();
    try {
      Process process =
          new ProcessBuilder(root.resolve("parley").toString(), "parts")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return newest(root.resolve("server/target"));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Optional<Path> newest(Path folder) throws IOException {
    long built = Files.getLastModifiedTime(Folders.jar()).toMillis();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("parley-\\d+\\.aot"))
          .filter(file -> file.toFile().lastModified() >= built)
          .findFirst();
    }
  }
}
