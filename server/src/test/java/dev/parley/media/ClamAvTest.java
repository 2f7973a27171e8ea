package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scanning by the real daemon of ClamAV, Debian's package clamav-daemon; skipped where it is not installed. Its
/// signatures come from the internet, so this has one of its own: that of the EICAR test file.
class ClamAvTest {
  private static final Path PROGRAM = Path.of("/usr/sbin/clamd");

  // In two pieces, or scanners would find it in this very file.
  private static final byte[] EICAR =
      ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
          .getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder = Path.of("unused");

  private Process start(Path socket) throws IOException {
    Path signatures = Files.createDirectory(folder.resolve("signatures"));
    // MD5, size, name: the form of a .hdb file.
    Files.writeString(
        signatures.resolve("eicar.hdb"), "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test\n");
    Path config = folder.resolve("clamd.conf");
    Files.writeString(
        config,
        """
        Foreground yes
        DatabaseDirectory %s
        LocalSocket %s
        TemporaryDirectory %s
        StreamMaxLength 2M
        """
            .formatted(signatures, socket, folder));
    return new ProcessBuilder(PROGRAM.toString(), "--config-file=" + config)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("clamd.log").toFile())
        .start();
  }

  @Test
  void theRealDaemonIsUnderstood() throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "clamav-daemon is not installed");
    Path socket = folder.resolve("s");
    Process process = start(socket);
    try {
      Scanner scanner = Scanner.at(socket.toString(), Duration.ofSeconds(20));
      Await.until(
          "the daemon answers",
          Duration.ofMinutes(1),
          () -> {
            assertThat(process.isAlive()).isTrue();
            return scanner.answers();
          });

      assertThat(scanner.scan(new ByteArrayInputStream(new byte[100_000])))
          .isEqualTo(new Scanner.Verdict.Clean());
      assertThat(scanner.scan(new ByteArrayInputStream(EICAR)))
          .isInstanceOfSatisfying(
              Scanner.Verdict.Infected.class,
              found -> assertThat(found.threat()).contains("Eicar-Test"));
      assertThat(scanner.scan(new ByteArrayInputStream(new byte[8 << 20])))
          .isEqualTo(new Scanner.Verdict.TooLarge());
    } finally {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
