package dev.parley.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.testing.Await;
import dev.parley.testing.Connections;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupCommitTest {
  private final TestDatabase db = TestDatabase.create();
  private final Connections connections = new Connections(db.database().intake(2));

  @AfterAll
  void close() {
    db.close();
  }

  private static final class Counting implements GroupCommit.Answer {
    final AtomicInteger committed = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();

    @Override
    public void committed() {
      committed.incrementAndGet();
    }

    @Override
    public void failed(Throwable cause) {
      failed.incrementAndGet();
    }

    int answers() {
      return committed.get() + failed.get();
    }
  }

  private static WorkItem item(TenantId tenant, String queue, String key, String dedup) {
    return new WorkItem(
        Ids.next(), tenant, queue, key, dedup, "test", "{}", "c", null, Instant.now(), 0);
  }

  private GroupCommit started(int capacity, Consumer<List<WorkItem>> committed) {
    var intake = new GroupCommit(connections, 1, capacity, committed);
    assertThat(
            intake.submit(
                List.of(item(db.acme, "early", "k", "early")), Runnable::run, new Counting()))
        .as("nothing is taken before the start")
        .isFalse();
    intake.start();
    return intake;
  }

  private int stored(TenantId tenant, String queue) {
    return db.tenants()
        .inTenant(
            tenant,
            tx ->
                tx.sql()
                    .createQuery("SELECT count(*) FROM work_items WHERE queue = :queue")
                    .bind("queue", queue)
                    .mapTo(Integer.class)
                    .one());
  }

  @Test
  void answersComeAfterTheCommitAndManyShareOne() {
    var batches = new ArrayList<Integer>();
    GroupCommit intake = started(100_000, items -> batches.add(items.size()));
    var answers = new Counting();
    connections.hold();
    for (int i = 0; i < 500; i++) {
      assertThat(
              intake.submit(
                  List.of(
                      item(db.acme, "shared", "k", "a" + i),
                      item(db.globex, "shared", "k", "g" + i)),
                  Runnable::run,
                  answers))
          .isTrue();
    }
    assertThat(answers.answers()).isZero();
    assertThat(intake.waiting()).isEqualTo(1000);
    connections.release();
    Await.until("all are answered", () -> answers.answers() == 500);
    assertThat(answers.failed.get()).isZero();
    assertThat(stored(db.acme, "shared")).isEqualTo(500);
    assertThat(stored(db.globex, "shared")).isEqualTo(500);
    Await.until("hints", () -> batches.stream().mapToInt(n -> n).sum() == 1000);
    assertThat(batches.size()).isLessThan(4);
    assertThat(intake.waiting()).isZero();
    intake.stop(Duration.ofSeconds(1));
  }

  @Test
  void whatIsTooMuchIsRefusedAndNotAnswered() {
    GroupCommit intake = started(10, _ -> {});
    var answers = new Counting();
    connections.hold();
    int taken = 0;
    for (int i = 0; i < 30; i++) {
      taken +=
          intake.submit(List.of(item(db.acme, "full", "k", "f" + i)), Runnable::run, answers)
              ? 1
              : 0;
    }
    assertThat(taken).isEqualTo(10);
    connections.release();
    Await.until("those that were taken are answered", () -> answers.committed.get() == 10);
    assertThat(intake.submit(List.of(item(db.acme, "full", "k", "again")), Runnable::run, answers))
        .isTrue();
    Await.until("there is room again", () -> answers.committed.get() == 11);
    assertThat(answers.failed.get()).isZero();
    intake.stop(Duration.ofSeconds(1));
    assertThat(intake.submit(List.of(item(db.acme, "full", "k", "late")), Runnable::run, answers))
        .isFalse();
  }

  @Test
  void withoutTheDatabaseSendersAreToldAndLaterAllIsWell() {
    GroupCommit intake = started(1000, _ -> {});
    var answers = new Counting();
    connections.away(true);
    for (int i = 0; i < 20; i++) {
      intake.submit(List.of(item(db.acme, "away", "k", "a" + i)), Runnable::run, answers);
    }
    Await.until("all are told", () -> answers.failed.get() == 20);
    assertThat(stored(db.acme, "away")).isZero();
    connections.away(false);
    for (int i = 0; i < 20; i++) {
      intake.submit(List.of(item(db.acme, "away", "k", "a" + i)), Runnable::run, answers);
    }
    Await.until("all are stored", () -> answers.committed.get() == 20);
    assertThat(stored(db.acme, "away")).isEqualTo(20);
    intake.stop(Duration.ofSeconds(1));
  }

  @Test
  void oneThatCannotBeStoredDoesNotTakeTheOthersAlong() {
    GroupCommit intake = started(1000, _ -> {});
    var good = new Counting();
    var bad = new Counting();
    connections.hold();
    intake.submit(List.of(item(db.globex, "poison", "k", "before")), Runnable::run, good);
    intake.submit(List.of(item(db.acme, "poison", "k", "zero \0")), Runnable::run, bad);
    intake.submit(List.of(item(db.globex, "poison", "k", "after")), Runnable::run, good);
    connections.release();
    Await.until("all are answered", () -> good.answers() == 2 && bad.answers() == 1);
    assertThat(bad.failed.get()).isEqualTo(1);
    assertThat(good.committed.get()).isEqualTo(2);
    assertThat(stored(db.globex, "poison")).isEqualTo(2);
    intake.stop(Duration.ofSeconds(1));
  }

  @Test
  void theIntakesRoleCanNeitherReadNorDelete() throws Exception {
    try (var connection = db.database().intake(1).getConnection();
        var statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "SELECT * FROM work_items",
              "DELETE FROM work_items",
              "SELECT * FROM messages",
              "UPDATE leases SET token = 0")) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> statement.execute(sql))
            .hasMessageContaining("permission denied");
      }
    }
  }
}
