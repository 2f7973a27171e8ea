package dev.parley.acceptance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A Redis of the system's packages, in memory alone, that can be killed, held up and started again under the servers.
public final class ExternalRedis implements AutoCloseable {
  private final Path program;
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private ExternalRedis(Path program, Path folder, int port) {
    this.program = program;
    this.folder = folder;
    this.port = port;
  }

  /// Whether the system has one.
  public static boolean installed() {
    return program("redis-server").isPresent();
  }

  static Optional<Path> program(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one on a free port; throws `NoSuchElementException` where there is none.
  public static ExternalRedis start(Path folder) {
    var redis = new ExternalRedis(program("redis-server").orElseThrow(), folder, Ports.free());
    redis.start();
    return redis;
  }

  /// Starts it after [#kill()], empty. Returns when it listens.
  public void start() {
    try {
      Files.createDirectories(folder);
      process =
          new ProcessBuilder(
                  List.of(
                      program.toString(),
                      "--port",
                      Integer.toString(port),
                      "--bind",
                      "127.0.0.1",
                      "--save",
                      "",
                      "--appendonly",
                      "no"))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("redis.log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Wait.until("redis listens", Duration.ofSeconds(10), this::listens);
  }

  private boolean listens() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /// Kills it as `kill -9` does; what was in it is gone.
  public void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
      try {
        current.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  /// Its address, for `redis.url`.
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /// Its port.
  public int port() {
    return port;
  }

  @Override
  public void close() {
    kill();
  }
}
