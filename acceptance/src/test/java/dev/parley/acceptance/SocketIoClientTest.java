package dev.parley.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.OfficialClient;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The official npm client of Socket.IO, unchanged: against the server's Socket.IO code with a handler that echoes, and
/// against Parley. The scenarios are in `acceptance/clients/socketio`.
class SocketIoClientTest {
  @BeforeAll
  static void needsNode() {
    assumeTrue(OfficialClient.isThere(), "Node and npm are not installed");
  }

  @TestFactory
  Stream<DynamicTest> theProtocol() throws IOException {
    Path server = Folders.repository().resolve("server/target");
    Process echo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                server.resolve("test-classes") + File.pathSeparator + Folders.jar(),
                "dev.parley.realtime.socketio.EchoServer",
                "0")
            .redirectErrorStream(true)
            .start();
    try {
      return tests(
          OfficialClient.run(
              "generic", "http://127.0.0.1:" + port(echo), Map.of(), SocketIoClientTest::never));
    } finally {
      echo.destroyForcibly();
    }
  }

  private static int port(Process echo) throws IOException {
    String said = "listening on ";
    BufferedReader lines = echo.inputReader(StandardCharsets.UTF_8);
    var all = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(said)) {
        return Integer.parseInt(line.substring(said.length()));
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("it does not start:\n" + all);
  }

  private static void never() {
    throw new AssertionError("nothing was to be restarted");
  }

  @TestFactory
  Stream<DynamicTest> parley() {
    Path folder = Folders.temporary("socketio");
    try (Sandbox sandbox = Sandbox.start();
        Parley server =
            Parley.start(
                Parley.Options.in(folder)
                    .sandbox(sandbox)
                    .set("queue.poll", "100ms")
                    .set("realtime.heartbeat", "2s"))) {
      Tenant tenant = Fixture.make(server, sandbox).acme();
      JsonNode revoked = tenant.as("admin").createKey("to be revoked", Tenant.SCOPES);
      String token =
          server
              .api()
              .post(
                  "/api/v1/auth/login",
                  Json.of(
                      "email",
                      "agent@acme.example",
                      "password",
                      Tenant.password("acme"),
                      "tenant",
                      "acme"))
              .ok()
              .path("accessToken")
              .asText();
      return tests(
          OfficialClient.run(
              "parley",
              server.url().toString(),
              Map.of("TOKEN", token, "API_KEY", tenant.key(), "REVOKED", revoked.toString()),
              () -> {
                server.kill();
                server.start();
              }));
    } finally {
      Folders.delete(folder);
    }
  }

  private static Stream<DynamicTest> tests(List<OfficialClient.Result> results) {
    return results.stream()
        .map(
            result ->
                DynamicTest.dynamicTest(
                    result.scenario(),
                    () -> {
                      if (!result.failure().isEmpty()) {
                        throw new AssertionError(result.failure());
                      }
                    }));
  }
}
