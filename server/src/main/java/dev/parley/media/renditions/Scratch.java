package dev.parley.media.renditions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder for one piece of work that nobody else can read; closing it removes it with all that is
/// in it.
public final class Scratch implements AutoCloseable {
  private static final String PREFIX = "rendition-";

  private final Path folder;

  private Scratch(Path folder) {
    this.folder = folder;
  }

  /// A new one in `parent`, which is made when it is missing.
  static Scratch in(Path parent) throws IOException {
    Files.createDirectories(parent);
    return new Scratch(
        Files.createTempDirectory(
                parent,
                PREFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            .toAbsolutePath());
  }

  /// Removes what processes that were killed have left in `parent` before `before`.
  static void sweep(Path parent, Instant before) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    List<Path> left;
    try (Stream<Path> all = Files.list(parent)) {
      left = all.filter(path -> path.getFileName().toString().startsWith(PREFIX)).toList();
    }
    for (Path path : left) {
      try {
        if (Files.getLastModifiedTime(path).toInstant().isBefore(before)) {
          remove(path);
        }
      } catch (NoSuchFileException e) {
        // Its owner has removed it meanwhile.
      }
    }
  }

  Path folder() {
    return folder;
  }

  /// The file of that name in it; nothing is made.
  public Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    try {
      remove(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }

  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
