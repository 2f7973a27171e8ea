package dev.parley.platform.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
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
import org.apache.commons.io.FileUtils;

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
  static final String WHOLE = ".exists";

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
  static PostgresBinaries take(Path fallback, Rights rights) throws IOException {
    Path folder = folder(fallback, rights == Rights.NOBODY ? "postgres-as-nobody" : "postgres");
    HERE.lock();
    FileChannel lock = null;
    try {
      lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      for (Path version : versions(folder)) {
        if (!Files.exists(version.resolve(WHOLE))) {
          FileUtils.deleteDirectory(version.toFile());
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

  /// Unpacks what is not there yet, and has the programs shed root's rights when they start.
  void unpackForNobody() throws IOException {
    unpack();
    for (Path version : versions(folder)) {
      Rights.wrap(version);
    }
  }

  /// Stops the library between unpacking and starting.
  private static final class Unpacked extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Has the library unpack its programs and do nothing else.
  private static void unpack() throws IOException {
    Path folder = Files.createTempDirectory("parley-unpack");
    try {
      // What looks like a data directory is not initialised.
      Files.createFile(folder.resolve("postgresql.conf"));
      EmbeddedPostgres.builder()
          .setDataDirectory(folder)
          .setCleanDataDirectory(false)
          .setDataDirectoryCustomizer(
              data -> {
                throw new Unpacked();
              })
          .start();
    } catch (Unpacked expected) {
      // As it should be.
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
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
          FileUtils.deleteDirectory(version.toFile());
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

  private static Path folder(Path fallback, String name) throws IOException {
    String given = System.getenv("XDG_CACHE_HOME");
    Path cache =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    // A service's user often has no home, or none that it may write to.
    if (!cache.isAbsolute()) {
      return closedToOthers(fallback, name);
    }
    try {
      return closedToOthers(cache, name);
    } catch (IOException e) {
      return closedToOthers(fallback, name);
    }
  }

  private static Path closedToOthers(Path parent, String name) throws IOException {
    Path closed = Files.createDirectories(parent.resolve("parley"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    return Files.createDirectories(closed.resolve(name));
  }
}
