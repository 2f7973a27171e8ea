package dev.parley.platform.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/// The user's folder of unpacked PostgreSQL programs, held for one start at a time while the library looks there for
/// its version or unpacks it.
///
/// The library takes what is half unpacked for whole, and makes the folder writable for everybody. So what is not
/// whole is removed before it looks, what it unpacked in vain is removed afterwards, and the folder lies
/// in one that is closed to others.
final class PostgresBinaries implements AutoCloseable {
  /// File locks are of the process, not of the thread.
  private static final ReentrantLock HERE = new ReentrantLock();

  /// The library's mark of what is whole.
  private static final String WHOLE = ".exists";

  private final Path folder;
  private final FileChannel lock;
  private final Set<Path> before;
  private boolean proven;

  private PostgresBinaries(Path folder, FileChannel lock, Set<Path> before) {
    this.folder = folder;
    this.lock = lock;
    this.before = before;
  }

  /// Waits until no other start holds the folder. It lies in the user's cache, or where there is none in `fallback`.
  static PostgresBinaries take(Path fallback) throws IOException {
    Path folder = folder(fallback);
    HERE.lock();
    FileChannel lock = null;
    try {
      lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      for (Path version : versions(folder)) {
        if (!Files.exists(version.resolve(WHOLE))) {
          PathUtils.deleteDirectory(version);
        }
      }
      return new PostgresBinaries(folder, lock, Set.copyOf(versions(folder)));
    } catch (IOException | RuntimeException e) {
      HERE.unlock();
      if (lock != null) {
        lock.close();
      }
      throw e;
    }
  }

  /// Where they lie.
  Path folder() {
    return folder;
  }

  /// Says that the programs were used and work.
  void proven() {
    proven = true;
  }

  /// Lets the next one in. Does nothing the second time.
  @Override
  public void close() throws IOException {
    if (!lock.isOpen()) {
      return;
    }
    try (lock) {
      for (Path version : versions(folder)) {
        if (!proven && !before.contains(version)) {
          PathUtils.deleteDirectory(version);
        }
      }
    } finally {
      HERE.unlock();
    }
  }

  private static List<Path> versions(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static Path folder(Path fallback) throws IOException {
    String given = System.getenv("XDG_CACHE_HOME");
    Path cache =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    // A service's user often has no home, or none that it may write to.
    if (!cache.isAbsolute()) {
      return closedToOthers(fallback);
    }
    try {
      return closedToOthers(cache);
    } catch (IOException e) {
      return closedToOthers(fallback);
    }
  }

  private static Path closedToOthers(Path parent) throws IOException {
    Path closed = Files.createDirectories(parent.resolve("parley"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    return Files.createDirectories(closed.resolve("postgres"));
  }
}
