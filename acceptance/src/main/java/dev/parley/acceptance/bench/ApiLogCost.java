package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What the log of calls costs a call: two servers that differ in that alone read a page of contacts by turns, at a rate
/// that is half of their peak. The call is one of the cheapest there are, so the log's share is at its greatest.
final class ApiLogCost {
  private static final int CONNECTIONS = 32;
  private static final int CONTACTS = 20;

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;

  private ApiLogCost(Options options, Figures figures, Cluster cluster) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start()) {
      var cost = new ApiLogCost(options, figures, cluster);
      try (Launched with = cost.start(data, true);
          Launched without = cost.start(data, false)) {
        cost.compare(cost.new Side(with), cost.new Side(without));
      }
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private Launched start(Path data, boolean log) {
    String database = log ? "logged" : "unlogged";
    cluster.sql("postgres", "CREATE DATABASE " + database);
    var settings = new ArrayList<>(Launched.on(cluster, database));
    settings.addAll(List.of("api-log=" + log, "limit.auth=0", "limit.read=0", "limit.write=0"));
    return Launched.start(data.resolve(database), "all", settings);
  }

  private final class Side {
    final Launched parley;
    final byte[] request;
    final List<Double> mean = new ArrayList<>();
    final List<Double> cpu = new ArrayList<>();

    Side(Launched parley) {
      this.parley = parley;
      String key = parley.channels()[0].apiKey();
      for (int i = 0; i < CONTACTS; i++) {
        parley.api().withKey(key).post("/api/v1/contacts", Json.of("name", "Contact " + i)).ok();
      }
      this.request =
          ("GET /api/v1/contacts?limit=10 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
                  + key
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1);
    }

    private Requests requests(double perSecond) {
      var all = new byte[(int) (perSecond * options.leg().toSeconds() * 1.1)][];
      Arrays.fill(all, request);
      return new Requests(all, List.of());
    }

    double peak() {
      // At its peak a server may turn calls away; at half of it none.
      return Load.closed(parley.port(), CONNECTIONS, requests(20_000), options.leg()).perSecond();
    }

    void leg(double rate) {
      cluster.settle();
      double before = Cpu.seconds(List.of(parley.pid(), cluster.pid()));
      Load.Outcome outcome =
          checked(
              Load.open(parley.port(), CONNECTIONS, requests(rate), rate, options.leg(), _ -> {}));
      // What is written behind the calls' back counts too.
      LockSupport.parkNanos(2_000_000_000L);
      cluster.settle();
      double used = Cpu.seconds(List.of(parley.pid(), cluster.pid())) - before;
      mean.add(outcome.latency().getMean() / 1000);
      cpu.add(used * 1e6 / outcome.ok());
    }
  }

  private static Load.Outcome checked(Load.Outcome outcome) {
    if (outcome.failed() > 0) {
      throw new IllegalStateException(outcome.failed() + " calls were not answered 200");
    }
    return outcome;
  }

  private void compare(Side with, Side without) {
    double rate = 0;
    for (int i = 0; i < 2; i++) {
      Machine.say("api-log: warm up");
      rate = Math.min(with.peak(), without.peak()) / 2;
    }
    var ratios = new ArrayList<Double>();
    var work = new ArrayList<Double>();
    for (int round = 0; round < 2 * options.rounds() + 1; round++) {
      // Who comes first changes, so that what the machine does meanwhile meets both.
      for (Side side : round % 2 == 0 ? List.of(with, without) : List.of(without, with)) {
        Machine.say(
            "api-log: %s, %.0f/s".formatted(side == with ? "with the log" : "without", rate));
        side.leg(rate);
      }
      ratios.add(with.mean.getLast() / without.mean.getLast());
      work.add(with.cpu.getLast() / without.cpu.getLast());
      System.out.printf(
          "    mean with %.3f ms, without %.3f ms; processor time %.0f and %.0f µs%n",
          with.mean.getLast(), without.mean.getLast(), with.cpu.getLast(), without.cpu.getLast());
    }
    double ratio = Figures.median(ratios);
    figures.add(
        new Figures.Line(
            "a call at %,.0f/s with the log of calls, mean".formatted(rate),
            "%.2f ms".formatted(Figures.median(with.mean)),
            "%.2f ms without".formatted(Figures.median(without.mean)),
            "%.2f×".formatted(ratio),
            "≤ 1.05×",
            ratio <= 1.05));
    figures.note(
        "Processor time of that call, PostgreSQL's included: %.0f µs with the log, %.0f without (%.2f×)."
            .formatted(
                Figures.median(with.cpu), Figures.median(without.cpu), Figures.median(work)));
  }
}
