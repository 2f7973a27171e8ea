package dev.parley.acceptance;

import dev.parley.acceptance.bench.Benchmarks;
import dev.parley.acceptance.chaos.ChaosCommand;
import dev.parley.acceptance.faults.Faults;
import dev.parley.acceptance.screens.Screenshots;
import java.util.Arrays;

/// What `bin/bench` runs: the benchmarks, or with `faults` or `chaos` as the first word the fault
/// tests, with `screenshots` the pictures of the documents.
public final class Bench {
  private Bench() {}

  /// Ends with 0 when everything ran, whether or not every goal was reached.
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("faults")) {
      Faults.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    if (args.length > 0 && args[0].equals("chaos")) {
      ChaosCommand.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    if (args.length > 0 && args[0].equals("screenshots")) {
      Screenshots.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    System.exit(Benchmarks.run(args));
  }
}
