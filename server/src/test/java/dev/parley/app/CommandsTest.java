package dev.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands say when they are used wrongly, and those that start nothing.
class CommandsTest {
  private record Outcome(int code, String errors) {}

  private static Outcome run(String... args) {
    var errors = new StringWriter();
    int code = Main.commands().setErr(new PrintWriter(errors)).execute(args);
    return new Outcome(code, errors.toString());
  }

  @Test
  void allProblemsOfTheConfigurationAreNamedAtOnce() {
    Outcome outcome = run("config", "-s", "htpp.port=1", "-s", "http.port=many", "-s", "workers=0");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains("unknown key htpp.port", "did you mean http.port?")
        .contains("http.port: 'many'", "expected a whole number")
        .contains("workers: '0'", "expected 1 to 64");
  }

  @Test
  void aConfigurationFileThatIsNamedMustBeThere() {
    Outcome outcome = run("config", "--config", "no-such-file.properties");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("no-such-file.properties");
  }

  @Test
  void aTakenPortIsRefusedWithTheOptionThatChoosesAnother(@TempDir Path folder) throws Exception {
    try (var taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String port = Integer.toString(taken.getLocalPort());

      Outcome demo =
          run("demo", "--port", port, "--sandbox-port", "0", "--data", folder.toString());
      Outcome sandbox = run("sandbox", "--port", port);
      Outcome serve = run("serve", "-s", "http.host=127.0.0.1", "-s", "http.port=" + port);

      assertThat(demo.errors()).contains(port).contains("choose another by --port");
      assertThat(sandbox.errors()).contains(port).contains("choose another by --port");
      assertThat(serve.errors()).contains(port).contains("-s http.port=");
      assertThat(List.of(demo.code(), sandbox.code(), serve.code())).containsOnly(1);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anUnknownRoleOfAUserIsRefusedBeforeAnythingStarts() {
    Outcome outcome =
        run(
            "user",
            "create",
            "--tenant",
            "acme",
            "--email",
            "a@b.c",
            "--name",
            "A",
            "--role",
            "boss");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("boss", "read-only");
  }

  @Test
  void theTableHasALineForEachPartInTheOrderOfStarting() {
    assertThat(PartList.table()).hasSize(PartList.values().length);
    assertThat(PartList.table().getFirst()).startsWith("redis").contains("worker");
    assertThat(PartList.table().getLast()).startsWith("node-state").contains("realtime");
  }
}
