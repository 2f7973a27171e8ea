package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The clients in `docs/realtime.md`, as they stand there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveExamplesTest {
  private static final Duration START = Duration.ofSeconds(40);
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Path folder = Folders.temporary("examples");

  @AfterAll
  void end() {
    Folders.delete(folder);
  }

  private static String example(String language) throws IOException {
    String document = Files.readString(Path.of("..", "docs", "realtime.md"));
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String token(Api caller) {
    return String.valueOf(caller.headers().get("Authorization")).substring("Bearer ".length());
  }

  private static boolean runs(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void javaScript() throws IOException {
    var node = new ArrayList<>(List.of("node"));
    if (!runs("node", "-e", "new WebSocket('ws://127.0.0.1:1').onerror = () => process.exit(0)")) {
      node.add("--experimental-websocket");
    }
    assumeTrue(runs(node.getFirst(), node.getLast(), "-e", "WebSocket"), "no node with WebSocket");
    Path file = Files.writeString(folder.resolve("live.mjs"), example("javascript"));
    node.addAll(
        List.of(
            file.toString(),
            "ws://" + world.server.url().getAuthority() + "/ws",
            token(acme.as("agent"))));
    tells(node);
  }

  @Test
  void python() throws IOException {
    assumeTrue(runs("python3", "--version"), "no python3");
    Path file = Files.writeString(folder.resolve("live.py"), example("python"));
    tells(
        List.of(
            "python3",
            file.toString(),
            world.server.url() + "/api/v1/stream",
            token(acme.as("agent"))));
  }

  @Test
  void java() throws IOException {
    Path file = Files.writeString(folder.resolve("Live.java"), example("java"));
    tells(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            file.toString(),
            world.server.url() + "/api/v1/stream",
            token(acme.as("agent"))));
  }

  /// Starts the client, says something again and again until it is heard, and then something once.
  private void tells(List<String> command) throws IOException {
    var agent = Json.of("userId", acme.userIds().get("agent"));
    String group =
        acme.as("manager")
            .post(
                "/api/v1/chats",
                Json.of("kind", "group", "title", "Example", "participants", List.of(agent)))
            .ok()
            .path("id")
            .asText();
    Path output = folder.resolve("output-" + command.size() + System.nanoTime());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      Wait.until(
          "it hears something",
          START,
          () -> {
            acme.as("manager").sendText(group, "are you there?");
            Wait.pause(Duration.ofMillis(300));
            return read(output);
          },
          text -> text.contains("are you there?"));
      acme.as("manager").sendText(group, "good, then: ümläut");
      Wait.until(
          "it hears the rest",
          World.SOON,
          () -> read(output),
          text -> text.contains("good, then: ümläut"));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
