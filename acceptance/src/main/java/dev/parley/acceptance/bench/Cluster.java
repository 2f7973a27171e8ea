package dev.parley.acceptance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A PostgreSQL cluster of our own for both sides, on the servers' core, with `fsync` and `synchronous_commit` on; gone
/// when closed.
final class Cluster implements AutoCloseable {
  private final Path bin;
  private final Path folder;
  private final int port;
  private final List<String> asUser;

  private Cluster(Path bin, Path folder, int port, List<String> asUser) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
    this.asUser = asUser;
  }

  /// Makes and starts one.
  static Cluster start() {
    try {
      Path bin = bin();
      Path folder = Files.createTempDirectory("parley-bench-");
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      List<String> asUser = List.of();
      if (System.getProperty("user.name").equals("root")) {
        // PostgreSQL refuses to run as root.
        Machine.run(List.of("chown", "postgres", folder.toString()));
        asUser = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
      }
      var cluster = new Cluster(bin, folder, port, asUser);
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      cluster.initialise();
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialise() {
    as(
        "initdb",
        "-D",
        data(),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync");
    String settings =
        "-c port=%d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s -c max_connections=200"
                .formatted(port, folder)
            + " -c shared_buffers=512MB -c max_wal_size=8GB -c checkpoint_timeout=15min -c fsync=on"
            + " -c synchronous_commit=on -c full_page_writes=on";
    Machine.run(
        Machine.onServerCore(
            Machine.prefixed(
                asUser,
                List.of(
                    bin.resolve("pg_ctl").toString(),
                    "-D",
                    data(),
                    "-w",
                    "-l",
                    folder.resolve("log").toString(),
                    "-o",
                    settings,
                    "start"))));
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void as(String program, String... arguments) {
    var command = new ArrayList<>(asUser);
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    Machine.run(command);
  }

  private static Path bin() throws IOException {
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        var found =
            versions
                .filter(v -> Files.isExecutable(v.resolve("bin/initdb")))
                .filter(v -> Files.isExecutable(v.resolve("bin/pgbench")))
                .max(Comparator.comparingInt(v -> Integer.parseInt(v.getFileName().toString())));
        if (found.isPresent()) {
          return found.get().resolve("bin");
        }
      }
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(folder, "initdb"))) {
        return Path.of(folder).toRealPath();
      }
    }
    throw new IllegalStateException("PostgreSQL's initdb and pgbench are missing; see bin/setup");
  }

  /// The process that all its others come from.
  long pid() {
    try {
      // Its folder is the other user's alone, but we are root then.
      return Long.parseLong(
          Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The JDBC URL of a database.
  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  /// The same without the user, as the server wants it.
  String plainUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /// The URL as clients on Node want it.
  String nodeUrl(String database) {
    return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
  }

  Connection connect(String database) {
    try {
      return DriverManager.getConnection(url(database));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs statements, each in its own transaction.
  void sql(String database, String... statements) {
    try (Connection connection = connect(database);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The only value that a query answers.
  String value(String database, String sql) {
    try (Connection connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes everything to disk, so that a leg does not pay for the one before it.
  void settle() {
    sql("postgres", "CHECKPOINT");
  }

  /// Runs a script with pgbench, on the load generator's core, and answers its transactions per second.
  ///
  /// @param limit such as `-T 20` or `-t 1000`
  double pgbench(
      String database,
      String role,
      int clients,
      List<String> limit,
      Path script,
      Map<String, String> variables) {
    var command =
        new ArrayList<>(
            List.of(
                bin.resolve("pgbench").toString(),
                "-n",
                "-M",
                "prepared",
                "-c",
                Integer.toString(clients),
                "-j",
                "1",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                role,
                "-f",
                script.toString()));
    command.addAll(limit);
    variables.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
    command.add(database);
    String text = Machine.run(command);
    return text.lines()
        .filter(line -> line.startsWith("tps = "))
        .map(line -> Double.parseDouble(line.substring(6).split(" ")[0]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(text));
  }

  /// The version of the programs, such as `15.18`.
  static String installed() throws IOException {
    return Machine.run(List.of(bin().resolve("postgres").toString(), "--version"))
        .strip()
        .split(" ")[2];
  }

  @Override
  public void close() {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      if (Files.exists(folder.resolve("data/postmaster.pid"))) {
        as("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
      }
      Machine.run(List.of("rm", "-rf", folder.toString()));
    } catch (RuntimeException e) {
      System.err.println(e.getMessage());
    }
  }
}
