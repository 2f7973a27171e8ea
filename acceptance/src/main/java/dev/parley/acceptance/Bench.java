package dev.parley.acceptance;

import dev.parley.acceptance.bench.Benchmarks;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/// What `bin/bench` runs: the benchmarks, or with `faults` as the first word the fault tests.
public final class Bench {
  private Bench() {}

  /// Ends with 0 when everything ran, whether or not every goal was reached.
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("faults")) {
      faults(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    System.exit(Benchmarks.run(args));
  }

  private static void faults(String[] args) throws Exception {
    try {
      Class.forName("dev.parley.acceptance.faults.Faults")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
