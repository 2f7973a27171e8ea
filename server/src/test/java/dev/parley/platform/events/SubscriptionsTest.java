package dev.parley.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkQueue.Consumption;
import dev.parley.testing.Await;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriptionsTest {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Set<String> STEPS = Set.of("test.step");

  private final TestDatabase db = TestDatabase.create();

  @AfterAll
  void close() {
    db.close();
  }

  @EventType(value = "test.step", doc = "A step of a test.")
  record Step(String test, int number, UUID conversation) implements DomainEvent {
    @Override
    public @Nullable UUID inConversation() {
      return conversation;
    }
  }

  /// A process: its own leases and its own log, so that it hears of others' commits by polling only.
  private final class Node implements AutoCloseable {
    final Leases leases = new Leases(db.system(), UUID.randomUUID(), Duration.ofSeconds(1));
    final EventLog log = new EventLog(db.tenants(), InstantSource.system());
    final PostgresWorkQueue queue =
        new PostgresWorkQueue(
            db.tenants(),
            db.system(),
            leases,
            new PostgresWorkQueue.Settings(50, 3, 4, POLL, Duration.ofMillis(5)));
    final Subscriptions subscriptions =
        new Subscriptions(log, db.tenants(), db.system(), leases, queue, POLL);

    Node() {
      leases.start();
    }

    @Override
    public void close() {
      leases.stop();
    }
  }

  private record Seen(TenantId tenant, UUID conversation, int number) {}

  private static Stream<Seen> of(String test, List<StoredEvent> events) {
    return events.stream()
        .filter(e -> Json.tree(e.data()).path("test").asText().equals(test))
        .map(
            e ->
                new Seen(
                    e.tenantId(),
                    UUID.fromString(Json.tree(e.data()).path("conversation").asText()),
                    Json.tree(e.data()).path("number").asInt()));
  }

  private static Subscriptions.Handler remember(String test, List<Seen> seen) {
    return (tx, events) -> {
      List<Seen> batch = of(test, events).toList();
      tx.afterCommit(() -> seen.addAll(batch));
    };
  }

  private void publish(Node node, TenantId tenant, String test, int number, UUID conversation) {
    db.tenants()
        .runInTenant(
            tenant, tx -> node.log.publish(tx, conversation, new Step(test, number, conversation)));
  }

  private static void inOrder(List<Seen> seen, int all) {
    assertThat(seen).hasSize(all).doesNotHaveDuplicates();
    seen.stream()
        .map(Seen::conversation)
        .distinct()
        .forEach(
            conversation ->
                assertThat(
                        seen.stream()
                            .filter(s -> s.conversation().equals(conversation))
                            .map(Seen::number))
                    .isSorted());
  }

  @Test
  void everyEventOnceInOrderOverARestart() {
    var seen = new CopyOnWriteArrayList<Seen>();
    List<UUID> conversations = Stream.generate(UUID::randomUUID).limit(9).toList();
    for (int round = 0; round < 3; round++) {
      try (Node node = new Node()) {
        for (int i = 0; i < 40; i++) {
          TenantId tenant = i % 9 % 2 == 0 ? db.acme : db.globex;
          publish(node, tenant, "restart", round * 40 + i, conversations.get(i % 9));
        }
        Consumption consumption =
            node.subscriptions.subscribe("restart", STEPS, remember("restart", seen));
        consumption.start();
        int expected = (round + 1) * 40;
        Await.until("all so far", () -> seen.size() >= expected);
        consumption.stop(Duration.ofSeconds(5));
        assertThat(node.subscriptions.lags()).containsEntry("restart", 0L);
      }
    }
    inOrder(seen, 120);
  }

  @Test
  void whoWantsNothingIsPassedOverAndHearsOfWhatComesLater() {
    var seen = new CopyOnWriteArrayList<Seen>();
    var wanted = new AtomicBoolean();
    Subscriptions.Handler handler =
        new Subscriptions.Handler() {
          @Override
          public boolean wants(Tx tx) {
            return wanted.get() || tx.tenant().equals(db.globex);
          }

          @Override
          public void handle(Tx tx, List<StoredEvent> events) {
            remember("wants", seen).handle(tx, events);
          }
        };
    UUID conversation = UUID.randomUUID();
    try (Node node = new Node()) {
      Consumption consumption = node.subscriptions.subscribe("wants", STEPS, handler);
      consumption.start();
      publish(node, db.acme, "wants", 0, conversation);
      publish(node, db.globex, "wants", 1, conversation);
      Await.until("globex has heard", () -> seen.size() == 1);
      Await.until(
          "acme's are passed over",
          () -> node.subscriptions.lags(db.acme).getOrDefault("wants", -1L) == 0);
      wanted.set(true);
      publish(node, db.acme, "wants", 2, conversation);
      Await.until("acme has heard", () -> seen.size() == 2);
      consumption.stop(Duration.ofSeconds(5));
    }
    assertThat(seen).extracting(Seen::number).containsExactly(1, 2);
  }

  @Test
  void twoProcessesShareASubscription() {
    var seen = new CopyOnWriteArrayList<Seen>();
    List<UUID> conversations = Stream.generate(UUID::randomUUID).limit(30).toList();
    try (Node one = new Node();
        Node two = new Node()) {
      Consumption a = one.subscriptions.subscribe("shared", STEPS, remember("shared", seen));
      Consumption b = two.subscriptions.subscribe("shared", STEPS, remember("shared", seen));
      a.start();
      b.start();
      for (int i = 0; i < 600; i++) {
        publish(i % 3 == 0 ? two : one, db.acme, "shared", i, conversations.get(i % 30));
        if (i == 300) {
          b.stop(Duration.ofSeconds(5));
          two.leases.stop();
        }
      }
      Await.until("all", () -> seen.size() >= 600);
      a.stop(Duration.ofSeconds(5));
    }
    inOrder(seen, 600);
  }

  @EventType(value = "test.noise", doc = "What no subscription of these tests wants.")
  record Noise(UUID conversation) implements DomainEvent {}

  @Test
  void whatItDoesNotWantIsPassedOver() {
    var seen = new CopyOnWriteArrayList<StoredEvent>();
    List<UUID> conversations = Stream.generate(UUID::randomUUID).limit(20).toList();
    try (Node node = new Node()) {
      Consumption consumption =
          node.subscriptions.subscribe(
              "choosy", STEPS, (tx, events) -> tx.afterCommit(() -> seen.addAll(events)));
      consumption.start();
      for (int i = 0; i < 300; i++) {
        UUID conversation = conversations.get(i % 20);
        db.tenants()
            .runInTenant(
                db.globex, tx -> node.log.publish(tx, conversation, new Noise(conversation)));
        if (i % 30 == 0) {
          publish(node, db.globex, "choosy", i, conversation);
        }
      }
      Await.until("all are passed", () -> lag(node, "choosy") == 0);
      consumption.stop(Duration.ofSeconds(5));
    }
    inOrder(of("choosy", seen).toList(), 10);
    assertThat(seen).extracting(StoredEvent::type).containsOnly("test.step");
  }

  private static long lag(Node node, String subscription) {
    return node.subscriptions.lags().getOrDefault(subscription, -1L);
  }

  @Test
  void anEventThatFailsIsPutAsideAndItsConversationWaits() {
    var seen = new CopyOnWriteArrayList<Seen>();
    var tries = new AtomicInteger();
    var allow = new AtomicInteger(2);
    UUID stuck = UUID.randomUUID();
    List<UUID> free = Stream.generate(UUID::randomUUID).limit(40).toList();
    try (Node node = new Node()) {
      Consumption consumption =
          node.subscriptions.subscribe(
              "aside",
              STEPS,
              (tx, events) -> {
                List<Seen> batch = of("aside", events).toList();
                if (batch.stream().anyMatch(s -> s.conversation().equals(stuck) && s.number() == 0)
                    && tries.incrementAndGet() <= allow.get()) {
                  throw new IllegalStateException("not yet");
                }
                tx.afterCommit(() -> seen.addAll(batch));
              });
      consumption.start();
      for (int i = 0; i < 5; i++) {
        publish(node, db.acme, "aside", i, stuck);
      }
      for (UUID conversation : free) {
        publish(node, db.acme, "aside", 1, conversation);
      }
      Await.until("all in the end", () -> seen.size() >= 45);
      consumption.stop(Duration.ofSeconds(5));
    }
    inOrder(seen, 45);
    assertThat(new DeadLetters(db.tenants()).page(db.acme, "events:aside", null, 10)).isEmpty();
  }

  @Test
  void anEventThatNeverSucceedsIsADeadLetterAndTheLaterOnesGoOn() {
    var seen = new CopyOnWriteArrayList<Seen>();
    UUID stuck = UUID.randomUUID();
    var letters = new DeadLetters(db.tenants());
    try (Node node = new Node()) {
      Consumption consumption =
          node.subscriptions.subscribe(
              "never",
              STEPS,
              (tx, events) -> {
                List<Seen> batch = of("never", events).toList();
                if (batch.stream().anyMatch(s -> s.number() == 0)) {
                  throw new IllegalStateException("cannot be done");
                }
                tx.afterCommit(() -> seen.addAll(batch));
              });
      consumption.start();
      for (int i = 0; i < 5; i++) {
        publish(node, db.globex, "never", i, stuck);
      }
      Await.until("the later ones", () -> seen.size() >= 4);
      Await.until(
          "it is buried", () -> letters.page(db.globex, "events:never", null, 10).size() == 1);
      consumption.stop(Duration.ofSeconds(5));
    }
    inOrder(seen, 4);
    assertThat(letters.page(db.globex, "events:never", null, 10))
        .singleElement()
        .satisfies(
            dead -> {
              assertThat(dead.cause()).contains("cannot be done");
              assertThat(dead.kind()).isEqualTo("test.step");
              assertThat(dead.key()).isEqualTo(stuck.toString());
            });
    assertThat(letters.page(db.acme, "events:never", null, 10)).isEmpty();
  }
}
