package dev.parley.platform.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.health.Reading.State;
import dev.parley.testing.Await;
import dev.parley.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final TestClock clock = new TestClock();
  private final AtomicReference<Reading> reading = new AtomicReference<>(good());
  private final Check steady = Check.one("steady", "dependency", "Mend it.", reading::get);

  private static Reading good() {
    return Reading.ok("steady", "dependency", "Good.", Map.of("n", 1));
  }

  private Checks remembering(Duration fresh) {
    return new Checks(clock, PATIENCE, fresh);
  }

  @Test
  void oneThatHangsIsDownAndHoldsUpNoOther() {
    Checks checks = remembering(Duration.ZERO);
    var never = new CountDownLatch(1);
    var begun = new AtomicInteger();
    Check hangs =
        Check.one(
            "hangs",
            "dependency",
            "Free it.",
            () -> {
              begun.incrementAndGet();
              await(never);
              return Reading.ok("hangs", "dependency", "At last.", Map.of());
            });

    List<Seen> seen = checks.look(List.of(hangs, steady));

    assertThat(seen).extracting(Seen::name).containsExactly("hangs", "steady");
    assertThat(seen).extracting(Seen::state).containsExactly(State.DOWN, State.OK);
    assertThat(seen.getFirst().mend()).isEqualTo("Free it.");
    // It is known to hang: nobody waits for it again, and it is not begun a second time.
    checks.look(List.of(hangs));
    assertThat(begun).hasValue(1);

    never.countDown();
    Await.until("it has ended", () -> checks.look(List.of(hangs)).getFirst().state() == State.OK);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatItThrowsIsToldAsDown() {
    Check throwing =
        Check.one(
            "throws",
            "dependency",
            "Mend it.",
            () -> {
              throw new IllegalStateException("no road");
            });

    Seen seen = remembering(Duration.ZERO).look(List.of(throwing)).getFirst();

    assertThat(seen.state()).isEqualTo(State.DOWN);
    assertThat(seen.detail()).contains("no road");
    assertThat(seen.mend()).isEqualTo("Mend it.");
  }

  @Test
  void sinceWhenIsKeptWhileTheStateStays() {
    Checks checks = remembering(Duration.ZERO);
    Instant first = clock.instant();
    assertThat(checks.look(List.of(steady)).getFirst().since()).isEqualTo(first);

    clock.pass(Duration.ofMinutes(5));
    assertThat(checks.look(List.of(steady)).getFirst().since()).isEqualTo(first);

    reading.set(Reading.degraded("steady", "dependency", "Slow.", "Wait.", Map.of()));
    assertThat(checks.look(List.of(steady)).getFirst().since()).isEqualTo(clock.instant());

    Instant known = Instant.parse("2025-12-24T00:00:00Z");
    reading.set(good().since(known));
    assertThat(checks.look(List.of(steady)).getFirst().since()).isEqualTo(known);
  }

  @Test
  void whatWasJustSeenIsGivenAgain() {
    Checks checks = remembering(Duration.ofHours(1));
    checks.look(List.of(steady));
    reading.set(Reading.down("steady", "dependency", "Broken.", "Mend it.", Map.of()));

    assertThat(checks.look(List.of(steady)).getFirst().state()).isEqualTo(State.OK);
  }
}
