package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// Durable webhook intake: HMAC, split, group commit, and only then 200; in the role `ingress` alone, so that nothing is
/// taken out of the queue meanwhile.
final class Intake {
  private static final String DATABASE = "parley";
  private static final int CONNECTIONS = 256;
  private static final int MOST_PER_SECOND = 30_000;

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;

  private Intake(Options options, Figures figures, Cluster cluster) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start()) {
      new Intake(options, figures, cluster).compare(data);
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private void compare(Path data) throws IOException {
    cluster.sql("postgres", "CREATE DATABASE " + DATABASE);
    List<String> settings = Launched.on(cluster, DATABASE);
    Launched.Channel[] channels;
    try (Launched parley = Launched.start(data, "all", settings)) {
      channels = parley.channels();
    }
    twin();
    var ours = new ArrayList<Leg>();
    var pgbench = new ArrayList<Leg>();
    var unnest = new ArrayList<Leg>();
    var express = new ArrayList<Leg>();
    try (Launched parley = Launched.start(data, "ingress", settings);
        Express node = Express.start(cluster.nodeUrl(DATABASE), channels)) {
      var webhooks = new Webhooks();
      Machine.say("warm up");
      warmUp(webhooks, channels, parley.port(), options.quick() ? 60_000 : 600_000);
      if (node.isThere()) {
        warmUp(webhooks, channels, node.port(), 10_000);
      }
      for (int round = 0; round < options.rounds(); round++) {
        Machine.say("intake: Parley");
        ours.add(peak(webhooks, channels, parley.port(), parley.pid(), options.leg()));
        Machine.say("intake: pgbench, one row per transaction");
        pgbench.add(rowByRow(channels[0]));
        Machine.say("intake: 200 rows per statement");
        unnest.add(manyRows());
        if (node.isThere()) {
          Machine.say("intake: Express and pg");
          express.add(peak(webhooks, channels, node.port(), node.pid(), options.leg()));
        }
        System.out.printf(
            "    Parley %s, pgbench %s, unnest %s, Express %s%n",
            ours.getLast(),
            pgbench.getLast(),
            unnest.getLast(),
            express.isEmpty() ? "–" : express.getLast());
      }
      figures.ratio("webhook intake, peak", ours, "pgbench, row by row", pgbench, 2);
      figures.ratio("webhook intake, peak", ours, "unnest, 200 rows", unnest, 0.5);
      if (!express.isEmpty()) {
        figures.ratio("webhook intake, peak", ours, "Express + pg", express, 3);
      }
      latency(webhooks, channels, parley.port(), Leg.rate(ours) / 2);
    }
  }

  private void latency(Webhooks webhooks, Launched.Channel[] channels, int port, double rate) {
    Requests requests =
        webhooks.single(channels, (int) (rate * options.leg().toSeconds() * 1.1), n -> n % 50_000);
    settle();
    Machine.say("intake: latency at %.0f/s".formatted(rate));
    Load.Outcome outcome = Load.open(port, 2 * CONNECTIONS, requests, rate, options.leg(), _ -> {});
    require(outcome);
    String at = "webhook intake at %,.0f/s, ".formatted(rate);
    figures.atMost(at + "p50", outcome.millis(50), 25, "ms");
    figures.atMost(at + "p99", outcome.millis(99), 250, "ms");
    clear();
  }

  /// So many requests: compilers and caches warm by work done, not by time.
  private void warmUp(Webhooks webhooks, Launched.Channel[] channels, int port, int requests) {
    require(
        Load.closed(
            port,
            CONNECTIONS,
            webhooks.single(channels, requests, n -> n % 50_000),
            Duration.ofMinutes(3)));
    clear();
  }

  private Leg peak(
      Webhooks webhooks, Launched.Channel[] channels, int port, long pid, Duration time) {
    Requests requests =
        webhooks.single(channels, (int) (MOST_PER_SECOND * time.toSeconds()), n -> n % 50_000);
    settle();
    double cpu = Cpu.seconds(List.of(pid, cluster.pid()));
    Load.Outcome outcome = Load.closed(port, CONNECTIONS, requests, time);
    cpu = Cpu.seconds(List.of(pid, cluster.pid())) - cpu;
    require(outcome);
    long stored =
        Long.parseLong(
            cluster.value(
                DATABASE,
                "SELECT (SELECT count(*) FROM work_items) + (SELECT count(*) FROM bench_items)"));
    if (stored != outcome.ok()) {
      throw new IllegalStateException(
          outcome.ok() + " were answered 200 but " + stored + " are stored");
    }
    clear();
    return new Leg(outcome.perSecond(), cpu * 1e6 / outcome.ok());
  }

  private Leg manyRows() {
    settle();
    return ofPeer(() -> Unnest.rowsPerSecond(cluster.url(DATABASE), options.leg()));
  }

  /// A leg against PostgreSQL alone, whose rows are counted afterwards.
  private Leg ofPeer(DoubleSupplier run) {
    double cpu = Cpu.seconds(List.of(cluster.pid()));
    double rate = run.getAsDouble();
    cpu = Cpu.seconds(List.of(cluster.pid())) - cpu;
    double rows = Double.parseDouble(cluster.value(DATABASE, "SELECT count(*) FROM bench_items"));
    clear();
    return new Leg(rate, cpu * 1e6 / rows);
  }

  private static void require(Load.Outcome outcome) {
    if (outcome.failed() > 0) {
      throw new IllegalStateException(outcome.failed() + " requests were not answered 200");
    }
  }

  private Leg rowByRow(Launched.Channel channel) throws IOException {
    settle();
    Path script = Files.createTempFile("parley-bench-", ".sql");
    try {
      Files.writeString(
          script,
          """
          \\set i :i + 1
          \\set n :i * 64 + :client_id
          \\set r random(1, 1000000000000000000)
          \\set lane random(0, 15)
          INSERT INTO bench_items (tenant_id, queue, lane, id, key, dedup_key, kind, payload, correlation_id,
            traceparent, enqueued_at)
          VALUES (CAST(:tenant AS uuid), 'inbound-messages', :lane, CAST('01900000' || lpad(to_hex(CAST(:n AS bigint)), 24, '0') AS uuid),
            CAST(:channel AS text) || ':' || CAST(:r AS text), CAST(:channel AS text) || CAST(:prefix AS text) || CAST(:r AS text), 'message', :payload,
            '01900000-0000-7000-8000-0000000' || CAST(:r AS text), NULL, now())
          ON CONFLICT DO NOTHING;
          """);
      return ofPeer(
          () ->
              cluster.pgbench(
                  DATABASE,
                  "postgres",
                  32,
                  List.of("-T", Long.toString(options.leg().toSeconds())),
                  script,
                  Map.of(
                      "i",
                      "0",
                      "prefix",
                      ":m:wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz",
                      "tenant",
                      channel.tenantId(),
                      "channel",
                      channel.id(),
                      "payload",
                      Unnest.PAYLOAD)));
    } finally {
      Files.delete(script);
    }
  }

  /// The peers' table: the same columns, keys, indexes and settings, and no row-level security, which is to their
  /// advantage.
  private void twin() {
    cluster.sql(
        DATABASE,
        "CREATE TABLE bench_items (LIKE work_items INCLUDING ALL)",
        "DO $$ BEGIN EXECUTE 'ALTER TABLE bench_items SET (' || (SELECT array_to_string(reloptions, ', ') FROM"
            + " pg_class WHERE relname = 'work_items') || ')'; END $$");
  }

  private void clear() {
    cluster.sql(DATABASE, "TRUNCATE work_items", "TRUNCATE bench_items");
  }

  private void settle() {
    cluster.settle();
    System.gc();
  }
}
