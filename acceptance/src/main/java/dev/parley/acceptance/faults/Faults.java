package dev.parley.acceptance.faults;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Does every fault and counts: `bin/bench faults [--rounds N]`. Ends with exit code 1 when anything was lost, doubled or
/// out of order.
public final class Faults {
  private static final PrintStream OUT = System.out;

  private Faults() {}

  /// How often each fault is done.
  ///
  /// @param kills SIGKILL of the server at random moments
  /// @param files SIGKILL while files come in, while they are swept and while they are fetched
  /// @param crashes death at each named place
  /// @param outages of PostgreSQL
  /// @param provider each kind of delivery and of failing call
  /// @param burst messages sent at once
  public record Measure(int kills, int files, int crashes, int outages, int provider, int burst) {
    /// The full form.
    public static final Measure FULL = new Measure(100, 30, 5, 5, 3, 300);

    /// Everything once or a few times.
    public static final Measure BRIEF = new Measure(3, 2, 1, 1, 1, 120);

    Measure with(int rounds) {
      return new Measure(rounds, Math.max(2, rounds * 3 / 10), crashes, outages, provider, burst);
    }
  }

  /// `--rounds N` is how often the server is killed (100), `--seed N` repeats a run's random choices, `--brief` does each
  /// fault once or a few times,
  /// `--only provider` leaves out what happens to the server and its database, `--only files` does nothing but kill it
  /// while files come and go, `--only genesys` does what concerns the bridge to Genesys Cloud.
  public static void main(String[] args) {
    Measure measure = List.of(args).contains("--brief") ? Measure.BRIEF : Measure.FULL;
    long seed = System.nanoTime();
    String only = "";
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--brief" -> {}
        case "--rounds" -> measure = measure.with(Integer.parseInt(args[++i]));
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--only" -> only = args[++i];
        default ->
            throw new IllegalArgumentException(
                "faults [--brief] [--rounds N] [--seed N] [--only provider|files|genesys]");
      }
    }
    OUT.println("seed " + seed);
    System.exit(print(run(measure, new Random(seed), only)) ? 0 : 1);
  }

  /// Does them all and prints each when it is done.
  public static List<Tally> run(Measure measure, Random random) {
    return run(measure, random, "");
  }

  private static List<Tally> run(Measure measure, Random random, String only) {
    var tallies = new Told();
    if (only.isEmpty() || only.equals("genesys")) {
      GenesysFaults.run(
          measure.provider() == 1 ? 1 : measure.kills(), measure.provider(), random, tallies::add);
    }
    if (only.equals("genesys")) {
      return tallies.all;
    }
    if (only.isEmpty()) {
      try (Stage stage = Stage.external("crash")) {
        ServerFaults.crashPoints(stage, measure.crashes(), random, tallies::add);
        tallies.add(ServerFaults.database(stage, measure.outages()));
      }
    }
    if (!only.equals("provider")) {
      FileFaults.run(Math.max(2, measure.files()), random, tallies::add);
    }
    try (Stage stage = Stage.embedded("embedded")) {
      if (only.isEmpty()) {
        tallies.add(ServerFaults.kills(stage, measure.kills(), random));
      }
      if (!only.equals("provider")) {
        MediaFaults.deaths(stage, measure.files(), random, tallies::add);
      }
      if (!only.equals("files")) {
        ProviderFaults.deliveries(stage, measure.provider(), random).forEach(tallies::add);
        ProviderFaults.calls(stage, measure.provider(), tallies::add);
        tallies.add(ProviderFaults.limits(stage, measure.burst()));
      }
    }
    return tallies.all;
  }

  private static final class Told {
    private final List<Tally> all = new ArrayList<>();
    private long since = System.nanoTime();

    void add(Tally tally) {
      all.add(tally);
      long now = System.nanoTime();
      OUT.printf(
          "%-38s x%-4d %5.1f s  counted %6d  lost %d  doubled %d  out of order %d  %s%n",
          tally.fault(),
          tally.rounds(),
          (now - since) / 1e9,
          tally.counted(),
          tally.lost(),
          tally.doubled(),
          tally.disordered(),
          tally.note());
      since = now;
    }
  }

  /// Prints the sum; answers whether it is good.
  public static boolean print(List<Tally> tallies) {
    long counted = tallies.stream().mapToLong(Tally::counted).sum();
    long lost = tallies.stream().mapToLong(Tally::lost).sum();
    long doubled = tallies.stream().mapToLong(Tally::doubled).sum();
    long disordered = tallies.stream().mapToLong(Tally::disordered).sum();
    OUT.printf(
        "lost %d, doubled %d, out of order %d (of %d counted, %d faults)%n",
        lost, doubled, disordered, counted, tallies.stream().mapToLong(Tally::rounds).sum());
    return tallies.stream().allMatch(Tally::good);
  }
}
