package dev.parley.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.EventType;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.Tail;
import dev.parley.platform.json.Json;
import dev.parley.testing.Await;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Random histories: clients that come, go and come back, to one process or another, with a small memory.
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsTest {
  private static final int CONVERSATIONS = 8;

  private final TestDatabase db = TestDatabase.create();
  private final EventLog log = new EventLog(db.tenants(), InstantSource.system());
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final List<UUID> conversations = new ArrayList<>();

  StreamsTest() {
    for (int i = 0; i < CONVERSATIONS; i++) {
      conversations.add(UUID.randomUUID());
    }
  }

  @AfterAll
  void close() {
    loop.shutdownNow();
    db.close();
  }

  @EventType(value = "conversation.tested", doc = "Something happened in a test.")
  record Tested(UUID conversation, int n) implements DomainEvent {
    @Override
    public @Nullable UUID inConversation() {
      return conversation;
    }
  }

  /// What the credentials say: nothing has changed, unless a test says something else.
  private volatile UnaryOperator<Caller> standing = UnaryOperator.identity();

  private Map<UUID, Caller> current(TenantId tenant, Collection<Caller> callers) {
    var now = new HashMap<UUID, Caller>();
    callers.forEach(caller -> now.put(Credentials.key(caller), standing.apply(caller)));
    return now;
  }

  /// One process's view: a tail of its own, and what it keeps of it.
  private final class Node {
    final Recent recent;
    final Tail tail;
    final Streams streams;

    Node(EventLog events, int memory) {
      recent = new Recent(events, 1 << 22, memory);
      tail = new Tail(events, db.system(), Duration.ofMillis(15));
      tail.listen(recent);
      var metrics = new SimpleMeterRegistry();
      var bounds = new Bounds(1000, 1000, 1000, 1000, 1000, 65_536, 20_000, 100_000, HEARTBEAT);
      streams =
          new Streams(
              events,
              recent,
              new Everything(),
              _ -> Optional.empty(),
              new Commands(),
              bounds,
              new Measures(metrics, InstantSource.system()),
              new Counts(bounds, metrics),
              new Recheck(StreamsTest.this::current),
              event -> event,
              InstantSource.system());
      tail.start();
    }
  }

  private static final Duration HEARTBEAT = Duration.ofSeconds(60);

  private static final class Everything implements Rights {
    @Override
    public Set<UUID> own(Caller caller) {
      return Set.of();
    }

    @Override
    public Set<UUID> visible(Caller caller, Collection<UUID> asked) {
      return new HashSet<>(asked);
    }

    @Override
    public Optional<Standing> standing(Caller caller, UUID conversation) {
      return Optional.of(new Standing(true, true));
    }
  }

  private static final class Wanderer implements Connection {
    final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private final Random random;
    private final ScheduledExecutorService loop;
    private long queued;
    volatile @Nullable Closing closed;

    Wanderer(Random random, ScheduledExecutorService loop) {
      this.random = random;
      this.loop = loop;
    }

    @Override
    public void write(Frame frame) {
      told.add(Json.tree(frame.payload()));
      // A network that is slow now and then.
      queued = random.nextInt(4) == 0 ? queued + 1000 : 0;
    }

    @Override
    public void flush() {}

    @Override
    public long queued() {
      return queued;
    }

    @Override
    public void whenDrained(Runnable action) {
      var _ =
          loop.schedule(
              () -> {
                queued = 0;
                action.run();
              },
              random.nextInt(3),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean ping() {
      return false;
    }

    @Override
    public void close(Closing reason, Duration retryAfter) {
      closed = reason;
    }
  }

  /// Snapshot and events are what a fresh snapshot is: each of a client's conversations ends where the log ends, and
  /// every step was taken once and in order, wherever and whenever the client was connected.
  @Test
  void whoeverComesAndGoesHearsEverythingOnceAndInOrder() throws Exception {
    var here = new Node(log, 60);
    var there = new Node(new EventLog(db.tenants(), InstantSource.system()), 4000);
    var nodes = List.of(here, there);
    var writing = new AtomicBoolean(true);
    var clients = new ArrayList<CompletableFuture<Map<String, List<Integer>>>>();
    for (int i = 0; i < 6; i++) {
      var random = new Random(100 + i);
      clients.add(
          CompletableFuture.supplyAsync(
              () -> wander(db.acme, nodes, random, writing),
              Executors.newVirtualThreadPerTaskExecutor()));
    }
    var random = new Random(5);
    var counts = new HashMap<UUID, Integer>();
    for (int i = 0; i < 700; i++) {
      int events = 1 + random.nextInt(3);
      EventLog writer = random.nextBoolean() ? log : there.streams.log();
      db.tenants()
          .runInTenant(
              db.acme,
              tx -> {
                for (int n = 0; n < events; n++) {
                  UUID one = conversations.get(random.nextInt(CONVERSATIONS));
                  writer.publish(tx, one, new Tested(one, counts.merge(one, 1, Integer::sum)));
                }
              });
      db.tenants()
          .runInTenant(db.globex, tx -> log.publish(tx, 1, new Tested(conversations.get(0), -1)));
    }
    writing.set(false);
    for (var client : clients) {
      Map<String, List<Integer>> heard = client.get(60, TimeUnit.SECONDS);
      for (UUID one : conversations) {
        List<Integer> all = new ArrayList<>();
        for (int n = 1; n <= counts.getOrDefault(one, 0); n++) {
          all.add(n);
        }
        assertThat(heard.getOrDefault(one.toString(), List.of())).isEqualTo(all);
      }
    }
    nodes.forEach(node -> node.tail.stop());
  }

  @EventType(value = "user.role-changed", doc = "As in identity.")
  record RoleChanged(UUID userId) implements DomainEvent {}

  /// Nothing that is said after the change is told before the new rights are known, and then what they permit is.
  @Test
  void whoseRightsChangeIsHeldThereUntilTheyAreKnown() throws Exception {
    var node = new Node(log, 4000);
    var caller =
        new Caller(
            Caller.Kind.USER,
            UUID.randomUUID(),
            "somebody",
            db.acme,
            UUID.randomUUID(),
            Set.of(Permission.CONVERSATIONS_READ, Permission.EVENTS_READ, Permission.CHAT));
    var other =
        new Caller(
            Caller.Kind.USER,
            UUID.randomUUID(),
            "other",
            db.acme,
            UUID.randomUUID(),
            caller.permissions());
    var connection = new Wanderer(new Random(1), loop);
    var neighbour = new Wanderer(new Random(2), loop);
    UUID one = UUID.randomUUID();
    String cursor = end(db.acme).place().cursor(db.acme);
    Session session = enter(node, caller, connection, cursor, false);
    enter(node, other, neighbour, cursor, false);
    for (boolean permitted : List.of(true, false)) {
      connection.told.clear();
      neighbour.told.clear();
      var known = new CountDownLatch(1);
      standing =
          now -> {
            awaitLatch(known);
            return permitted ? now : now.with(Set.of(Permission.EVENTS_READ, Permission.CHAT));
          };
      loop.submit(() -> session.follows().mine(true)).get();
      db.tenants()
          .runInTenant(
              db.acme,
              tx -> {
                log.publish(tx, one, new Tested(one, 1));
                log.publish(tx, one, new RoleChanged(caller.id()));
                log.publish(tx, one, new Tested(one, 2));
              });
      Await.until("others hear all of it", () -> numbers(neighbour).equals(List.of(1, 2)));
      assertThat(numbers(connection)).containsExactly(1);
      known.countDown();
      Await.until(
          "it goes on",
          () ->
              permitted
                  ? numbers(connection).equals(List.of(1, 2))
                  : connection.told.stream().anyMatch(told -> told.has("permissions")));
      assertThat(connection.closed).isNull();
    }
    assertThat(numbers(connection)).containsExactly(1);
    assertThat(connection.told.getLast().path("ended").get(0).asText()).isEqualTo("inbox");
    // Who is left with nothing that it follows is closed.
    standing = now -> now.with(Set.of(Permission.SELF));
    db.tenants().runInTenant(db.acme, tx -> log.publish(tx, one, new RoleChanged(caller.id())));
    Await.until("it is closed", () -> connection.closed == Closing.REVOKED);
    standing = UnaryOperator.identity();
    node.tail.stop();
  }

  private static List<Integer> numbers(Wanderer connection) {
    return connection.told.stream()
        .filter(told -> told.path("data").has("n"))
        .map(told -> told.path("data").path("n").asInt())
        .toList();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, List<Integer>> wander(
      TenantId tenant, List<Node> nodes, Random random, AtomicBoolean writing) {
    var heard = new HashMap<String, List<Integer>>();
    var caller =
        new Caller(
            Caller.Kind.USER,
            UUID.randomUUID(),
            "somebody",
            tenant,
            UUID.randomUUID(),
            Set.of(Permission.CONVERSATIONS_READ));
    String cursor = dev.parley.platform.events.Place.START.cursor(tenant);
    boolean last = false;
    while (!last) {
      last = !writing.get();
      Node node = nodes.get(random.nextInt(nodes.size()));
      var connection = new Wanderer(random, loop);
      Session session = enter(node, caller, connection, cursor, random.nextBoolean());
      if (last) {
        Place end = end(tenant);
        String from = cursor;
        Await.until(
            "the client has come to the end",
            Duration.ofSeconds(30),
            () -> Place.of(tenant, connection, from).reaches(end));
      } else {
        pause(random.nextInt(40));
        // As if the role had changed to one that permits as much.
        loop.execute(session::reconsider);
        pause(random.nextInt(20));
      }
      assertThat(connection.closed).as("why it was closed").isNull();
      var done = new CompletableFuture<@Nullable Void>();
      loop.execute(
          () -> {
            session.ended();
            done.complete(null);
          });
      done.join();
      for (JsonNode event : connection.told) {
        if (!event.has("cursor")) {
          continue;
        }
        cursor = event.path("cursor").asText();
        heard
            .computeIfAbsent(event.path("conversationId").asText(), _ -> new ArrayList<>())
            .add(event.path("data").path("n").asInt());
      }
    }
    return heard;
  }

  private Session enter(
      Node node, Caller caller, Connection connection, String cursor, boolean byName) {
    var entered = new CompletableFuture<Session>();
    List<Topic> topics =
        byName
            ? conversations.stream().map(id -> (Topic) new Topic.Conversation(id)).toList()
            : List.of(new Topic.Inbox());
    loop.execute(
        () -> {
          Session session =
              node.streams.enter(loop, "test", new Callers.Pass(caller, null), connection);
          session.command(
              new Command.Subscribe(topics, cursor),
              ack -> {
                assertThat(ack).isInstanceOf(Ack.Done.class);
                entered.complete(session);
              });
        });
    return entered.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private Place end(TenantId tenant) {
    long[] seqs = new long[dev.parley.platform.lanes.Lanes.COUNT];
    log.heads(tenant).forEach((lane, seq) -> seqs[lane] = seq);
    return new Place(dev.parley.platform.events.Place.of(seqs));
  }

  /// Where a client is: the furthest of its cursors.
  private record Place(dev.parley.platform.events.Place place) {
    static Place of(TenantId tenant, Wanderer connection, String from) {
      List<JsonNode> told = connection.told;
      String cursor = told.isEmpty() ? from : told.getLast().path("cursor").asText();
      return new Place(dev.parley.platform.events.Place.parse(tenant, cursor));
    }

    boolean reaches(Place other) {
      return place.reaches(other.place());
    }
  }

  private static void pause(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    for (long left = 1; left > 0; left = end - System.nanoTime()) {
      java.util.concurrent.locks.LockSupport.parkNanos(left);
    }
  }
}
