package dev.parley.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.acceptance.driver.ExternalPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The live scenario in a short form.
class ChaosShortTest {
  @Test
  void everybodysLogIsTheStoredConversation() throws InterruptedException {
    play(Chaos.Measure.BRIEF);
  }

  @Test
  void alsoOnTwoNodes() throws InterruptedException {
    assumeTrue(ExternalPostgres.programs().isPresent(), "no PostgreSQL programs");
    play(Chaos.Measure.BRIEF.nodes(2));
  }

  private static void play(Chaos.Measure measure) throws InterruptedException {
    try (Chaos chaos = new Chaos(measure, 42, List.of("ws", "ws", "sse"))) {
      Verdict verdict = chaos.run();
      System.out.println(chaos.story());
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.good()).isTrue();
      assertThat(verdict.heard()).isGreaterThan(500);
    }
  }
}
