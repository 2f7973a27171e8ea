package dev.parley.acceptance;

import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Ports;
import dev.parley.acceptance.driver.Wait;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/// An S3 server with one bucket, as a program of its own. It checks no signatures.
final class S3Server implements AutoCloseable {
  static final String BUCKET = "parley";

  private final Process process;
  private final URI endpoint;

  private S3Server(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /// Launches it on that folder and does not wait.
  static S3Server begin(Path folder) {
    String jar =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.matches(".*/s3mock-[^/]*-exec\\.jar"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("s3mock is not in the class path"));
    try {
      Files.createDirectories(folder);
      int port = Ports.free();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dcom.adobe.testing.s3mock.store.root=" + folder,
                  "-Dcom.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
                  "-Dcom.adobe.testing.s3mock.http-port=" + port,
                  "-Dserver.port=" + Ports.free(),
                  "-Dcom.adobe.testing.s3mock.vectors.http-port=0",
                  "-Dcom.adobe.testing.s3mock.vectors.https-port=0",
                  "-jar",
                  jar)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("s3.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new S3Server(process, URI.create("http://127.0.0.1:" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns when it answers.
  void await() {
    Wait.until("the S3 server answers", Duration.ofMinutes(2), this::answers);
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the S3 server has ended");
    }
    try {
      return Http.call("GET", endpoint.resolve("/" + BUCKET), Map.of(), null).status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  URI endpoint() {
    return endpoint;
  }

  /// Whether there is such an object.
  boolean has(String key) {
    return Http.call("HEAD", endpoint.resolve("/" + BUCKET + "/" + key), Map.of(), null).status()
        == 200;
  }

  /// Deletes an object behind the program's back.
  void lose(String key) {
    Http.call("DELETE", endpoint.resolve("/" + BUCKET + "/" + key), Map.of(), null).expect(204);
  }

  /// Puts an object that nobody knows.
  void plant(String key, byte[] bytes) {
    Http.call("PUT", endpoint.resolve("/" + BUCKET + "/" + key), Map.of(), bytes).expect(200);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
