package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Database;
import dev.parley.platform.lanes.NodeId;
import dev.parley.platform.roles.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is there before the container starts: configuration, database and keys. Every command needs some of it, and
/// the container takes it from here.
final class Boot implements AutoCloseable {
  private static @Nullable Boot current;

  private final Config config;
  private final Set<Role> roles;
  private final FieldCipher cipher;
  private final Database database;
  private @Nullable UUID node;

  private Boot(Config config, Set<Role> roles, FieldCipher cipher, Database database) {
    this.config = config;
    this.roles = roles;
    this.cipher = cipher;
    this.database = database;
  }

  /// Opens the database and brings its schema up to date, unless the configuration says that somebody else does.
  static Boot start(Config config) {
    Set<Role> roles = Role.parse(config.get(Keys.ROLES));
    FieldCipher cipher = cipher(config);
    Database database = Database.open(config);
    try {
      if (config.get(Keys.DATABASE_MIGRATE)) {
        database.migrate();
      } else {
        database.checkVersion();
      }
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    Boot boot = new Boot(config, roles, cipher, database);
    current = boot;
    return boot;
  }

  /// What this process was started with; throws `IllegalStateException` before [#start].
  static Boot current() {
    Boot boot = current;
    if (boot == null) {
      throw new IllegalStateException("nothing was started");
    }
    return boot;
  }

  /// The field encryption keys: those of the configuration, or the ones in the data folder, made at the first start.
  static FieldCipher cipher(Config config) {
    return FieldCipher.of(config.find(Keys.CRYPTO_KEYS).orElseGet(() -> keyFile(config)));
  }

  private static Secret keyFile(Config config) {
    Path file = keyPath(config);
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, FieldCipher.generate("k1") + "\n");
      }
      return new Secret(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make the key file " + file, e);
    }
  }

  static Path keyPath(Config config) {
    return Path.of(config.get(Keys.DATA_DIR)).resolve("encryption.keys");
  }

  Config config() {
    return config;
  }

  Set<Role> roles() {
    return roles;
  }

  FieldCipher cipher() {
    return cipher;
  }

  /// Which of the processes on the database this one is; claimed when it is first asked for.
  synchronized UUID node() {
    UUID known = node;
    if (known == null) {
      known = NodeId.claim(Path.of(config.get(Keys.DATA_DIR)));
      node = known;
    }
    return known;
  }

  Database database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
    current = null;
  }
}
