package dev.parley.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.WorkQueue.Consumption;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.testing.Await;
import dev.parley.testing.Connections;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresWorkQueueTest implements WorkQueueContract {
  private static final Duration LEASE = Duration.ofMillis(800);

  private final TestDatabase db = TestDatabase.create();

  @AfterAll
  void close() {
    db.close();
  }

  /// A process whose connection for leases can be held back, which is what a long pause looks like to others.
  private static final class PostgresNode implements WorkQueueContract.Node {
    private final Connections connections;
    private final Leases leases;
    private final PostgresWorkQueue queue;

    PostgresNode(TestDatabase db) {
      connections = new Connections(db.database().system());
      var system = new SystemDb(connections);
      leases = new Leases(system, UUID.randomUUID(), LEASE);
      queue =
          new PostgresWorkQueue(
              db.tenants(),
              system,
              leases,
              new PostgresWorkQueue.Settings(
                  50, TRIES, 4, Duration.ofMillis(20), Duration.ofMillis(5)));
      leases.start();
    }

    @Override
    public PostgresWorkQueue queue() {
      return queue;
    }

    @Override
    public void close() {
      connections.release();
      leases.stop();
    }
  }

  @Override
  public WorkQueueContract.Node process() {
    return new PostgresNode(db);
  }

  @Override
  public TenantDb db() {
    return db.tenants();
  }

  @Override
  public TenantId acme() {
    return db.acme;
  }

  @Override
  public TenantId globex() {
    return db.globex;
  }

  @Override
  public List<DeadLetter> deadLetters(TenantId tenant, String queue) {
    return new DeadLetters(db.tenants()).page(tenant, queue, null, 200).reversed();
  }

  private WorkItem item(String queue, String key, String payload) {
    return new WorkItem(
        Ids.next(), db.acme, queue, key, payload, "test", payload, "c", null, Instant.now(), 0);
  }

  @Test
  void aPausedProcessHasNoEffectAfterAnotherHasTakenOver() {
    String queue = "paused";
    var effects = new CopyOnWriteArrayList<String>();
    try (PostgresNode paused = new PostgresNode(db);
        PostgresNode other = new PostgresNode(db)) {
      Consumption a = paused.queue.consume(queue, (tx, items) -> note(tx, items, effects, "a"));
      a.start();
      db.tenants()
          .runInTenant(db.acme, tx -> paused.queue.publish(tx, List.of(item(queue, "k", "1"))));
      Await.until("the first works", () -> effects.contains("a:1"));
      paused.connections.hold();
      Consumption b = other.queue.consume(queue, (tx, items) -> note(tx, items, effects, "b"));
      b.start();
      db.tenants()
          .runInTenant(db.acme, tx -> other.queue.publish(tx, List.of(item(queue, "k", "2"))));
      Await.until("the second takes over", () -> effects.size() >= 2);
      paused.connections.release();
      for (int i = 3; i < 60; i++) {
        WorkItem next = item(queue, "k" + i, Integer.toString(i));
        db.tenants().runInTenant(db.acme, tx -> paused.queue.publish(tx, List.of(next)));
      }
      Await.until("all", () -> effects.size() == 59);
      a.stop(Duration.ofSeconds(5));
      b.stop(Duration.ofSeconds(5));
    }
    assertThat(effects.stream().map(e -> e.substring(2))).doesNotHaveDuplicates();
    assertThat(effects.get(1)).isIn("a:2", "b:2");
  }

  private static void note(
      dev.parley.platform.db.Tx tx, List<WorkItem> items, List<String> effects, String who) {
    tx.afterCommit(() -> items.forEach(w -> effects.add(who + ":" + w.payload())));
  }

  @Test
  void aDeadLetterIsTriedAgainFromTheBeginning() {
    String queue = "again";
    var seen = new CopyOnWriteArrayList<String>();
    var letters = new DeadLetters(db.tenants());
    try (PostgresNode node = new PostgresNode(db)) {
      Consumption consumption =
          node.queue.consume(
              queue,
              (_, items) -> {
                if (seen.isEmpty()) {
                  seen.add("refused");
                  throw new WorkQueue.Unprocessable("first");
                }
                items.forEach(w -> seen.add(w.payload() + " " + w.attempts()));
              });
      consumption.start();
      db.tenants()
          .runInTenant(db.acme, tx -> node.queue.publish(tx, List.of(item(queue, "k", "p"))));
      Await.until(
          "it is handled or buried",
          () -> seen.size() > 1 || !deadLetters(db.acme, queue).isEmpty());
      for (DeadLetter dead : deadLetters(db.acme, queue)) {
        assertThat(letters.retry(db.globex, dead.id(), node.queue)).isFalse();
        assertThat(letters.retry(db.acme, dead.id(), node.queue)).isTrue();
      }
      Await.until("it is handled", () -> seen.contains("p 0"));
      consumption.stop(Duration.ofSeconds(5));
    }
    assertThat(deadLetters(db.acme, queue)).isEmpty();
  }

  @Test
  void nothingIsLeftBehind() {
    String queue = "clean";
    var seen = new CopyOnWriteArrayList<String>();
    try (PostgresNode node = new PostgresNode(db)) {
      var waited = new ArrayList<String>();
      Consumption consumption =
          node.queue.consume(
              queue,
              1,
              w -> {
                if (waited.isEmpty()) {
                  waited.add("once");
                  return new Outcome.Later(Duration.ofMillis(1), _ -> {});
                }
                seen.add(w.payload());
                return new Outcome.Done(_ -> {});
              });
      consumption.start();
      db.tenants()
          .runInTenant(db.acme, tx -> node.queue.publish(tx, List.of(item(queue, "k", "p"))));
      Await.until("it is handled", () -> seen.size() == 1);
      consumption.stop(Duration.ofSeconds(5));
    }
    int left =
        db.tenants()
            .inTenant(
                db.acme,
                tx ->
                    tx.sql()
                        .createQuery(
                            "SELECT (SELECT count(*) FROM work_items WHERE queue = 'clean')"
                                + " + (SELECT count(*) FROM parked_keys WHERE queue = 'clean')")
                        .mapTo(Integer.class)
                        .one());
    assertThat(left).isZero();
  }

  /// Ten thousand slow calls of one tenant wait, of as many keys; the other's one call goes before nearly all of them.
  @Test
  void aLongRowOfSlowCallsDoesNotHoldUpAnotherTenant() {
    String queue = "slow-calls";
    int waiting = 10_000;
    int each = 8;
    var begun = new AtomicInteger();
    var before = new AtomicInteger(-1);
    try (PostgresNode node = new PostgresNode(db)) {
      var items = new ArrayList<WorkItem>();
      for (int i = 0; i < waiting; i++) {
        items.add(item(queue, "k" + i, "p" + i));
      }
      db.tenants().runInTenant(db.acme, tx -> node.queue.publish(tx, items));
      Consumption consumption =
          node.queue.consume(
              queue,
              2 * each,
              each,
              w -> {
                if (w.tenant().equals(db.globex)) {
                  before.set(begun.get());
                } else {
                  begun.incrementAndGet();
                  LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
                return new Outcome.Done(_ -> {});
              });
      consumption.start();
      Await.until("the row has begun", () -> begun.get() >= each);
      int at = begun.get();
      var text =
          new WorkItem(
              Ids.next(),
              db.globex,
              queue,
              "k",
              "text",
              "test",
              "text",
              "c",
              null,
              Instant.now(),
              0);
      db.tenants().runInTenant(db.globex, tx -> node.queue.publish(tx, List.of(text)));
      Await.until("the other tenant's call is made", () -> before.get() >= 0);
      assertThat(before.get() - at).isLessThan(waiting / 10);
      consumption.stop(Duration.ofSeconds(5));
    }
  }
}
