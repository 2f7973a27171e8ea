package dev.parley.acceptance.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sockets: fan-out by the server's Socket.IO code alone against socket.io and `ws`; and [IdleSockets].
final class Sockets {
  static final Duration CONNECTING = Duration.ofMinutes(3);

  private final Options options;
  private final Figures figures;

  private Sockets(Options options, Figures figures) {
    this.options = options;
    this.figures = figures;
  }

  static void run(Options options, Figures figures) throws IOException {
    var sockets = new Sockets(options, figures);
    sockets.fanOut("1 room × %,d".formatted(sockets.crowd(10_000)), sockets.crowd(10_000), 0, 1);
    sockets.fanOut(
        "%,d rooms × 3".formatted(sockets.crowd(15_000) / 3), sockets.crowd(15_000), 3, 64);
  }

  /// As many as asked for, or as few as can be open twice: ours and a peer's clients are connected at the same time.
  private int crowd(int full) {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : Integer.MAX_VALUE;
    int most = (int) Math.min(full, (files - 1000) / 2) / 300 * 300;
    return options.quick() ? full / 5 : most;
  }

  /// A server under measurement.
  interface Server extends AutoCloseable {
    int port();

    long pid();

    @Override
    void close() throws IOException;
  }

  private static Server ours() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path server = Launched.root().resolve("server/target");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms48m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            server.resolve("test-classes")
                + File.pathSeparator
                + server.resolve("parley-runner.jar"),
            "dev.parley.realtime.socketio.EchoServer",
            Integer.toString(port));
    Process process =
        new ProcessBuilder(Machine.onServerCore(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    NodePeer.awaitReady(process, "listening");
    return new Server() {
      @Override
      public int port() {
        return port;
      }

      @Override
      public long pid() {
        return process.pid();
      }

      @Override
      public void close() {
        NodePeer.end(process);
      }
    };
  }

  static Server node(String name) throws IOException {
    NodePeer peer = NodePeer.start(name);
    return new Server() {
      @Override
      public int port() {
        return peer.port();
      }

      @Override
      public long pid() {
        return peer.pid();
      }

      @Override
      public void close() {
        peer.close();
      }
    };
  }

  /// A server and the clients in its rooms, who stay for all legs.
  private final class Side implements AutoCloseable {
    final String name;
    final int perRoom;
    final int underWay;
    final Server server;
    final Crowd crowd;
    final List<Leg> legs = new ArrayList<>();
    final List<Double> p99 = new ArrayList<>();

    Side(String name, Server server, Speech speech, int size, int perRoom, int underWay)
        throws IOException {
      this.name = name;
      this.perRoom = perRoom == 0 ? size : perRoom;
      this.underWay = underWay;
      this.server = server;
      this.crowd = Crowd.connect(server.port(), speech, size, CONNECTING);
      crowd.join(this.perRoom);
      // Compilers get warm by work done, not by time.
      long most = options.quick() ? 300_000 : 2_000_000;
      for (long warm = 0; warm < most; ) {
        warm += crowd.fan(this.perRoom, underWay, Duration.ofSeconds(5)).deliveries();
      }
    }

    void leg() throws IOException {
      Machine.say("sockets: " + name);
      double cpu = Cpu.seconds(List.of(server.pid()));
      Crowd.Outcome outcome = crowd.fan(perRoom, underWay, options.leg());
      cpu = Cpu.seconds(List.of(server.pid())) - cpu;
      legs.add(new Leg(outcome.deliveries() / cpu, cpu * 1e6 / outcome.deliveries()));
      p99.add(outcome.millis(99));
      System.out.printf(
          Locale.ROOT,
          "    %,.0f deliveries a processor second, %,.0f a second, p99 %.0f ms%n",
          outcome.deliveries() / cpu,
          outcome.perSecond(),
          outcome.millis(99));
    }

    void rest() throws IOException {
      crowd.turn(0);
    }

    /// Answers the server's pings, as long as it takes to make the other side, until the answer is run.
    Runnable keepAlive() {
      var over = new AtomicBoolean();
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!over.get()) {
                        crowd.turn(50);
                      }
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      return () -> {
        over.set(true);
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      };
    }

    @Override
    public void close() throws IOException {
      crowd.close();
      server.close();
    }
  }

  private void fanOut(String what, int size, int perRoom, int underWay) throws IOException {
    try (var ours =
        new Side("Parley, " + what, ours(), Speech.SOCKET_IO, size, perRoom, underWay)) {
      for (String peer : List.of("socketio", "ws")) {
        Speech speech = peer.equals("ws") ? Speech.PLAIN : Speech.SOCKET_IO;
        Runnable alive = ours.keepAlive();
        try (var theirs =
            new Side(peer + ", " + what, node(peer), speech, size, perRoom, underWay)) {
          alive.run();
          ours.legs.clear();
          for (int round = 0; round < options.rounds(); round++) {
            ours.leg();
            theirs.rest();
            theirs.leg();
            ours.rest();
          }
          figures.ratio(
              "fan-out, " + what + ", deliveries per processor second",
              ours.legs,
              peer.equals("ws") ? "ws" : "socket.io 4.8",
              theirs.legs,
              peer.equals("ws") ? 1 : 2);
          figures.note(
              "Fan-out, %s, p99: ours %.0f ms, %s %.0f ms."
                  .formatted(what, Figures.median(ours.p99), peer, Figures.median(theirs.p99)));
        }
      }
      figures.atMost("fan-out, " + what + ", p99", Figures.median(ours.p99), 200, "ms");
    }
  }
}
