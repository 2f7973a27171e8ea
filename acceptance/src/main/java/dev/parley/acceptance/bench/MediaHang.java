package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Wait;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Webhook intake in all roles at half of their peak, with and without 50 downloads of customers' files that hang in
/// their middle: what the hanging ones cost the intake's slowest hundredth.
final class MediaHang {
  private static final String DATABASE = "parley";
  private static final int HANGING = 50;
  private static final int CONNECTIONS = 256;

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;
  private final Sandbox sandbox;
  private final Backlog backlog;
  private final Webhooks webhooks = new Webhooks();
  private int customers;

  private MediaHang(Options options, Figures figures, Cluster cluster, Sandbox sandbox) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
    this.sandbox = sandbox;
    this.backlog = new Backlog(cluster, DATABASE, 0);
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start();
        Sandbox sandbox = Sandbox.start()) {
      cluster.sql("postgres", "CREATE DATABASE " + DATABASE);
      new MediaHang(options, figures, cluster, sandbox).compare(data);
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private void compare(Path data) {
    var settings = new ArrayList<>(Launched.on(cluster, DATABASE));
    settings.addAll(
        List.of(
            "whatsapp.graph.url=" + sandbox.url(),
            "http.allow=" + sandbox.hostAndPort(),
            "media.fetches=" + HANGING,
            "media.fetches.each=" + HANGING,
            // Nothing that hangs is given up while it is measured.
            "media.fetch.silence=10m",
            "media.fetch.timeout=10m"));
    try (Launched parley = Launched.start(data, "all", settings)) {
      Launched.Channel[] channels = {parley.channels()[0]};
      Launched.Channel channel = channels[0];
      String hook =
          "http://127.0.0.1:%d/webhooks/whatsapp/%s".formatted(parley.port(), channel.id());
      String handshake = sandbox.register(channel.number(), URI.create(hook));
      if (!handshake.equals("ok")) {
        throw new IllegalStateException("the webhook's handshake " + handshake);
      }
      double peak = 0;
      for (int i = 0; i < 2; i++) {
        Machine.say(i == 0 ? "media-hang: warm up" : "media-hang: peak of all roles");
        peak = throughput(parley, channels);
      }
      double rate = peak / 2;
      var without = new ArrayList<Double>();
      var with = new ArrayList<Double>();
      var ratios = new ArrayList<Double>();
      for (int round = 0; round < 2 * options.rounds(); round++) {
        Machine.say("media-hang: nothing hangs, %.0f/s".formatted(rate));
        without.add(p99(parley, channels, rate));
        Machine.say("media-hang: %d downloads hang, %.0f/s".formatted(HANGING, rate));
        hang(channel.number());
        with.add(p99(parley, channels, rate));
        requireHanging();
        heal(channel.number());
        ratios.add(with.getLast() / without.getLast());
        System.out.printf(
            "    p99 without %.2f ms, with %.2f ms%n", without.getLast(), with.getLast());
      }
      double ratio = Figures.median(ratios);
      figures.add(
          new Figures.Line(
              "webhook intake at %,.0f/s, p99, %d downloads hang".formatted(rate, HANGING),
              "%.2f ms".formatted(Figures.median(with)),
              "%.2f ms without".formatted(Figures.median(without)),
              "%.2f×".formatted(ratio),
              "≤ 1.1×",
              ratio <= 1.1));
    }
  }

  /// So many customers send pictures, whose downloads stop half-way; returns when all of them have.
  private void hang(PhoneNumber number) {
    long before = begun(number);
    sandbox.faults(
        number,
        Json.of(
            "on",
            "download",
            "mode",
            "stall",
            "delayMs",
            options.leg().plusSeconds(40).toMillis()));
    for (int i = 0; i < HANGING; i++) {
      sandbox.write(
          number,
          "44770" + (100_000_000L + customers++),
          Json.of("type", "image", "image", Json.of()));
    }
    Wait.until(
        "all downloads hang", Duration.ofMinutes(1), () -> begun(number) - before >= HANGING);
  }

  private long begun(PhoneNumber number) {
    return sandbox.counts(number).path("media").path("downloadsBegun").asLong();
  }

  /// They did hang for the whole of the leg.
  private void requireHanging() {
    if (waiting() != HANGING) {
      throw new IllegalStateException(waiting() + " of " + HANGING + " downloads still hang");
    }
  }

  private long waiting() {
    return Long.parseLong(
        cluster.value(DATABASE, "SELECT count(*) FROM work_items WHERE queue = 'media-downloads'"));
  }

  /// The sandbox cuts what hangs, and the files come at the next try.
  private void heal(PhoneNumber number) {
    sandbox.faults(number);
    Wait.until("all files are here", Duration.ofMinutes(4), () -> waiting() == 0);
  }

  private double p99(Launched parley, Launched.Channel[] channels, double rate) {
    Requests requests =
        webhooks.single(channels, (int) (rate * options.leg().toSeconds() * 1.1), n -> n % 5_000);
    cluster.settle();
    System.gc();
    Load.Outcome outcome =
        Load.open(parley.port(), 2 * CONNECTIONS, requests, rate, options.leg(), _ -> {});
    if (outcome.failed() > 0) {
      throw new IllegalStateException(outcome.failed() + " webhooks were not answered 200");
    }
    backlog.awaitWork();
    return outcome.millis(99);
  }

  private double throughput(Launched parley, Launched.Channel[] channels) {
    Requests requests =
        webhooks.single(channels, (int) (4_000 * options.leg().toSeconds()), n -> n % 5_000);
    cluster.settle();
    long start = System.nanoTime();
    Load.Outcome outcome = Load.closed(parley.port(), 128, requests, options.leg());
    backlog.awaitWork();
    return outcome.ok() * 1e9 / (System.nanoTime() - start);
  }
}
