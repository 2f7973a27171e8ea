package dev.parley.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.acceptance.driver.ExternalPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The live scenario in a short form: every door once.
class ChaosShortTest {
  @Test
  void everybodysLogIsTheStoredConversation() throws InterruptedException {
    play(Measure.BRIEF.doors(List.of("ws", "sse")));
  }

  @Test
  void alsoBySocketIoOnTwoNodes() throws InterruptedException {
    assumeTrue(ExternalPostgres.programs().isPresent(), "no PostgreSQL programs");
    play(Measure.BRIEF.nodes(2).doors(List.of("socketio", "polling")));
  }

  private static void play(Measure measure) throws InterruptedException {
    try (Chaos chaos = new Chaos(measure, 42)) {
      Verdict verdict = chaos.run();
      System.out.println(measure + ": " + chaos.story() + "; " + verdict);
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.good()).isTrue();
      assertThat(verdict.heard()).isGreaterThan(300);
    }
  }
}
