package dev.parley.platform.db;

import dev.parley.platform.crypto.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/// The embedded database: a PostgreSQL server of our own that keeps its data in a folder and runs while this
/// object is open.
///
/// A commit is on disk when it returns. The server listens on the loopback address only, on a port that changes
/// with each start, and every connection needs a password. The folder belongs to one process at a time; a server
/// that outlived a killed process is stopped by the next start.
///
/// The folder holds `pgdata`, the owner's password in `postgres.password` (readable by its owner only) and
/// the server's log in `postgres.log`.
public final class LocalPostgres implements AutoCloseable {
  private static final String OWNER = "postgres";
  private static final String LOOPBACK = "127.0.0.1";

  /// After a power failure the server first replays its log, which may take a while. A server that does not come up at
  /// all is noticed at once, not by this.
  private static final Duration STARTUP = Duration.ofMinutes(10);

  private static final int TRIES = 3;
  private static final int LAST_WORDS = 20;

  /// How the server runs. Values go through a shell: no spaces, no quotes.
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          // The library's own defaults trade durability for the speed of tests.
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("listen_addresses", LOOPBACK),
          Map.entry("unix_socket_directories", ""),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("max_connections", "200"),
          // A small machine shared with the program: the system's page cache does the rest.
          Map.entry("shared_buffers", "128MB"),
          Map.entry("effective_cache_size", "1GB"),
          Map.entry("work_mem", "8MB"),
          Map.entry("maintenance_work_mem", "64MB"),
          Map.entry("random_page_cost", "1.1"),
          // Group commits write in bursts. Rarer checkpoints mean fewer full page images; a
          // gigabyte of log replays in seconds.
          Map.entry("wal_buffers", "16MB"),
          Map.entry("wal_compression", "on"),
          Map.entry("checkpoint_timeout", "15min"),
          Map.entry("max_wal_size", "1GB"),
          // Short statements of known shape: compiling or splitting them costs more than it saves,
          // and a container's shared memory is often too small for parallel plans.
          Map.entry("jit", "off"),
          Map.entry("max_parallel_workers_per_gather", "0"),
          // Queue tables turn over quickly.
          Map.entry("autovacuum_naptime", "15s"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("lc_messages", "C"),
          Map.entry("log_checkpoints", "off"),
          // Details and statements of errors would carry customers' data into the log; the program
          // gets them anyway.
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_min_error_statement", "panic"));

  /// Options of initdb. Sorting and case follow Unicode by PostgreSQL's own tables, the same on every
  /// machine, so that an upgrade of the system's C library cannot break an index.
  private static final Map<String, String> LOCALE =
      Map.of(
          "locale", "C",
          "lc-ctype", "C.UTF-8",
          "locale-provider", "builtin",
          "builtin-locale", "C.UTF-8",
          "text-search-config", "simple");

  private final EmbeddedPostgres server;
  private final Postmaster postmaster;
  private final FolderLock lock;
  private final Secret password;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private LocalPostgres(
      EmbeddedPostgres server, Postmaster postmaster, FolderLock lock, Secret password) {
    this.server = server;
    this.postmaster = postmaster;
    this.lock = lock;
    this.password = password;
  }

  /// Starts the server on the folder, which is created and initialised when it is new, and returns when it answers.
  /// Takes well under a second, a few seconds the first time, and as long as the log's replay takes after a power
  /// failure.
  ///
  /// The caller closes it; nothing is done at the end of the process, where others may still need the database for
  /// their own ending.
  ///
  /// @throws IllegalStateException when another process has the folder, or when the server does not start; the
  ///     message then ends with the last lines of its log
  /// @throws UncheckedIOException when the folder cannot be read or written
  public static LocalPostgres start(Path folder) {
    try {
      Path home = Files.createDirectories(folder).toRealPath();
      FolderLock lock = FolderLock.take(home, "postgres.lock");
      try {
        return start(home, lock);
      } catch (IOException | RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PostgreSQL in the folder %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static LocalPostgres start(Path home, FolderLock lock) throws IOException {
    Rights rights = Rights.available();
    var folder = new DataFolder(home);
    var postmaster = new Postmaster(folder.data());
    postmaster.stop();
    if (folder.isHalfMade()) {
      postmaster.killLeftovers();
      folder.discard();
    }
    Secret password = folder.password();
    if (rights != Rights.OURS) {
      folder.giveTo(rights == Rights.NOBODY ? Rights.NOBODY_ID : Rights.ROOT_ID);
    }
    EmbeddedPostgres server = launch(folder, postmaster, password, rights);
    return new LocalPostgres(server, postmaster, lock, password);
  }

  private static EmbeddedPostgres launch(
      DataFolder folder, Postmaster postmaster, Secret password, Rights rights) throws IOException {
    for (int attempt = 1; ; attempt++) {
      folder.beginLog();
      try {
        return attempt(folder, postmaster, password, rights);
      } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
        postmaster.stop();
        // The free port was found before the server took it; somebody else may have been quicker.
        boolean again = attempt < TRIES && folder.logged("Address already in use");
        if (!again) {
          throw new IllegalStateException(
              "PostgreSQL does not start in %s: %s. Its last words:%n%s"
                  .formatted(
                      folder.home(),
                      Objects.requireNonNullElse(e.getMessage(), e.toString()),
                      String.join("\n", folder.lastLines(LAST_WORDS))),
              e);
        }
      }
    }
  }

  private static EmbeddedPostgres attempt(
      DataFolder folder, Postmaster postmaster, Secret password, Rights rights) throws IOException {
    try (PostgresBinaries binaries = PostgresBinaries.take(folder.home(), rights);
        var refusal = new Refusal(Thread.currentThread(), folder, postmaster)) {
      // Where the library unpacks, and also where it looks for abandoned servers to stop and
      // delete: not in /tmp.
      System.setProperty("ot.epg.working-dir", binaries.folder().toString());
      if (rights == Rights.NOBODY) {
        binaries.unpackForNobody();
      }
      EmbeddedPostgres server =
          library(folder, password)
              .setDataDirectoryCustomizer(data -> ready(folder, binaries, refusal))
              .start();
      refusal.check();
      return server;
    }
  }

  private static EmbeddedPostgres.Builder library(DataFolder folder, Secret password)
      throws IOException {
    var log = ProcessBuilder.Redirect.appendTo(folder.log().toFile());
    EmbeddedPostgres.Builder library =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.data())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(STARTUP)
            .setConnectConfig("password", password.reveal())
            .setOutputRedirector(log);
    SETTINGS.forEach(library::setServerConfig);
    // The library keeps its own lock when a start fails. Ours is the one that counts.
    Files.deleteIfExists(folder.data().resolve("epg-lock"));
    if (!folder.isMade()) {
      folder.beginInitialising();
      LOCALE.forEach(library::setLocaleConfig);
      // These too become options of initdb, after the library's own `-A trust`: there is never a
      // moment without a password.
      library.setLocaleConfig("auth", "scram-sha-256");
      library.setLocaleConfig("pwfile", folder.passwordFile().toString());
    }
    return library;
  }

  /// The library calls this between initialising and launching.
  private static void ready(DataFolder folder, PostgresBinaries binaries, Refusal refusal) {
    try {
      folder.endInitialising();
      binaries.proven();
      binaries.close();
      refusal.launching();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The port on the loopback address.
  public int port() {
    return server.getPort();
  }

  /// Runs `work` once when the server ends although nobody has closed it.
  public void whenGone(Runnable work) {
    ProcessHandle process;
    try {
      process = postmaster.running().orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find the server's process", e);
    }
    Thread.ofVirtual()
        .start(
            () -> {
              if (process != null) {
                process.onExit().join();
              }
              if (open.get()) {
                work.run();
              }
            });
  }

  /// The JDBC address of the database of that name, without user and password.
  public String url(String database) {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(LOOPBACK, port(), URLEncoder.encode(database, StandardCharsets.UTF_8));
  }

  /// The server's superuser.
  public String ownerUser() {
    return OWNER;
  }

  /// The superuser's password, the same at every start.
  public Secret ownerPassword() {
    return password;
  }

  /// Stops the server, whose open connections end with an error, and lets go of the folder. Does nothing the second
  /// time.
  ///
  /// @throws UncheckedIOException when the server does not end
  @Override
  public void close() {
    if (!open.compareAndSet(true, false)) {
      return;
    }
    try (lock) {
      server.close();
      // The library gives up after five seconds, in which a slow disk may not have taken
      // everything.
      postmaster.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
