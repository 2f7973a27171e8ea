package dev.parley.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.queue.WorkQueue.Consumption;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import dev.parley.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every work queue must hold, whatever stands behind it. An adapter's test implements the few methods that say
/// how to make one.
public interface WorkQueueContract {
  /// How often an item may fail in the queues that [#process] makes.
  int TRIES = 3;

  /// A process of its own that works on the queues: its own leases, threads and connections.
  interface Node extends AutoCloseable {
    /// Its queue.
    WorkQueue queue();

    @Override
    void close();
  }

  /// Starts a process: [#TRIES] tries, batches of at most 50, pauses of a few milliseconds.
  Node process();

  /// Where items are published and effects are written.
  TenantDb db();

  /// One of two tenants.
  TenantId acme();

  /// The other.
  TenantId globex();

  /// What has become a dead letter in a queue, oldest first.
  List<DeadLetter> deadLetters(TenantId tenant, String queue);

  private static String fresh() {
    return "q-" + UUID.randomUUID();
  }

  private WorkItem item(TenantId tenant, String queue, String key, String payload) {
    return new WorkItem(
        Ids.next(), tenant, queue, key, payload, "test", payload, "c-1", null, Instant.now(), 0);
  }

  private void publish(Node process, WorkItem... items) {
    var byTenant = new HashMap<TenantId, List<WorkItem>>();
    for (WorkItem item : items) {
      byTenant.computeIfAbsent(item.tenant(), _ -> new ArrayList<>()).add(item);
    }
    byTenant.forEach(
        (tenant, list) -> db().runInTenant(tenant, tx -> process.queue().publish(tx, list)));
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }

  private static void stop(Consumption consumption) {
    consumption.stop(Duration.ofSeconds(5));
  }

  @Test
  default void whatWasPublishedIsHandledOnceByAProcessThatStartsLater() {
    String queue = fresh();
    try (Node publisher = process()) {
      publish(publisher, item(acme(), queue, "k", "1"), item(globex(), queue, "k", "2"));
    }
    var seen = new CopyOnWriteArrayList<String>();
    for (int i = 0; i < 2; i++) {
      try (Node process = process()) {
        Consumption consumption =
            process.queue().consume(queue, (_, items) -> items.forEach(w -> seen.add(w.payload())));
        consumption.start();
        Await.until("both are handled", () -> seen.size() >= 2);
        publish(process, item(acme(), queue, "end", "end" + i));
        int expected = 3 + i;
        Await.until("what came after them is handled", () -> seen.size() >= expected);
        stop(consumption);
      }
    }
    assertThat(seen).containsExactlyInAnyOrder("1", "2", "end0", "end1");
  }

  @Test
  default void anItemCarriesEverythingItWasPublishedWith() {
    String queue = fresh();
    var seen = new CopyOnWriteArrayList<WorkItem>();
    var item =
        new WorkItem(
            Ids.next(),
            acme(),
            queue,
            "ключ",
            "dedup",
            "kind",
            "{\"a\":\"ä\\\"'{}\uD83D\uDC4D, \\\\ NULL\"}",
            "correlation",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Instant.parse("2026-01-02T03:04:05Z"),
            0);
    try (Node process = process()) {
      publish(process, item);
      Consumption consumption = process.queue().consume(queue, (_, items) -> seen.addAll(items));
      consumption.start();
      Await.until("it is handled", () -> !seen.isEmpty());
      stop(consumption);
    }
    assertThat(seen).containsExactly(item);
  }

  @Test
  default void theOrderOfAKeyIsKept() {
    String queue = fresh();
    var seen = new ConcurrentHashMap<String, List<Integer>>();
    try (Node process = process()) {
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  (_, items) ->
                      items.forEach(
                          w ->
                              seen.computeIfAbsent(w.key(), _ -> new CopyOnWriteArrayList<>())
                                  .add(Integer.parseInt(w.payload()))));
      consumption.start();
      for (int i = 0; i < 400; i++) {
        publish(process, item(acme(), queue, "key" + i % 7, Integer.toString(i)));
      }
      Await.until("all", () -> seen.values().stream().mapToInt(List::size).sum() == 400);
      stop(consumption);
    }
    assertThat(seen).hasSize(7);
    seen.values().forEach(list -> assertThat(list).isSorted());
  }

  @Test
  default void whatWasRolledBackIsNotThere() {
    String queue = fresh();
    var seen = new CopyOnWriteArrayList<String>();
    try (Node process = process()) {
      assertThatThrownBy(
              () ->
                  db().runInTenant(
                          acme(),
                          tx -> {
                            process.queue().publish(tx, List.of(item(acme(), queue, "k", "no")));
                            throw new IllegalArgumentException("rolled back");
                          }))
          .hasMessage("rolled back");
      publish(process, item(acme(), queue, "k", "yes"));
      Consumption consumption =
          process.queue().consume(queue, (_, items) -> items.forEach(w -> seen.add(w.payload())));
      consumption.start();
      Await.until("it is handled", () -> !seen.isEmpty());
      stop(consumption);
    }
    assertThat(seen).containsExactly("yes");
  }

  @Test
  default void aDuplicateIsDroppedWhileTheFirstWaits() {
    String queue = fresh();
    var seen = new CopyOnWriteArrayList<String>();
    try (Node process = process()) {
      for (int i = 0; i < 5; i++) {
        publish(process, item(acme(), queue, "k", "same"), item(globex(), queue, "k", "same"));
      }
      Consumption consumption =
          process
              .queue()
              .consume(queue, (_, items) -> items.forEach(w -> seen.add(w.tenant().toString())));
      consumption.start();
      Await.until("one of each tenant", () -> seen.size() >= 2);
      publish(process, item(acme(), queue, "k", "end"));
      Await.until("the end", () -> seen.size() >= 3);
      stop(consumption);
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(acme().toString(), globex().toString(), acme().toString());
  }

  @Test
  default void aFailingItemHoldsUpItsOwnKeyAndBecomesADeadLetter() {
    String queue = fresh();
    var seen = new CopyOnWriteArrayList<String>();
    var tries = new AtomicInteger();
    try (Node process = process()) {
      publish(
          process,
          item(acme(), queue, "bad", "poison"),
          item(acme(), queue, "bad", "after"),
          item(acme(), queue, "good", "fine"));
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  (_, items) ->
                      items.forEach(
                          w -> {
                            if (w.payload().equals("poison")) {
                              tries.incrementAndGet();
                              throw new IllegalStateException("cannot be done");
                            }
                            seen.add(w.payload());
                          }));
      consumption.start();
      Await.until("what comes after it is handled", () -> seen.contains("after"));
      stop(consumption);
    }
    assertThat(seen.indexOf("fine")).isLessThan(seen.lastIndexOf("after"));
    // Each try may begin with a batch, go on with a smaller one and end with the item alone.
    assertThat(tries.get()).isBetween(TRIES, 3 * TRIES);
    assertThat(deadLetters(acme(), queue))
        .singleElement()
        .satisfies(
            dead -> {
              assertThat(dead.payload()).isEqualTo("poison");
              assertThat(dead.key()).isEqualTo("bad");
              assertThat(dead.cause()).contains("cannot be done");
              assertThat(dead.attempts()).isEqualTo(TRIES);
            });
    assertThat(deadLetters(globex(), queue)).isEmpty();
  }

  @Test
  default void aSuccessorHasAllItsTries() {
    String queue = fresh();
    var tries = new ConcurrentHashMap<String, Integer>();
    try (Node process = process()) {
      publish(process, item(acme(), queue, "k", "first"), item(acme(), queue, "k", "second"));
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  (_, items) -> {
                    // Both fail, so that they are handled one by one; the first succeeds at its
                    // last try.
                    if (items.size() > 1) {
                      throw new IllegalStateException("not together");
                    }
                    int n = tries.merge(items.getFirst().payload(), 1, Integer::sum);
                    if (n < TRIES) {
                      throw new IllegalStateException("not yet");
                    }
                  });
      consumption.start();
      Await.until("the second has had its tries", () -> tries.getOrDefault("second", 0) == TRIES);
      stop(consumption);
    }
    assertThat(tries).containsEntry("first", TRIES).containsEntry("second", TRIES);
    assertThat(deadLetters(acme(), queue)).isEmpty();
  }

  @Test
  default void whatCanNeverBeHandledIsADeadLetterAtOnceAndAlone() {
    String queue = fresh();
    var seen = new CopyOnWriteArrayList<String>();
    var tries = new AtomicInteger();
    try (Node process = process()) {
      var items = new ArrayList<WorkItem>();
      for (int i = 0; i < 20; i++) {
        items.add(item(acme(), queue, "k" + i % 3, i == 7 ? "bad" : Integer.toString(i)));
      }
      publish(process, items.toArray(WorkItem[]::new));
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  (tx, batch) -> {
                    var done = new ArrayList<String>();
                    for (WorkItem w : batch) {
                      if (w.payload().equals("bad")) {
                        tries.incrementAndGet();
                        throw new Unprocessable("It has no beginning.");
                      }
                      done.add(w.payload());
                    }
                    tx.afterCommit(() -> seen.addAll(done));
                  });
      consumption.start();
      Await.until("its neighbours are handled", () -> seen.size() == 19);
      Await.until("it is buried", () -> deadLetters(acme(), queue).size() == 1);
      stop(consumption);
    }
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(tries.get()).isLessThanOrEqualTo(3);
    assertThat(deadLetters(acme(), queue))
        .singleElement()
        .satisfies(dead -> assertThat(dead.cause()).isEqualTo("It has no beginning."));
  }

  @Test
  default void anItemAloneIsDonePutOffOrFailed() {
    String queue = fresh();
    var tries = new ConcurrentHashMap<String, Integer>();
    try (Node process = process()) {
      publish(
          process,
          item(acme(), queue, "later", "later"),
          item(acme(), queue, "later", "behind"),
          item(acme(), queue, "failed", "failed"),
          item(acme(), queue, "thrown", "thrown"),
          item(acme(), queue, "never", "never"),
          item(acme(), queue, "done", "done"));
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  4,
                  w -> {
                    int n = tries.merge(w.payload(), 1, Integer::sum);
                    return switch (w.payload()) {
                      case "later" ->
                          n <= 2 * TRIES
                              ? new Outcome.Later(Duration.ofMillis(1), _ -> {})
                              : done();
                      case "failed" -> new Outcome.Failed(Duration.ofMillis(1), "refused", _ -> {});
                      case "thrown" -> throw new IllegalStateException("thrown");
                      case "never" -> throw new Unprocessable("never");
                      default -> done();
                    };
                  });
      consumption.start();
      Await.until("three are buried", () -> deadLetters(acme(), queue).size() == 3);
      Await.until("what is behind is handled", () -> tries.containsKey("behind"));
      stop(consumption);
    }
    // Waiting is no failure.
    assertThat(tries)
        .containsEntry("later", 2 * TRIES + 1)
        .containsEntry("failed", TRIES)
        .containsEntry("thrown", TRIES)
        .containsEntry("never", 1)
        .containsEntry("done", 1)
        .containsEntry("behind", 1);
  }

  @Test
  default void itemsAloneGoInParallelOverKeysAndOneByOneWithinAKey() {
    String queue = fresh();
    var underWay = ConcurrentHashMap.<String>newKeySet();
    var most = new AtomicInteger();
    var overlaps = new AtomicInteger();
    var seen = new ConcurrentHashMap<String, List<String>>();
    var several = new CountDownLatch(3);
    try (Node process = process()) {
      for (int i = 0; i < 90; i++) {
        publish(process, item(acme(), queue, "k" + i % 9, String.format("%03d", i)));
      }
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  3,
                  w -> {
                    if (!underWay.add(w.key())) {
                      overlaps.incrementAndGet();
                    }
                    most.accumulateAndGet(underWay.size(), Math::max);
                    several.countDown();
                    seen.computeIfAbsent(w.key(), _ -> new CopyOnWriteArrayList<>())
                        .add(w.payload());
                    await(several);
                    underWay.remove(w.key());
                    return done();
                  });
      consumption.start();
      Await.until("all", () -> seen.values().stream().mapToInt(List::size).sum() == 90);
      stop(consumption);
    }
    assertThat(overlaps.get()).isZero();
    assertThat(most.get()).isEqualTo(3);
    seen.values().forEach(list -> assertThat(list).isSorted().doesNotHaveDuplicates());
  }

  /// One tenant's calls hang, more of them than there may be at a time; the other tenant's go on.
  @Test
  default void aTenantHasItsShareOfWhatGoesInParallel() {
    String queue = fresh();
    var release = new CountDownLatch(1);
    var hanging = new AtomicInteger();
    var seen = ConcurrentHashMap.<String>newKeySet();
    try (Node process = process()) {
      for (int i = 0; i < 30; i++) {
        publish(process, item(acme(), queue, "a" + i, "a" + i));
      }
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  4,
                  2,
                  w -> {
                    if (w.tenant().equals(acme())) {
                      hanging.incrementAndGet();
                      await(release);
                    }
                    seen.add(w.payload());
                    return done();
                  });
      consumption.start();
      Await.until("acme hangs", () -> hanging.get() == 2);
      for (int i = 0; i < 10; i++) {
        publish(process, item(globex(), queue, "g" + i, "g" + i));
      }
      Await.until("globex is done", () -> seen.size() == 10);
      assertThat(hanging.get()).isEqualTo(2);
      release.countDown();
      Await.until("all", () -> seen.size() == 40);
      stop(consumption);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(5, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  default void aKeyThatIsStuckDoesNotHoldUpOthers() {
    String queue = fresh();
    var release = new CountDownLatch(1);
    var seen = ConcurrentHashMap.<String>newKeySet();
    try (Node process = process()) {
      // Far more than a batch of the stuck key before the others.
      publish(
          process,
          IntStream.range(0, 300)
              .mapToObj(i -> item(acme(), queue, "stuck", "stuck" + i))
              .toArray(WorkItem[]::new));
      publish(
          process,
          IntStream.range(0, 20)
              .mapToObj(i -> item(acme(), queue, "k" + i, "free" + i))
              .toArray(WorkItem[]::new));
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  8,
                  w -> {
                    if (w.payload().equals("stuck0")) {
                      await(release);
                    }
                    seen.add(w.payload());
                    return done();
                  });
      consumption.start();
      Await.until("the others go on", () -> seen.size() == 20);
      assertThat(seen).noneMatch(payload -> payload.startsWith("stuck"));
      release.countDown();
      Await.until("the rest", Duration.ofSeconds(30), () -> seen.size() == 320);
      stop(consumption);
    }
  }

  @Test
  default void stoppingWaitsForWhatIsUnderWayAndBeginsNothingNew() {
    String queue = fresh();
    var begun = new AtomicInteger();
    var finished = new AtomicInteger();
    var release = new CountDownLatch(1);
    try (Node process = process()) {
      for (int i = 0; i < 10; i++) {
        publish(process, item(acme(), queue, "k" + i, "p" + i));
      }
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  1,
                  _ -> {
                    begun.incrementAndGet();
                    await(release);
                    finished.incrementAndGet();
                    return done();
                  });
      consumption.start();
      Await.until("one is under way", () -> begun.get() == 1);
      Thread releasing =
          Thread.ofVirtual()
              .start(
                  () -> {
                    java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                    release.countDown();
                  });
      stop(consumption);
      assertThat(finished.get()).isEqualTo(1);
      assertThat(begun.get()).isEqualTo(1);
      assertThat(releasing.isAlive()).isFalse();
    }
  }

  @Test
  default void twoProcessesShareTheWorkAndHandleEachItemOnce() {
    String queue = fresh();
    Map<String, Integer> effects = new ConcurrentHashMap<>();
    Set<Integer> workers = ConcurrentHashMap.newKeySet();
    try (Node one = process()) {
      Node two = process();
      Consumption a =
          one.queue().consume(queue, (tx, items) -> count(tx, items, effects, workers, 1));
      Consumption b =
          two.queue().consume(queue, (tx, items) -> count(tx, items, effects, workers, 2));
      a.start();
      b.start();
      int all = 1500;
      for (int i = 0; i < all; i++) {
        publish(one, item(i % 2 == 0 ? acme() : globex(), queue, "k" + i % 40, "p" + i));
        if (i == 2 * all / 3) {
          stop(b);
          two.close();
        }
      }
      Await.until("all", Duration.ofSeconds(30), () -> effects.size() == all);
      stop(a);
    }
    assertThat(new HashSet<>(effects.values())).containsExactly(1);
    assertThat(workers).containsExactlyInAnyOrder(1, 2);
  }

  private static void count(
      dev.parley.platform.db.Tx tx,
      List<WorkItem> items,
      Map<String, Integer> effects,
      Set<Integer> workers,
      int worker) {
    tx.afterCommit(
        () -> {
          workers.add(worker);
          items.forEach(w -> effects.merge(w.payload(), 1, Integer::sum));
        });
  }

  @Test
  default void tenantsTakeTurns() {
    String queue = fresh();
    var handled = new AtomicInteger();
    var before = new AtomicInteger(-1);
    try (Node process = process()) {
      publish(
          process,
          IntStream.range(0, 5000)
              .mapToObj(i -> item(acme(), queue, "k" + i % 100, "p" + i))
              .toArray(WorkItem[]::new));
      Consumption consumption =
          process
              .queue()
              .consume(
                  queue,
                  (tx, items) -> {
                    boolean small = tx.tenant().equals(globex());
                    assertThat(items).allMatch(w -> w.tenant().equals(tx.tenant()));
                    tx.afterCommit(
                        () -> {
                          if (small) {
                            before.set(handled.get());
                          } else {
                            handled.addAndGet(items.size());
                          }
                        });
                  });
      consumption.start();
      Await.until("the burst is under way", () -> handled.get() > 0);
      int at = handled.get();
      publish(process, item(globex(), queue, "k", "single"));
      Await.until("the single one is handled", () -> before.get() >= 0);
      assertThat(before.get() - at).isLessThan(3000);
      Await.until("all", Duration.ofSeconds(30), () -> handled.get() == 5000);
      stop(consumption);
    }
  }
}
