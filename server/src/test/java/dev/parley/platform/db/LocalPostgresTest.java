package dev.parley.platform.db;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class LocalPostgresTest {
  @TempDir Path folder;

  @Test
  void keepsDataPasswordAndOwnerOverARestart() throws Exception {
    String password;
    try (LocalPostgres first = LocalPostgres.start(folder)) {
      password = first.ownerPassword().reveal();
      run(first, "create table kept (word text)");
      run(first, "insert into kept values ('still here')");
    }
    try (LocalPostgres second = LocalPostgres.start(folder)) {
      assertThat(ask(second, "select word from kept")).isEqualTo("still here");
      assertThat(second.ownerPassword().reveal()).isEqualTo(password);
    }
  }

  @Test
  void closingStopsTheServerAndASecondCloseDoesNothing() throws Exception {
    LocalPostgres server = LocalPostgres.start(folder);
    server.close();
    assertThatThrownBy(() -> connect(server, server.ownerPassword().reveal()))
        .isInstanceOf(SQLException.class);
    try (LocalPostgres next = LocalPostgres.start(folder)) {
      server.close();
      assertThat(ask(next, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void everyConnectionNeedsThePassword() throws Exception {
    try (LocalPostgres server = LocalPostgres.start(folder)) {
      assertThatThrownBy(() -> connect(server, "guess"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(
              ask(
                  server,
                  "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'"))
          .isEqualTo("0");
      assertThat(
              ask(
                  server,
                  "select count(*) from pg_authid where rolpassword like 'SCRAM-SHA-256$%'"))
          .isEqualTo("1");
      assertThat(Files.getPosixFilePermissions(folder.resolve("postgres.password")))
          .containsExactlyInAnyOrder(
              PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      assertThat(server.ownerPassword().toString()).doesNotContain(server.ownerPassword().reveal());
    }
  }

  @Test
  void listensOnTheLoopbackOnly() throws Exception {
    try (LocalPostgres server = LocalPostgres.start(folder)) {
      for (InetAddress address : outerAddresses()) {
        assertThatThrownBy(() -> new Socket(address, server.port()).close())
            .isInstanceOf(IOException.class);
      }
      assertThat(ask(server, "show unix_socket_directories")).isEmpty();
    }
  }

  @Test
  void whatIsCommittedIsOnDiskAndTextIsUnicode() throws Exception {
    try (LocalPostgres server = LocalPostgres.start(folder)) {
      for (String setting :
          List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
        assertThat(ask(server, "show " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(ask(server, "show max_connections")).isEqualTo("200");
      assertThat(ask(server, "show server_encoding")).isEqualTo("UTF8");
      assertThat(ask(server, "select lower('ÀÉЖ')")).isEqualTo("àéж");
      assertThat(
              ask(
                  server,
                  "select to_tsvector('simple', 'مرحبا، كيف') @@ to_tsquery('simple', 'مرحبا')"))
          .isEqualTo("t");
    }
  }

  @Test
  void aFolderBelongsToOneHolderInAProcess() throws Exception {
    try (LocalPostgres holder = LocalPostgres.start(folder)) {
      refusesASecondStart(ProcessHandle.current().pid());
      refusesASecondStart(ProcessHandle.current().pid());
      assertThat(ask(holder, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void aFolderBelongsToOneProcessAndOutlivesItsKilling() throws Exception {
    Process holder = startElsewhere(System.getenv("PATH"));
    try (BufferedReader output = holder.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).isEqualTo("committed");
      refusesASecondStart(holder.pid());
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(10, SECONDS)).isTrue();
    assertThat(new Postmaster(data()).running()).as("the server outlives its starter").isPresent();

    try (LocalPostgres server = LocalPostgres.start(folder)) {
      assertThat(ask(server, "select word from kept")).isEqualTo("written before the kill");
    }
    assertThat(new Postmaster(data()).running()).isEmpty();
  }

  /// As in most containers. Where the programs are found decides what the library can do.
  @Test
  void rootWithoutNamespacesRunsTheServerAsNobodyAndCanGoBack(@TempDir Path programs)
      throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    for (String program : List.of("sh", "setpriv")) {
      Files.createSymbolicLink(programs.resolve(program), Path.of("/usr/bin", program));
    }
    Process holder = startElsewhere(programs.toString());
    try (BufferedReader output = holder.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).isEqualTo("committed");
      assertThat(Files.getAttribute(data(), "unix:uid")).isEqualTo(Rights.NOBODY_ID);
      assertThat(new Postmaster(data()).running()).isPresent();
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(10, SECONDS)).isTrue();

    try (LocalPostgres server = LocalPostgres.start(folder)) {
      assertThat(ask(server, "select word from kept")).isEqualTo("written before the kill");
    }
  }

  @Test
  void aPidFileThatNamesAnotherProgramIsLeftOver() throws Exception {
    LocalPostgres.start(folder).close();
    Process innocent = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(data().resolve("postmaster.pid"), innocent.pid() + "\n" + data() + "\n");
      try (LocalPostgres server = LocalPostgres.start(folder)) {
        assertThat(ask(server, "select 1")).isEqualTo("1");
      }
      assertThat(innocent.isAlive()).isTrue();
    } finally {
      innocent.destroyForcibly();
    }
  }

  @Test
  void anInterruptedInitialisationIsBegunAgain() throws Exception {
    Files.createDirectories(data().resolve("base"));
    Files.writeString(data().resolve("postgresql.conf"), "half");
    Files.createFile(folder.resolve("postgres.initialising"));
    try (LocalPostgres server = LocalPostgres.start(folder)) {
      assertThat(ask(server, "select 1")).isEqualTo("1");
    }
    assertThat(folder.resolve("postgres.initialising")).doesNotExist();
  }

  /// Both are seen in the server's log; the first before the server runs, the second by its own doing.
  @ParameterizedTest
  @CsvSource({"shared_buffers = banana, banana", "shared_preload_libraries = nosuch, nosuch"})
  void aFailedStartSaysWhyAtOnceAndCanBeRepeated(String line, String cause) throws Exception {
    LocalPostgres.start(folder).close();
    Path conf = data().resolve("postgresql.conf");
    String good = Files.readString(conf);
    Files.writeString(conf, good + line + "\n");
    long start = System.nanoTime();
    assertThatThrownBy(() -> LocalPostgres.start(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.toRealPath().toString())
        .hasMessageContaining(cause);
    assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(10));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();

    Files.writeString(conf, good);
    LocalPostgres.start(folder).close();
  }

  @Test
  void aLostPasswordIsNotReplacedSilently() throws Exception {
    LocalPostgres.start(folder).close();
    Files.delete(folder.resolve("postgres.password"));
    assertThatThrownBy(() -> LocalPostgres.start(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("postgres.password");
  }

  /// Starts the server in a process of its own, writes a row and waits to be killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      LocalPostgres server = LocalPostgres.start(Path.of(args[0]));
      run(server, "create table kept (word text)");
      run(server, "insert into kept values ('written before the kill')");
      System.out.println("committed");
      System.in.read();
    }
  }

  private Process startElsewhere(String path) throws IOException {
    var java =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Djava.util.logging.manager=" + System.getProperty("java.util.logging.manager"),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            folder.toString());
    java.environment().put("PATH", path);
    return java.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void refusesASecondStart(long holder) throws IOException {
    assertThatThrownBy(() -> LocalPostgres.start(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in use by process " + holder)
        .hasMessageContaining(folder.toRealPath().toString());
  }

  private Path data() throws IOException {
    return folder.toRealPath().resolve("pgdata");
  }

  private static List<InetAddress> outerAddresses() throws IOException {
    return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .toList();
  }

  private static Connection connect(LocalPostgres server, String password) throws SQLException {
    return DriverManager.getConnection(server.url("postgres"), server.ownerUser(), password);
  }

  private static void run(LocalPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server, server.ownerPassword().reveal());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(LocalPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server, server.ownerPassword().reveal());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
