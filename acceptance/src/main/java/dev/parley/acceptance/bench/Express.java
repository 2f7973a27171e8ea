package dev.parley.acceptance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The peer on Node: `acceptance/peers/express`, installed when first needed.
final class Express implements AutoCloseable {
  private final @Nullable Process process;
  private final int port;

  private Express(@Nullable Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Installs and starts it on the servers' core. Where that does not go, it says so and is not there.
  static Express start(String databaseUrl, Launched.Channel[] channels) {
    try {
      Path source = Launched.root().resolve("acceptance/peers/express");
      Path folder = Launched.root().resolve("acceptance/target/peers/express");
      Files.createDirectories(folder);
      for (String file : List.of("package.json", "package-lock.json", "server.js")) {
        Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Files.exists(folder.resolve("node_modules/pg"))) {
        Machine.run(List.of("npm", "ci", "--no-audit", "--no-fund", "--prefix", folder.toString()));
      }
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      var builder =
          new ProcessBuilder(
              Machine.onServerCore(List.of("node", folder.resolve("server.js").toString())));
      builder.environment().put("NODE_ENV", "production");
      builder.environment().put("PORT", Integer.toString(port));
      builder
          .environment()
          .put(
              "APP_SECRETS",
              String.join(",", Stream.of(channels).map(c -> c.number().appSecret()).toList()));
      builder.environment().put("TENANT", channels[0].tenantId());
      builder.environment().put("DATABASE_URL", databaseUrl);
      Process process = builder.inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      awaitListening(port);
      return new Express(process, port);
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      System.err.println("The comparison with Express is left out: " + e.getMessage());
      return new Express(null, 0);
    }
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

  /// The version of Node.
  static String installed() {
    try {
      return Machine.run(List.of("node", "--version")).strip().substring(1);
    } catch (UncheckedIOException e) {
      return "is not installed";
    }
  }

  boolean isThere() {
    return process != null;
  }

  long pid() {
    return process == null ? 0 : process.pid();
  }

  int port() {
    return port;
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
