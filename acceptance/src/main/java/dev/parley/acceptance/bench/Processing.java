package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// From the queue to the stored message and its events: how many a second; and from the webhook to the event in a
/// waiting reader's hands: how long.
final class Processing {
  private static final String DATABASE = "parley";

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;
  private final Path data;

  private Processing(Options options, Figures figures, Cluster cluster, Path data) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
    this.data = data;
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start()) {
      cluster.sql("postgres", "CREATE DATABASE " + DATABASE);
      var processing = new Processing(options, figures, cluster, data);
      Launched.Channel[] channels;
      try (Launched parley = processing.start("all")) {
        channels = parley.channels();
      }
      if (System.getenv("SKIP_RATE") == null) processing.rate(channels);
      processing.latency(channels);
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private Launched start(String roles) {
    return Launched.start(data, roles, Launched.on(cluster, DATABASE));
  }

  private void rate(Launched.Channel[] channels) throws IOException {
    var backlog = new Backlog(cluster, DATABASE, options.quick() ? 16_000 : 80_000);
    int warmUps = 2;
    try (Launched ingress = start("ingress")) {
      backlog.fill(ingress.port(), channels[0], warmUps + options.rounds(), 0);
    }
    var ours = new ArrayList<Leg>();
    var peer = new ArrayList<Leg>();
    try (Launched worker = start("worker")) {
      for (int i = 0; i < warmUps; i++) {
        Machine.say("processing: warm up");
        backlog.drain(worker, i);
      }
      OneByOne.run(cluster, DATABASE, channels[1], backlog.size() / 10, 100);
      for (int round = 0; round < options.rounds(); round++) {
        Machine.say("processing: Parley");
        ours.add(backlog.drain(worker, warmUps + round));
        Machine.say("processing: pgbench, one message per transaction");
        peer.add(OneByOne.run(cluster, DATABASE, channels[1], backlog.size(), round));
        System.out.printf("    Parley %s, pgbench %s%n", ours.getLast(), peer.getLast());
      }
    }
    figures.ratio("messages processed end to end", ours, "pgbench, one by one", peer, 3);
  }

  private void latency(Launched.Channel[] channels) {
    try (Launched parley = start("all")) {
      var webhooks = new Webhooks();
      Launched.Channel channel = channels[0];
      Launched.Channel[] one = {channel};
      double peak = 0;
      double before = 0;
      // What is not compiled yet makes each leg slower than the next.
      for (int i = 0; i < 2 || (!options.quick() && i < 8 && peak > 1.05 * before); i++) {
        Machine.say("webhook to event: as many as all roles take");
        before = peak;
        peak = throughput(parley, webhooks, one, options.leg());
        System.out.printf("    %,.0f/s%n", peak);
      }
      double rate = peak / 2;
      Machine.say("webhook to event: latency at %.0f/s".formatted(rate));
      int count = (int) (rate * options.leg().toSeconds());
      Requests requests = webhooks.single(one, count, n -> n % 5_000);
      cluster.settle();
      var follower = new Follower(parley, channel, requests.ids());
      Thread thread = Thread.ofPlatform().start(follower);
      var due = new int[1];
      Load.Outcome outcome =
          Load.open(
              parley.port(), 512, requests, rate, options.leg(), at -> follower.due(due[0]++, at));
      Histogram latency = follower.finish(thread, due[0]);
      if (outcome.failed() > 0) {
        throw new IllegalStateException(outcome.failed() + " webhooks were not answered 200");
      }
      String what = "webhook to event at a waiting reader, %,.0f/s, ".formatted(rate);
      figures.atMost(what + "p50", latency.getValueAtPercentile(50) / 1000.0, 50, "ms");
      figures.atMost(what + "p99", latency.getValueAtPercentile(99) / 1000.0, 100, "ms");
    }
  }

  /// Webhooks as many as it takes, and then everything worked off, the readers of the event log included, in one process
  /// on one core: messages a second.
  private double throughput(
      Launched parley, Webhooks webhooks, Launched.Channel[] channel, Duration time) {
    var backlog = new Backlog(cluster, DATABASE, 0);
    Requests requests = webhooks.single(channel, (int) (4_000 * time.toSeconds()), n -> n % 5_000);
    cluster.settle();
    long start = System.nanoTime();
    Load.Outcome outcome = Load.closed(parley.port(), 128, requests, time);
    backlog.awaitWork();
    backlog.awaitReaders();
    return outcome.ok() * 1e9 / (System.nanoTime() - start);
  }
}
