package dev.parley.platform.db;

import dev.parley.platform.crypto.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/// What lies in the embedded database's folder, and the order in which it comes to be there.
///
/// The password is on disk before the data directory is initialised with it. While the directory is being initialised a
/// marker says so; it is gone from the disk before the server first runs. So a directory with the marker holds nobody's
/// data, and one without it is whole.
final class DataFolder {
  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final int PASSWORD_BYTES = 32;
  private static final long LOG_LIMIT_BYTES = 10L << 20;

  /// A log of more than this since the start began is not looked through to its end.
  private static final int LOOK_BYTES = 1 << 20;

  private final Path home;
  private final Path log;
  private final Path marker;
  private final Path passwordFile;
  private long logStart;

  DataFolder(Path home) {
    this.home = home;
    this.log = home.resolve("postgres.log");
    this.marker = home.resolve("postgres.initialising");
    this.passwordFile = home.resolve("postgres.password");
  }

  Path home() {
    return home;
  }

  /// The server's data directory.
  Path data() {
    return home.resolve("pgdata");
  }

  Path passwordFile() {
    return passwordFile;
  }

  Path log() {
    return log;
  }

  /// Whether somebody began to initialise the data directory and did not come to the end.
  boolean isHalfMade() {
    return Files.exists(marker);
  }

  /// Whether the data directory has been initialised, wholly or in part.
  boolean isMade() {
    return Files.exists(data().resolve("postgresql.conf"));
  }

  /// Gives the data directory and all in it to that user, whom the server runs as. Only root may.
  void giveTo(int user) throws IOException {
    Files.createDirectories(data());
    Path top = data().toRealPath();
    if (user(top) == user) {
      return;
    }
    try (Stream<Path> all = Files.walk(top)) {
      // The top comes last: as long as it has the old owner, the work is not done.
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static int user(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }

  /// Empties the data directory.
  void discard() throws IOException {
    if (Files.exists(data())) {
      FileUtils.cleanDirectory(data().toRealPath().toFile());
    }
  }

  void beginInitialising() throws IOException {
    Files.write(marker, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.SYNC);
    sync(home);
  }

  void endInitialising() throws IOException {
    if (Files.deleteIfExists(marker)) {
      sync(home);
    }
  }

  /// The owner's password, made at the first call.
  ///
  /// @throws IllegalStateException when the data directory exists but its password is lost
  Secret password() throws IOException {
    if (!Files.exists(passwordFile)) {
      if (isMade()) {
        throw new IllegalStateException(
            "The password of the database in %s is missing: put %s back from the backup."
                .formatted(data(), passwordFile));
      }
      writePassword();
    }
    return new Secret(Files.readString(passwordFile).strip());
  }

  private void writePassword() throws IOException {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path fresh = passwordFile.resolveSibling("postgres.password.new");
    Files.deleteIfExists(fresh);
    try (FileChannel file = FileChannel.open(fresh, NEW_FILE, OWNER_ONLY)) {
      file.write(StandardCharsets.UTF_8.encode(password));
      file.force(true);
    }
    Files.move(fresh, passwordFile, StandardCopyOption.ATOMIC_MOVE);
    sync(home);
  }

  /// Says that what is logged from now on belongs to a new start. Puts an old log aside when it has grown large.
  void beginLog() throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
      Files.move(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log)) {
      Files.createFile(log, OWNER_ONLY);
    }
    logStart = Files.size(log);
  }

  /// Whether that was logged since the start began.
  boolean logged(String text) throws IOException {
    return sinceStart().contains(text);
  }

  /// The last lines since the start began, at most so many.
  List<String> lastLines(int count) throws IOException {
    List<String> lines = sinceStart().lines().toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  private String sinceStart() throws IOException {
    try (FileChannel file = FileChannel.open(log)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.clamp(file.size() - logStart, 0, LOOK_BYTES));
      file.read(bytes, logStart);
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  /// A new name in a folder is only sure to be there after a power failure when the folder itself was written.
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }
}
