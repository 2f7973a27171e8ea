package dev.parley.acceptance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL of the system's packages, 15 or newer, that is not Parley's child: it can be killed and started again
/// under it. Runs as the user `postgres` when this process is root's.
public final class ExternalPostgres implements AutoCloseable {
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
  private static final String SUPERUSER_PASSWORD = "superuserpasswordcanary";
  private static final String WORK_PASSWORD = "workpasswordcanary";

  private final Path bin;
  private final Path folder;
  private final int port;
  private final List<String> settings;

  private ExternalPostgres(Path bin, Path folder, int port, List<String> settings) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
    this.settings = settings;
  }

  /// The folder of the oldest usable server programs, so that what must run on 15 is run on it where it is installed;
  /// nothing when there are none.
  public static Optional<Path> programs() {
    if (!Files.isDirectory(PACKAGES)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(PACKAGES)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .filter(version -> version(version) >= 15)
          .min(Comparator.comparingInt(ExternalPostgres::version))
          .map(version -> version.resolve("bin"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int version(Path folder) {
    try {
      return Integer.parseInt(Objects.requireNonNull(folder.getFileName()).toString());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Initialises and starts one with durable defaults in a new folder inside `parent`. More `settings` are of the form
  /// `name=value`. Throws `IllegalStateException` when no server programs are installed.
  public static ExternalPostgres start(Path parent, String... settings) {
    Path bin =
        programs()
            .orElseThrow(
                () -> new IllegalStateException("PostgreSQL 15 or newer is not installed"));
    try {
      Path folder = Files.createDirectories(parent.resolve("postgres"));
      var postgres = new ExternalPostgres(bin, folder, Ports.free(), List.of(settings));
      postgres.initialise();
      postgres.start();
      postgres.sql("postgres").change("CREATE DATABASE parley");
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialise() throws IOException {
    Path password = folder.resolve("password");
    Files.writeString(password, SUPERUSER_PASSWORD);
    if (isRoot()) {
      open(folder);
      run(List.of("chown", "-R", "postgres", folder.toString()));
    }
    run(
        asUser(
            List.of(
                bin.resolve("initdb").toString(),
                "-D",
                data().toString(),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile=" + password,
                "-E",
                "UTF8",
                "--locale=C.UTF-8")));
  }

  /// A temporary folder is its maker's alone; the server's user must get through.
  private static void open(Path folder) throws IOException {
    for (Path at = folder; at != null && at.getNameCount() > 1; at = at.getParent()) {
      run(List.of("chmod", "a+x", at.toString()));
    }
  }

  /// Starts it, also after [#kill()], and returns when it takes connections.
  public void start() {
    var command = new ArrayList<String>();
    command.addAll(List.of(bin.resolve("postgres").toString(), "-D", data().toString()));
    command.addAll(List.of("-p", Integer.toString(port), "-k", "", "-h", "127.0.0.1"));
    command.addAll(List.of("-c", "max_connections=200"));
    for (String setting : settings) {
      command.addAll(List.of("-c", setting));
    }
    try {
      new ProcessBuilder(asUser(command))
          .redirectErrorStream(true)
          .redirectOutput(
              ProcessBuilder.Redirect.appendTo(folder.resolveSibling("postgres.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Sql sql = sql("postgres");
    Wait.until("PostgreSQL takes connections", Duration.ofSeconds(60), sql::answers);
  }

  /// Kills the whole server as a power cut of the machine would, but for what the system has in its cache.
  public void kill() {
    postmaster()
        .ifPresent(
            postmaster -> {
              List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
              // The parent first, else it would recover by itself.
              all.addFirst(postmaster);
              all.forEach(ProcessHandle::destroyForcibly);
              Wait.until(
                  "PostgreSQL is gone",
                  Duration.ofSeconds(20),
                  () -> all.stream().noneMatch(ProcessHandle::isAlive));
            });
  }

  private Optional<ProcessHandle> postmaster() {
    Path file = data().resolve("postmaster.pid");
    try {
      return Files.exists(file)
          ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  /// The configuration keys by which Parley uses it.
  public Map<String, String> settings() {
    return Map.of(
        "database.url",
        "jdbc:postgresql://127.0.0.1:" + port + "/parley",
        "database.owner.user",
        "postgres",
        "database.owner.password",
        SUPERUSER_PASSWORD,
        "database.password",
        WORK_PASSWORD);
  }

  /// Parley's database, as superuser.
  public Sql sql() {
    return sql("parley");
  }

  /// Another database of the server, as superuser.
  public Sql sql(String database) {
    return new Sql(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", SUPERUSER_PASSWORD);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> asUser(List<String> command) {
    if (!isRoot()) {
      return command;
    }
    var all = new ArrayList<String>();
    all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    all.addAll(command);
    return all;
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Ends it at once; the folder stays.
  @Override
  public void close() {
    kill();
  }
}
