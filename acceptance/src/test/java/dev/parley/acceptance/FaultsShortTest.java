package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.acceptance.faults.Faults;
import dev.parley.acceptance.faults.Tally;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The short form of `bin/bench faults`.
class FaultsShortTest {
  @Test
  void nothingIsLostDoubledOrOutOfOrder() {
    assertThat(Faults.run(Faults.Measure.BRIEF, new Random(20_261_120))).allMatch(Tally::good);
  }
}
