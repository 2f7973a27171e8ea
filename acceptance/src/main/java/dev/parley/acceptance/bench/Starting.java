package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// From the launcher to the first 200 of `/health/ready`, with all roles and the embedded database, whose folder is there
/// already; and what it holds in memory after half a minute without work.
final class Starting {
  private Starting() {}

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try {
      Launched.start(data, "all", List.of(), false).close();
      var seconds = new ArrayList<Double>();
      for (int i = 0; i < (options.quick() ? 2 : 7); i++) {
        Machine.say("start");
        try (Launched parley = Launched.start(data, "all", List.of(), false)) {
          seconds.add(parley.readyAfter().toNanos() / 1e9);
        }
      }
      figures.atMost(
          "start to ready, median of " + seconds.size() + ", embedded database included",
          Figures.median(seconds),
          2,
          "s");
      try (Launched parley = Launched.start(data, "all", List.of(), false)) {
        LockSupport.parkNanos(options.quick() ? 5_000_000_000L : 30_000_000_000L);
        figures.atMost(
            "resident memory, idle for 30 s, all roles",
            Machine.residentMegabytes(parley.pid()),
            250,
            "MB");
        double database = 0;
        for (long pid : Launched.embeddedDatabase(data)) {
          database += Machine.proportionalMegabytes(pid);
        }
        System.out.printf("    and its PostgreSQL %.0f MB%n", database);
        figures.note("The embedded PostgreSQL beside it holds %.0f MB.".formatted(database));
      }
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }
}
