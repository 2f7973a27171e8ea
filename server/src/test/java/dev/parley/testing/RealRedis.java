package dev.parley.testing;

import dev.parley.platform.cache.RedisClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The system's Redis on a free port of loopback, which a test can empty, pause, kill and start again.
public final class RealRedis implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();

  private final Path program;
  private final int port;
  private @Nullable Process process;

  private RealRedis(Path program, int port) {
    this.program = program;
    this.port = port;
  }

  /// Whether the system has one.
  public static boolean installed() {
    return program().isPresent();
  }

  private static Optional<Path> program() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one; throws `NoSuchElementException` where it is not [#installed].
  public static RealRedis start() {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var redis = new RealRedis(program().orElseThrow(), port);
    redis.startAgain();
    return redis;
  }

  /// Starts it after [#kill], empty.
  public void startAgain() {
    try {
      process =
          new ProcessBuilder(
                  program.toString(),
                  "--port",
                  Integer.toString(port),
                  "--bind",
                  "127.0.0.1",
                  "--save",
                  "",
                  "--appendonly",
                  "no")
              .directory(Files.createTempDirectory("redis").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until("redis listens", this::listens);
  }

  private boolean listens() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /// Ends it as `kill -9` does.
  public void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
      try {
        current.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// It hangs until [#goOn].
  public void pause() {
    signal("STOP");
  }

  /// Ends [#pause].
  public void goOn() {
    signal("CONT");
  }

  private void signal(String name) {
    Process current = process;
    if (current == null) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(current.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Its address.
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /// A client that is not started yet.
  public RedisClient client() {
    return RedisClient.to(VERTX, new RedisClient.Settings(url(), null, Duration.ofSeconds(2)));
  }

  /// Starts clients and waits until all of them are connected.
  public static void connect(RedisClient... clients) {
    List.of(clients).forEach(RedisClient::start);
    for (RedisClient client : clients) {
      Await.until("connected", () -> client.state() == RedisClient.State.UP);
    }
  }

  @Override
  public void close() {
    goOn();
    kill();
  }
}
