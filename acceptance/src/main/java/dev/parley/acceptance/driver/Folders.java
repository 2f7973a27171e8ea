package dev.parley.acceptance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Folders of the repository and of a run.
public final class Folders {
  private Folders() {}

  /// The repository's root, found upwards from where this runs.
  public static Path repository() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("server")) && Files.isDirectory(at.resolve("acceptance"))) {
        return at;
      }
    }
    throw new IllegalStateException("run this inside the repository");
  }

  /// The program: what the system property `parley.jar` names, else the one that was built here. Throws
  /// `IllegalStateException` when there is none.
  public static Path jar() {
    String named = System.getProperty("parley.jar");
    Path jar =
        named == null ? repository().resolve("server/target/parley-runner.jar") : Path.of(named);
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: build it with mvn -pl server package");
    }
    return jar;
  }

  /// A new empty folder for a run.
  public static Path temporary(String name) {
    try {
      return Files.createTempDirectory("parley-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes a folder with all in it, as far as it can.
  public static void delete(Path folder) {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException | UncheckedIOException e) {
      return;
    }
    for (Path path : all) {
      if (!path.toFile().delete()) {
        return;
      }
    }
  }
}
