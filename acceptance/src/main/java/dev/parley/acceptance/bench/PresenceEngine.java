package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The presence engine with half a million users, driven directly in a process of its own, against `redis-benchmark`
/// that sets keys with a time to live in pipelines of 16. Both servers have core 0; what drives Redis has core 1.
final class PresenceEngine {
  private static final int USERS = 500_000;
  private static final Pattern RATE = Pattern.compile("([0-9.]+) requests per second");

  private PresenceEngine() {}

  static void run(Options options, Figures figures) throws IOException {
    var ours = new ArrayList<Map<String, Double>>();
    var redis = new ArrayList<Double>();
    for (int round = 0; round < options.rounds(); round++) {
      Machine.say("presence engine, " + USERS + " users");
      ours.add(engine(options.quick() ? 5 : 30));
      Machine.say("redis-benchmark SETEX, pipelines of 16");
      redis.add(redis(options.quick() ? 500_000 : 4_000_000));
    }
    double updates = median(ours, "updates.per.second");
    double peer = Figures.median(redis);
    figures.add(
        new Figures.Line(
            "presence: signs of life, one thread",
            Figures.perSecond(updates),
            Figures.perSecond(peer) + " redis-benchmark",
            "%.1f×".formatted(updates / peer),
            "≥ 0.5×",
            updates >= peer / 2));
    figures.atMost(
        "presence: 500k users, each once in 30 s, p99", median(ours, "steady.p99.ms"), 50, "ms");
    double few = median(ours, "disconnect.few.cold.ns");
    double many = median(ours, "disconnect.many.cold.ns");
    figures.add(
        new Figures.Line(
            "presence: disconnect among 500k, caches cold",
            "%.0f ns".formatted(many),
            "%.0f ns among 1k".formatted(few),
            "%.2f×".formatted(many / few),
            "≤ 1.2×",
            many <= 1.2 * few));
    figures.note(
        "Presence: %.0f bytes of heap for each user with one device; %s in the steady part; a disconnect with warm caches takes %.0f ns among 500k and %.0f ns among 1k, which is the reach of the processor's caches and not work."
            .formatted(
                median(ours, "bytes.per.user"),
                Figures.perSecond(median(ours, "steady.per.second")),
                median(ours, "disconnect.many.ns"),
                median(ours, "disconnect.few.ns")));
  }

  private static double median(List<Map<String, Double>> runs, String name) {
    return Figures.median(runs.stream().map(run -> Objects.requireNonNull(run.get(name))).toList());
  }

  private static Map<String, Double> engine(int seconds) {
    Path target = Launched.root().resolve("server/target");
    String printed =
        Machine.run(
            Machine.onServerCore(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseCompactObjectHeaders",
                    "-cp",
                    target.resolve("classes") + ":" + target.resolve("test-classes"),
                    "dev.parley.realtime.presence.PresenceBench",
                    Integer.toString(USERS),
                    Integer.toString(seconds))));
    var values = new HashMap<String, Double>();
    for (String line : printed.lines().toList()) {
      String[] words = line.split(" ");
      if (words.length == 2) {
        values.put(words[0], Double.parseDouble(words[1]));
      }
    }
    System.out.printf("    %,.0f/s%n", values.get("updates.per.second"));
    return values;
  }

  private static double redis(int requests) throws IOException {
    int port = Ports.free();
    Path folder = Files.createTempDirectory("parley-bench-redis-");
    Process server =
        new ProcessBuilder(
                Machine.onServerCore(
                    List.of(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no")))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      awaitPort(port);
      String printed =
          Machine.run(
              List.of(
                  "redis-benchmark",
                  "-p",
                  Integer.toString(port),
                  "-n",
                  Integer.toString(requests),
                  "-c",
                  "50",
                  "-P",
                  "16",
                  "-r",
                  Integer.toString(USERS),
                  "-q",
                  "SETEX",
                  "presence:__rand_int__",
                  "300",
                  "online"));
      Matcher matcher = RATE.matcher(printed);
      double rate = 0;
      // It prints intermediate results over each other; the last one is the whole's.
      while (matcher.find()) {
        rate = Double.parseDouble(matcher.group(1));
      }
      System.out.printf("    %,.0f/s%n", rate);
      return rate;
    } finally {
      server.destroyForcibly();
      Machine.run(List.of("rm", "-rf", folder.toString()));
    }
  }

  private static void awaitPort(int port) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < end) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        LockSupport.parkNanos(20_000_000);
      }
    }
    throw new IllegalStateException("redis-server does not listen");
  }
}
