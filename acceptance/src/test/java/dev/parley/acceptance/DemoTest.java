package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Parley;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `parley demo --once` shows every message and receipt, whoever answers, and does so again on the same data.
class DemoTest {
  @Test
  void itEndsWellAgainAndAgain() throws IOException {
    Path folder = Folders.temporary("demo");
    for (String desk : List.of("genesys", "inbox", "genesys")) {
      Parley.Ran ran =
          Parley.run(
              folder,
              "demo",
              "--once",
              "--desk=" + desk,
              "--data",
              folder.resolve("data").toString(),
              "--port",
              Integer.toString(free()),
              "--sandbox-port",
              Integer.toString(free()),
              "--genesys-port",
              Integer.toString(free()));

      assertThat(ran.code()).as("%s: %s", desk, ran.output()).isZero();
    }
    Folders.delete(folder);
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
