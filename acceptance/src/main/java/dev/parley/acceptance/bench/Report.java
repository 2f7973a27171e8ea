package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Puts the table of a run between the markers in `docs/performance.md`; what people wrote around them stays.
final class Report {
  private static final String BEGIN = "<!-- figures: written by bin/bench --markdown -->";
  private static final String END = "<!-- end of the figures -->";

  private Report() {}

  static void write(Figures figures, String command) throws IOException {
    Path file = Launched.root().resolve("docs/performance.md");
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(file + " has no place for the figures");
    }
    String taken =
        "`%s` on %s, %s.%nJava %s, PostgreSQL %s, Node %s. Load average at the end %.2f.%n%n"
            .formatted(
                command,
                LocalDate.now(ZoneOffset.UTC),
                Machine.description(),
                System.getProperty("java.version"),
                Cluster.installed(),
                Express.installed(),
                Machine.loadAverage());
    Files.writeString(
        file,
        text.substring(0, begin)
            + BEGIN
            + "\n\n"
            + taken
            + figures.table()
            + "\n"
            + text.substring(end));
    System.out.println("\nwritten into " + file);
  }
}
