package dev.parley.acceptance.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The benchmarks by name, and the run of them.
public final class Benchmarks {
  private static final String USAGE =
      """
      usage: bin/bench [NAME…] [--quick] [--markdown] [--rows=N]
             bin/bench faults [ARGUMENTS]
             bin/bench chaos [ARGUMENTS]; chaos --help says which

        NAME        of intake, process, files, start, growth, thumbnails, media-hang, sockets,
                    idle-sockets, live, presence, api-log, genesys, scroll, paint; without one all of them
        --quick     shorter and fewer legs: whether it works, not how fast it is
        --markdown  write the table into docs/performance.md
        --rows=N    stored messages in the smaller database of growth; the larger one has ten times as many
      """;

  private interface Benchmark {
    void run(Options options, Figures figures) throws IOException;
  }

  private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

  static {
    ALL.put("intake", Intake::run);
    ALL.put("process", Processing::run);
    ALL.put("files", FileTransfer::run);
    ALL.put("start", Starting::run);
    ALL.put("growth", Growth::run);
    ALL.put("thumbnails", Thumbnails::run);
    ALL.put("media-hang", MediaHang::run);
    ALL.put("sockets", Sockets::run);
    ALL.put("idle-sockets", IdleSockets::run);
    ALL.put("live", LiveLatency::run);
    ALL.put("presence", PresenceEngine::run);
    ALL.put("api-log", ApiLogCost::run);
    ALL.put("genesys", GenesysBridge::run);
    ALL.put("scroll", LongLists::run);
    ALL.put("paint", Painting::run);
  }

  private Benchmarks() {}

  /// Runs what the arguments name and prints the table. Answers the exit code: 2 for arguments that it does not know.
  public static int run(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    var names = new ArrayList<String>();
    boolean quick = false;
    boolean markdown = false;
    long rows = 0;
    for (String arg : args) {
      if (arg.equals("--quick")) {
        quick = true;
      } else if (arg.equals("--markdown")) {
        markdown = true;
      } else if (arg.matches("--rows=\\d+")) {
        rows = Long.parseLong(arg.substring(7));
      } else if (ALL.containsKey(arg)) {
        names.add(arg);
      } else {
        System.err.print(USAGE);
        return 2;
      }
    }
    if (rows == 0) {
      rows = quick ? 20_000 : 300_000;
    }
    var options =
        new Options(names.isEmpty() ? List.copyOf(ALL.keySet()) : names, quick, rows, markdown);
    Launched.prepare();
    Machine.pinLoad();
    var figures = new Figures();
    for (String name : options.names()) {
      System.out.println(name);
      Objects.requireNonNull(ALL.get(name)).run(options, figures);
    }
    System.out.println();
    System.out.print(figures.table());
    if (markdown) {
      Report.write(figures, "bin/bench" + (args.length == 0 ? "" : " " + String.join(" ", args)));
    }
    return 0;
  }
}
