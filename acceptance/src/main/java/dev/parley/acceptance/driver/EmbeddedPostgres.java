package dev.parley.acceptance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The database that Parley keeps in its data folder, seen from outside.
record EmbeddedPostgres(Path data) {
  static EmbeddedPostgres in(Path data) {
    return new EmbeddedPostgres(data);
  }

  /// Throws `IllegalStateException` when it is not running.
  Sql sql() {
    try {
      String port = pidFile().orElseThrow(() -> new IllegalStateException("no database")).get(3);
      return new Sql(
          "jdbc:postgresql://127.0.0.1:" + port.strip() + "/parley",
          "postgres",
          Files.readString(data.resolve("postgres.password")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends what a killed Parley left behind.
  void end() {
    pidFile()
        .flatMap(lines -> ProcessHandle.of(Long.parseLong(lines.getFirst().strip())))
        .ifPresent(
            postmaster -> {
              postmaster.destroy();
              Wait.until("the database ends", Duration.ofSeconds(20), () -> !isAlive(postmaster));
            });
  }

  private boolean isAlive(ProcessHandle postmaster) {
    return postmaster.isAlive() && Files.exists(data.resolve("pgdata/postmaster.pid"));
  }

  private Optional<List<String>> pidFile() {
    Path file = data.resolve("pgdata/postmaster.pid");
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      return lines.size() < 4 ? Optional.empty() : Optional.of(lines);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
