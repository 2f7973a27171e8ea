package dev.parley.acceptance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// nginx as a peer that stores by PUT and serves a folder: the installed one, else Debian's package unpacked into the
/// build's folder when first needed.
final class Nginx implements AutoCloseable {
  private final @Nullable Process process;
  private final int port;
  private final Path root;

  private Nginx(@Nullable Process process, int port, Path root) {
    this.process = process;
    this.port = port;
    this.root = root;
  }

  /// Starts it on the servers' core over that folder. Where that does not go, it says so and is not there.
  static Nginx start(Path folder) {
    try {
      Path program = program();
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      Path config = folder.resolve("nginx.conf");
      Path root = Files.createDirectories(folder.resolve("root"));
      Files.createDirectories(folder.resolve("temp"));
      Files.writeString(
          config,
          """
          daemon off;
          worker_processes 1;
          user root;
          pid %1$s/nginx.pid;
          error_log %1$s/error.log;
          events { worker_connections 64; }
          http {
            access_log off;
            sendfile on;
            tcp_nopush on;
            client_max_body_size 0;
            client_body_temp_path %1$s/temp;
            proxy_temp_path %1$s/temp; fastcgi_temp_path %1$s/temp;
            uwsgi_temp_path %1$s/temp; scgi_temp_path %1$s/temp;
            server { listen 127.0.0.1:%2$d; root %3$s; dav_methods PUT; }
          }
          """
              .formatted(folder, port, root));
      if (!System.getProperty("user.name").equals("root")) {
        Files.writeString(config, Files.readString(config).replace("user root;\n", ""));
      }
      Process process =
          new ProcessBuilder(
                  Machine.onServerCore(List.of(program.toString(), "-c", config.toString())))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("nginx.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      awaitListening(port);
      return new Nginx(process, port, root);
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      System.err.println("The comparison with nginx is left out: " + e.getMessage());
      return new Nginx(null, 0, folder);
    }
  }

  private static Path program() throws IOException {
    for (String place : List.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")) {
      if (Files.isExecutable(Path.of(place))) {
        return Path.of(place);
      }
    }
    Path folder = Files.createDirectories(Launched.root().resolve("acceptance/target/peers/nginx"));
    Path unpacked = folder.resolve("usr/sbin/nginx");
    if (!Files.isExecutable(unpacked)) {
      Machine.run(
          List.of(
              "sh",
              "-c",
              "cd '%s' && apt-get -qq download nginx && dpkg -x nginx_*.deb .".formatted(folder)));
    }
    return unpacked;
  }

  private static void awaitListening(int port) throws IOException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  boolean isThere() {
    return process != null;
  }

  int port() {
    return port;
  }

  /// Hashes what it has stored under a path and forces it to the disk, on the servers' core.
  void hashAndSync(String path) {
    String file = root + path;
    Machine.run(
        Machine.onServerCore(
            List.of("sh", "-c", "sha256sum '%1$s' && sync '%1$s'".formatted(file))));
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
