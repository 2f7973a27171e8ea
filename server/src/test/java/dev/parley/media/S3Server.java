package dev.parley.media;

import dev.parley.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// An S3 server, as a program of its own.
final class S3Server implements AutoCloseable {
  static final String BUCKET = "parley";

  private final Process process;
  private final URI endpoint;

  private S3Server(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  static S3Server start(Path folder) {
    String jar =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.matches(".*/s3mock-[^/]*-exec\\.jar"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("s3mock is not in the class path"));
    try {
      int http = free();
      int https = free();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dcom.adobe.testing.s3mock.store.root=" + folder,
                  "-Dcom.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
                  "-Dcom.adobe.testing.s3mock.http-port=" + http,
                  "-Dserver.port=" + https,
                  "-Dcom.adobe.testing.s3mock.vectors.http-port=0",
                  "-Dcom.adobe.testing.s3mock.vectors.https-port=0",
                  "-jar",
                  jar)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("s3.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      var endpoint = URI.create("http://127.0.0.1:" + http);
      Await.until("the S3 server answers", Duration.ofMinutes(2), () -> answers(process, endpoint));
      return new S3Server(process, endpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(Process process, URI endpoint) {
    if (!process.isAlive()) {
      throw new IllegalStateException("the S3 server has ended");
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
                  HttpRequest.newBuilder(endpoint.resolve("/" + BUCKET))
                      .timeout(Duration.ofSeconds(5))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  S3Storage storage(Path spool, String prefix, boolean redirect) {
    return new S3Storage(
        new S3Storage.Settings(
            endpoint, "us-east-1", BUCKET, prefix, "key", "secret", true, spool, redirect));
  }

  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
