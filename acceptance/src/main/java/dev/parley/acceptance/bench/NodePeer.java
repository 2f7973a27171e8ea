package dev.parley.acceptance.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A peer on Node, of `acceptance/peers`: installed when first needed, and run on the servers' core.
final class NodePeer implements AutoCloseable {
  private final Process process;
  private final int port;

  private NodePeer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it and waits until it says that it is ready.
  static NodePeer start(String name) throws IOException {
    return start(name, Map.of());
  }

  /// The same with more in its environment.
  static NodePeer start(String name, Map<String, String> more) throws IOException {
    Path source = Launched.root().resolve("acceptance/peers/" + name);
    Path folder = Launched.root().resolve("acceptance/target/peers/" + name);
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "package-lock.json", "server.js")) {
      Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(folder.resolve("node_modules"))) {
      Machine.run(List.of("npm", "ci", "--no-audit", "--no-fund", "--prefix", folder.toString()));
    }
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var builder =
        new ProcessBuilder(
            Machine.onServerCore(
                List.of("node", "--expose-gc", folder.resolve("server.js").toString())));
    builder.environment().put("NODE_ENV", "production");
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().putAll(more);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    awaitReady(process, "ready");
    return new NodePeer(process, port);
  }

  /// Waits until the process has printed a line that begins so.
  static void awaitReady(Process process, String word) throws IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(word)) {
        return;
      }
    }
    throw new IOException("it ended before it was ready");
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    end(process);
  }

  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
