package dev.parley.acceptance.chaos;

import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.ExternalRedis;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `bin/bench chaos`: the live scenario as its arguments say, or one after the other in every arrangement.
public final class ChaosCommand {
  private static final PrintStream OUT = System.out;
  private static final Duration LEAST = Duration.ofSeconds(10);

  private static final String USAGE =
      """
      usage: bin/bench chaos [--nodes=N] [--redis] [--door=NAME[,NAME…]] [--clients=N]
                             [--minutes=M | --seconds=N] [--seed=N] [--brief]
             bin/bench chaos --matrix [--clients=N] [--minutes=M] [--seed=N]

        --nodes     processes on one database (1)
        --redis     the processes share a Redis, which dies now and then too
        --door      of ws, sse, socketio, polling; clients take them in turn (ws,ws,sse)
        --clients   (200)
        --minutes   of chaos (2); with --matrix of everything together, starts included (12)
        --brief     24 clients for ten seconds
        --matrix    1, 2 and 3 nodes, with Redis and without, by ws and sse, and by socketio and polling
      """;

  private Measure measure = Measure.FULL;
  private boolean matrix;
  private Duration whole = Duration.ofMinutes(12);
  private long seed = System.nanoTime();

  private ChaosCommand() {}

  /// Ends with exit code 1 when anything is missing, doubled, out of order or seen without right, 2 for arguments that
  /// it does not know.
  public static void main(String[] args) throws InterruptedException {
    var command = new ChaosCommand();
    try {
      if (Arrays.asList(args).contains("--brief")) {
        command.measure = Measure.BRIEF;
      }
      Arrays.stream(args).forEach(command::take);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    System.exit(command.run() ? 0 : 1);
  }

  private void take(String argument) {
    String[] parts = argument.split("=", 2);
    String value = parts.length == 2 ? parts[1] : "";
    switch (parts[0]) {
      case "--brief" -> {}
      case "--matrix" -> matrix = true;
      case "--redis" -> measure = measure.redis(true);
      case "--nodes" -> measure = measure.nodes(Integer.parseInt(value));
      case "--clients" -> measure = measure.clients(Integer.parseInt(value));
      case "--door" -> measure = measure.doors(List.of(value.split(",")));
      case "--seconds" -> time(Double.parseDouble(value));
      case "--minutes" -> time(60 * Double.parseDouble(value));
      case "--seed" -> seed = Long.parseLong(value);
      default -> throw new IllegalArgumentException("unknown: " + argument);
    }
  }

  private void time(double seconds) {
    whole = Duration.ofMillis((long) (1000 * seconds));
    measure = measure.time(whole);
  }

  private boolean run() throws InterruptedException {
    OUT.println("seed " + seed);
    return matrix ? everyArrangement() : play(measure);
  }

  private List<Measure> arrangements() {
    var all = new ArrayList<Measure>();
    for (int nodes = 1; nodes <= 3; nodes++) {
      for (boolean redis : List.of(false, true)) {
        for (List<String> doors :
            List.of(List.of("ws", "ws", "sse"), List.of("socketio", "polling"))) {
          if (nodes > 1 && ExternalPostgres.programs().isEmpty()) {
            OUT.println("left out, there are no PostgreSQL programs: " + nodes + " nodes");
          } else if (redis && !ExternalRedis.installed()) {
            OUT.println("left out, there is no Redis: " + nodes + " nodes with Redis");
          } else {
            all.add(measure.nodes(nodes).redis(redis).doors(doors));
          }
        }
      }
    }
    return all;
  }

  /// Each gets its share of the time that is left, less what the last one took to start and to end.
  private boolean everyArrangement() throws InterruptedException {
    long end = System.nanoTime() + whole.toNanos();
    List<Measure> all = arrangements();
    var bad = new ArrayList<Measure>();
    Duration around = Duration.ofSeconds(20);
    for (int i = 0; i < all.size(); i++) {
      Duration share = Duration.ofNanos((end - System.nanoTime()) / (all.size() - i)).minus(around);
      Measure one = all.get(i).time(share.compareTo(LEAST) < 0 ? LEAST : share);
      long begun = System.nanoTime();
      if (!play(one)) {
        bad.add(one);
      }
      around = Duration.ofNanos(System.nanoTime() - begun).minus(one.time());
    }
    OUT.printf("%d of %d arrangements are good%n", all.size() - bad.size(), all.size());
    bad.forEach(one -> OUT.println("not good: " + one));
    return bad.isEmpty();
  }

  private boolean play(Measure one) throws InterruptedException {
    OUT.println(one);
    Verdict verdict;
    try (Chaos chaos = new Chaos(one, seed)) {
      verdict = chaos.run();
      OUT.println("  " + chaos.story());
    }
    verdict.examples().forEach(example -> OUT.println("  " + example));
    OUT.println("  " + verdict);
    return verdict.good();
  }
}
