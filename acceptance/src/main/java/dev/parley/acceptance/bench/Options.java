package dev.parley.acceptance.bench;

import java.time.Duration;
import java.util.List;

/// What the command line asks for.
///
/// @param names benchmarks to run
/// @param quick shorter and fewer legs, to see whether it works; its figures mean little
/// @param rows stored messages of the smaller database in `growth`
/// @param markdown write the table into `docs/performance.md`
record Options(List<String> names, boolean quick, long rows, boolean markdown) {
  int rounds() {
    return quick ? 1 : 3;
  }

  Duration leg() {
    return Duration.ofSeconds(quick ? 5 : 15);
  }
}
