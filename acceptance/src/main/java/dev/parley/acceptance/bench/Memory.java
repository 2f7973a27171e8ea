package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How much memory each further client takes: resident, after a collection that is asked for from outside, at two sizes
/// of the crowd. What the server takes by itself, and what it has grown by before the first size, cancels out.
final class Memory {
  private static final int ROUNDS = 2;

  private final long pid;
  private final boolean java;
  private final Duration rest;

  /// @param java whether it is a JVM; else it is Node started with `--expose-gc`, whose program collects at `SIGUSR2`
  Memory(long pid, boolean java, Options options) {
    this.pid = pid;
    this.java = java;
    this.rest = Duration.ofSeconds(options.quick() ? 2 : 10);
  }

  /// Kilobytes for each client between two sizes. The crowd is empty or smaller before, and has the larger size then.
  double slope(Crowd crowd, int port, int from, int to) throws IOException {
    crowd.grow(port, from, Sockets.CONNECTING);
    double before = collected(crowd);
    crowd.grow(port, to, Sockets.CONNECTING);
    double after = collected(crowd);
    System.out.printf("    %d clients: %.1f MB, %d: %.1f MB%n", from, before, to, after);
    return (after - before) * 1024 / (to - from);
  }

  /// Resident megabytes.
  private double collected(Crowd crowd) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      crowd.idle(rest);
      Machine.run(
          java
              ? List.of(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  "GC.run")
              : List.of("kill", "-USR2", Long.toString(pid)));
    }
    crowd.idle(Duration.ofSeconds(1));
    return Machine.residentMegabytes(pid);
  }
}
