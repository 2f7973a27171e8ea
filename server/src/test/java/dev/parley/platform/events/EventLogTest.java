package dev.parley.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import dev.parley.testing.Await;
import dev.parley.testing.Connections;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventLogTest {
  private static final Duration POLL = Duration.ofMillis(30);

  private final TestDatabase db = TestDatabase.create();
  private final EventLog log = new EventLog(db.tenants(), InstantSource.system());

  @AfterAll
  void close() {
    db.close();
  }

  @EventType(value = "test.happened", doc = "Something happened in a test.")
  record Happened(String what, @Nullable UUID conversation) implements DomainEvent {
    @Override
    public @Nullable UUID inConversation() {
      return conversation;
    }
  }

  private record Untyped() implements DomainEvent {}

  private static String what(StoredEvent event) {
    return dev.parley.platform.json.Json.tree(event.data()).path("what").asText();
  }

  @Test
  void racingTransactionsLeaveNoGapAndNoLateLowerNumber() throws InterruptedException {
    int lane = 3;
    int writers = 6;
    int each = 60;
    var seen = new ArrayList<StoredEvent>();
    var late = new CopyOnWriteArrayList<String>();
    var writing = new AtomicBoolean(true);
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  long last = 0;
                  boolean more = true;
                  while (more) {
                    more = writing.get();
                    for (StoredEvent e : log.read(new LaneKey(db.acme, lane), last, 1000)) {
                      if (e.seq() != last + 1) {
                        late.add(last + " then " + e.seq());
                      }
                      last = e.seq();
                      seen.add(e);
                    }
                  }
                });
    var threads =
        IntStream.range(0, writers)
            .mapToObj(
                w ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              var random = new Random(w);
                              for (int i = 0; i < each; i++) {
                                write(random, w, i);
                              }
                            }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    writing.set(false);
    reader.join();
    assertThat(late).isEmpty();
    assertThat(seen.stream().map(StoredEvent::seq))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, seen.size()).boxed().toList());
    assertThat(log.heads(db.acme)).containsEntry(lane, (long) seen.size());
    assertThat(log.read(new LaneKey(db.globex, lane), 0, 10)).isEmpty();
    // What was rolled back is not there, and what was committed is.
    assertThat(seen.stream().map(EventLogTest::what).filter(w -> w.endsWith("!"))).isEmpty();
    assertThat(seen.stream().map(EventLogTest::what)).doesNotHaveDuplicates();
  }

  /// One to three events in two lanes, in either order of lanes; one in five transactions is rolled back.
  private void write(Random random, int writer, int i) {
    boolean fails = random.nextInt(5) == 0;
    int most = 1 + random.nextInt(3);
    boolean otherFirst = random.nextBoolean();
    try {
      db.tenants()
          .runInTenant(
              db.acme,
              tx -> {
                if (otherFirst) {
                  log.publish(tx, 5, new Happened("other", null));
                }
                for (int n = 0; n < most; n++) {
                  log.publish(
                      tx, 3, new Happened(writer + "-" + i + "-" + n + (fails ? "!" : ""), null));
                }
                if (!otherFirst) {
                  log.publish(tx, 5, new Happened("other", null));
                }
                if (fails) {
                  tx.beforeCommit(
                      _ -> {
                        throw new IllegalArgumentException("rolled back");
                      });
                }
              });
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage("rolled back");
    }
  }

  @Test
  void anEventWithoutATypeIsRefused() {
    assertThatThrownBy(
            () -> db.tenants().runInTenant(db.acme, tx -> log.publish(tx, 1, new Untyped())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tailsOfTwoProcessesSeeEverythingOnceAndInOrder() throws InterruptedException {
    var otherLog = new EventLog(db.tenants(), InstantSource.system());
    var here = new Tail(log, db.system(), POLL);
    var there = new Tail(otherLog, db.system(), POLL);
    Map<String, List<StoredEvent>> seen = new ConcurrentHashMap<>();
    listen(here, "here", seen);
    listen(there, "there", seen);
    here.start();
    there.start();
    int writers = 4;
    int each = 50;
    var threads =
        IntStream.range(0, writers)
            .mapToObj(
                w ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              for (int i = 0; i < each; i++) {
                                String what = "tail " + w + " " + i;
                                TenantId tenant = i % 2 == 0 ? db.acme : db.globex;
                                db.tenants()
                                    .runInTenant(
                                        tenant,
                                        tx -> log.publish(tx, 8 + w % 2, new Happened(what, null)));
                              }
                            }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    for (String who : List.of("here", "there")) {
      Await.until(
          who + " sees all", () -> seen.getOrDefault(who, List.of()).size() >= writers * each);
    }
    here.stop();
    there.stop();
    seen.forEach(
        (who, events) -> {
          assertThat(events).as(who).hasSize(writers * each);
          assertThat(events.stream().map(StoredEvent::id)).doesNotHaveDuplicates();
          events.stream()
              .map(e -> new LaneKey(e.tenantId(), e.lane()))
              .distinct()
              .forEach(
                  key ->
                      assertThat(
                              events.stream()
                                  .filter(e -> e.tenantId().equals(key.tenant()))
                                  .filter(e -> e.lane() == key.lane())
                                  .map(StoredEvent::seq))
                          .isSorted());
        });
  }

  private static void listen(Tail tail, String who, Map<String, List<StoredEvent>> seen) {
    tail.listen(
        events ->
            seen.computeIfAbsent(who, _ -> new CopyOnWriteArrayList<>())
                .addAll(events.stream().filter(e -> what(e).startsWith("tail")).toList()));
    tail.listen(
        _ -> {
          throw new IllegalStateException("a listener that fails does not disturb the others");
        });
  }

  @Test
  void aTailThatWasCutOffMissesNothing() {
    var connections = new Connections(db.database().system());
    var otherLog = new EventLog(db.tenants(), InstantSource.system());
    var tail = new Tail(otherLog, new SystemDb(connections), POLL);
    var seen = new CopyOnWriteArrayList<String>();
    tail.listen(events -> events.forEach(e -> seen.add(what(e))));
    tail.start();
    connections.away(true);
    db.tenants().runInTenant(db.acme, tx -> log.publish(tx, 11, new Happened("while away", null)));
    connections.away(false);
    Await.until("it catches up", () -> seen.contains("while away"));
    tail.stop();
  }

  @Test
  void aTailThatStartsSeesNothingOfBefore() {
    db.tenants().runInTenant(db.acme, tx -> log.publish(tx, 12, new Happened("before", null)));
    var tail = new Tail(log, db.system(), POLL);
    var seen = new CopyOnWriteArrayList<String>();
    tail.listen(events -> events.forEach(e -> seen.add(what(e))));
    tail.start();
    db.tenants().runInTenant(db.acme, tx -> log.publish(tx, 12, new Happened("after", null)));
    Await.until("it sees what comes", () -> seen.contains("after"));
    tail.stop();
    assertThat(seen).doesNotContain("before");
  }

  @Test
  void anEnvelopeIsReadAsItWasWritten() {
    UUID conversation = UUID.randomUUID();
    int lane = Lanes.of(db.globex, conversation.toString());
    db.tenants()
        .runInTenant(
            db.globex,
            tx -> log.publish(tx, conversation, new Happened("ümläut \"quoted\"", conversation)));
    StoredEvent stored =
        log.read(new LaneKey(db.globex, lane), 0, 1000).stream()
            .filter(e -> conversation.equals(e.conversationId()))
            .findFirst()
            .orElseThrow();
    StoredEvent read = StoredEvent.parse(dev.parley.platform.json.Json.write(stored));
    assertThat(dev.parley.platform.json.Json.tree(read.data()))
        .isEqualTo(dev.parley.platform.json.Json.tree(stored.data()));
    assertThat(read).usingRecursiveComparison().ignoringFields("data").isEqualTo(stored);
  }
}
