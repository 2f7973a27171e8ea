package dev.parley.platform.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testing.Await;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimersTest {
  private final TestDatabase db = TestDatabase.create();
  private final DataSource pool = db.database().system();

  @AfterAll
  void close() {
    db.close();
  }

  private Timers timers(String kind, List<String> fired) {
    var timers = new Timers(pool, Duration.ofMillis(50));
    timers.kind(kind, (tenant, id) -> fired.add(tenant + " " + id));
    return timers;
  }

  @Test
  void aTimerThatWasDueWhileNothingRanFiresAtTheNextStart() {
    var fired = new CopyOnWriteArrayList<String>();
    timers("restart", fired).set("restart", db.acme, "a/b", Instant.now().minusSeconds(5));
    timers("restart", fired).set("restart", db.globex, "later", Instant.now().plusSeconds(3600));
    Timers second = timers("restart", fired);
    second.start();
    Await.until("it fires", () -> !fired.isEmpty());
    second.stop();
    assertThat(fired).containsExactly(db.acme + " a/b");
  }

  @Test
  void twoProcessesFireEachTimerOnce() {
    var fired = new CopyOnWriteArrayList<String>();
    Timers one = timers("two", fired);
    Timers two = timers("two", fired);
    one.start();
    two.start();
    for (int i = 0; i < 40; i++) {
      one.set("two", i % 2 == 0 ? db.acme : db.globex, "t" + i, Instant.now());
    }
    Await.until("all fire", () -> fired.size() >= 40);
    one.stop();
    two.stop();
    assertThat(fired)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? db.acme : db.globex) + " t" + i)
                .toList());
  }

  @Test
  void settingATimerAgainMovesIt() {
    var fired = new CopyOnWriteArrayList<String>();
    Timers timers = timers("moved", fired);
    timers.set("moved", db.acme, "x", Instant.now().plusSeconds(3600));
    timers.set("moved", db.acme, "x", Instant.now());
    timers.start();
    Await.until("it fires", () -> fired.size() == 1);
    // Its handler may still be running.
    timers.set("moved", db.acme, "x", Instant.now());
    Await.until("it fires again", () -> fired.size() == 2);
    timers.stop();
  }

  /// Each time, the handler is about to end, ending or gone when the timer is set again.
  @Test
  void aTimerThatIsSetWhileItsHandlerEndsFiresAgain() {
    var fired = new AtomicInteger();
    var timers = new Timers(pool, Duration.ofMillis(5));
    timers.kind("ending", (_, _) -> fired.incrementAndGet());
    timers.start();
    for (int round = 1; round <= 100; round++) {
      int expected = round;
      timers.set("ending", db.acme, "x", Instant.now());
      Await.until("it fires in round " + round, () -> fired.get() == expected);
    }
    timers.stop();
  }

  @Test
  void aHandlerSetsItsOwnTimerAgain() {
    var fired = new AtomicInteger();
    var timers = new Timers(pool, Duration.ofMillis(50));
    timers.kind(
        "again",
        (tenant, id) -> {
          if (fired.incrementAndGet() < 4) {
            timers.set("again", tenant, id, Instant.now());
          }
        });
    timers.set("again", db.acme, "x", Instant.now());
    timers.start();
    Await.until("it fires four times", () -> fired.get() == 4);
    timers.stop();
  }

  @Test
  void aJobRunsAgainAndAgainInOneProcessAtATime() {
    var under = new AtomicInteger();
    var most = new AtomicInteger();
    var runs = new AtomicInteger();
    List<Timers> processes =
        IntStream.range(0, 2).mapToObj(_ -> new Timers(pool, Duration.ofMillis(50))).toList();
    for (Timers timers : processes) {
      timers.every(
          "job",
          Duration.ofMillis(20),
          () -> {
            most.accumulateAndGet(under.incrementAndGet(), Math::max);
            runs.incrementAndGet();
            under.decrementAndGet();
          });
      timers.start();
    }
    Await.until("it ran often", () -> runs.get() >= 5);
    processes.forEach(Timers::stop);
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void aKindThatNobodyMadeKnownIsRefused() {
    assertThatThrownBy(
            () -> new Timers(pool, Duration.ofSeconds(1)).set("no", db.acme, "x", Instant.now()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
