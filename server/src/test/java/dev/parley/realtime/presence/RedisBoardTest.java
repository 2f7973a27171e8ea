package dev.parley.realtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.testing.Await;
import dev.parley.testing.RealRedis;
import dev.parley.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

@Tag("slow")
@EnabledIf("dev.parley.testing.RealRedis#installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisBoardTest implements PresenceBoardContract {
  // No machine is so busy that a node passes for dead in a test where none is meant to die.
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final Duration SHORT_LIFE = Duration.ofMillis(1500);

  private final RealRedis redis = RealRedis.start();
  private final Map<PresenceNode, RedisClient> nodes = new HashMap<>();

  @BeforeEach
  void empty() {
    RedisClient client = redis.client();
    RealRedis.connect(client);
    client.call(RedisCommand.of("FLUSHALL"));
    client.close();
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(
        (node, client) -> {
          node.close();
          client.close();
        });
    nodes.clear();
  }

  @AfterAll
  void close() {
    redis.close();
  }

  @Override
  public PresenceNode node() {
    return node(LIFE);
  }

  private PresenceNode node(Duration life) {
    RedisClient client = redis.client();
    var node = new PresenceNode();
    var board =
        new RedisBoard(
            client,
            new RedisBoard.Settings("node-" + nodes.size(), life, true),
            node.engine,
            node.pending,
            node,
            System::nanoTime,
            new TestClock());
    nodes.put(node, client);
    RealRedis.connect(client);
    node.with(board);
    UUID nobody = UUID.randomUUID();
    PresenceBoardContract.awaitState(node, ACME, nobody, PresenceState.OFFLINE);
    return node;
  }

  private void flush(PresenceNode through) {
    client(through).call(RedisCommand.of("FLUSHALL"));
  }

  private RedisClient client(PresenceNode node) {
    RedisClient client = nodes.get(node);
    if (client == null) {
      throw new IllegalStateException("not a node of this test");
    }
    return client;
  }

  @Test
  void aUserWithDevicesOnTwoNodesIsThereUntilBothAreGone() {
    PresenceNode one = node();
    PresenceNode two = node();
    UUID ada = UUID.randomUUID();
    Device phone = one.engine.connect(ACME, ada, true);
    PresenceBoardContract.awaitTold(two, ada, PresenceState.ONLINE);
    Device desk = two.engine.connect(ACME, ada, true);
    two.settle();
    phone.away(true);
    one.settle();
    phone.close();
    one.settle();
    desk.away(true);
    for (PresenceNode node : List.of(one, two)) {
      PresenceBoardContract.awaitTold(node, ada, PresenceState.ONLINE, PresenceState.AWAY);
      PresenceBoardContract.awaitState(node, ACME, ada, PresenceState.AWAY);
    }
    desk.close();
    for (PresenceNode node : List.of(one, two)) {
      PresenceBoardContract.awaitTold(
          node, ada, PresenceState.ONLINE, PresenceState.AWAY, PresenceState.OFFLINE);
    }
  }

  @Test
  void allNodesHearTheSameInTheSameOrder() {
    List<PresenceNode> all = List.of(node(), node(), node());
    UUID ada = UUID.randomUUID();
    for (int round = 0; round < 100; round++) {
      all.parallelStream().map(node -> node.engine.connect(ACME, ada, true)).forEach(Device::close);
    }
    Device last = all.getFirst().engine.connect(ACME, ada, true);
    last.away(true);
    for (PresenceNode node : all) {
      Await.until(
          "the last state is heard of",
          () -> {
            var told = PresenceBoardContract.told(node, ACME, ada);
            return !told.isEmpty() && told.getLast() == PresenceState.AWAY;
          });
    }
    var first = PresenceBoardContract.told(all.getFirst(), ACME, ada);
    for (PresenceNode node : all) {
      assertThat(PresenceBoardContract.told(node, ACME, ada)).isEqualTo(first);
    }
    for (int i = 1; i < first.size(); i++) {
      assertThat(first.get(i)).isNotEqualTo(first.get(i - 1));
    }
  }

  @Test
  void beingAwayByChoiceReachesTheNodesWhereTheDevicesAre() {
    PresenceNode one = node();
    PresenceNode two = node();
    UUID ada = UUID.randomUUID();
    two.engine.connect(ACME, ada, true);
    PresenceBoardContract.awaitState(one, ACME, ada, PresenceState.ONLINE);
    one.board().choose(ACME, ada, true);
    PresenceBoardContract.awaitState(one, ACME, ada, PresenceState.AWAY);
    one.engine.connect(ACME, ada, true);
    one.board().choose(ACME, ada, false);
    PresenceBoardContract.awaitState(one, ACME, ada, PresenceState.ONLINE);
    PresenceBoardContract.awaitTold(
        two, ada, PresenceState.ONLINE, PresenceState.AWAY, PresenceState.ONLINE);
  }

  @Test
  void theUsersOfANodeThatDiesGoWithItAndOneOtherNotesWhen() {
    PresenceNode one = node(SHORT_LIFE);
    PresenceNode two = node(SHORT_LIFE);
    PresenceNode three = node(SHORT_LIFE);
    var users = new ArrayList<UUID>();
    for (int i = 0; i < 1500; i++) {
      users.add(UUID.randomUUID());
      one.engine.connect(ACME, users.getLast(), true);
    }
    UUID both = users.getFirst();
    two.engine.connect(ACME, both, true);
    PresenceBoardContract.awaitState(two, ACME, users.getLast(), PresenceState.ONLINE);
    one.pause();
    for (UUID user : users.subList(1, users.size())) {
      Await.until(
          "gone with its node",
          () ->
              PresenceBoardContract.told(two, ACME, user)
                  .equals(List.of(PresenceState.ONLINE, PresenceState.OFFLINE)));
    }
    assertThat(PresenceBoardContract.told(two, ACME, both)).containsExactly(PresenceState.ONLINE);
    PresenceBoardContract.awaitState(three, ACME, both, PresenceState.ONLINE);
    Await.until("noted", () -> two.reaped.size() + three.reaped.size() == 1499);

    // It was only paused: all its users are back without any of them doing anything.
    one.goOn();
    for (UUID user : List.of(users.get(1), users.getLast())) {
      PresenceBoardContract.awaitState(two, ACME, user, PresenceState.ONLINE);
    }
  }

  @Test
  void whoHasNoUsersOfItsOwnCanAskTheOthers() {
    PresenceNode one = node();
    UUID ada = UUID.randomUUID();
    RedisClient client = redis.client();
    var asking = new PresenceNode();
    nodes.put(asking, client);
    asking.with(
        new RedisBoard(
            client,
            new RedisBoard.Settings("asking", LIFE, false),
            asking.engine,
            asking.pending,
            asking,
            System::nanoTime,
            new TestClock()));
    asking.pause();
    assertThat(PresenceBoardContract.read(asking, ACME, ada)).isEqualTo(PresenceState.UNKNOWN);
    RealRedis.connect(client);
    assertThat(PresenceBoardContract.read(asking, ACME, ada)).isEqualTo(PresenceState.OFFLINE);
    one.engine.connect(ACME, ada, true);
    PresenceBoardContract.awaitState(asking, ACME, ada, PresenceState.ONLINE);
    one.pause();
    flush(one);
    assertThat(PresenceBoardContract.read(asking, ACME, ada)).isEqualTo(PresenceState.UNKNOWN);
  }

  @Test
  void whatWasFlushedIsUnknownAndThenWrittenAnewFromTheDevices() {
    PresenceNode one = node();
    PresenceNode two = node();
    UUID ada = UUID.randomUUID();
    UUID bob = UUID.randomUUID();
    one.engine.connect(ACME, ada, true);
    two.engine.connect(ACME, bob, true);
    PresenceBoardContract.awaitState(one, ACME, bob, PresenceState.ONLINE);
    PresenceBoardContract.awaitState(two, ACME, ada, PresenceState.ONLINE);
    one.pause();
    two.pause();
    flush(one);
    assertThat(PresenceBoardContract.read(one, ACME, ada)).isEqualTo(PresenceState.ONLINE);
    assertThat(PresenceBoardContract.read(one, ACME, bob)).isEqualTo(PresenceState.UNKNOWN);
    one.goOn();
    two.goOn();
    PresenceBoardContract.awaitState(one, ACME, bob, PresenceState.ONLINE);
    PresenceBoardContract.awaitState(two, ACME, ada, PresenceState.ONLINE);
    assertThat(PresenceBoardContract.told(one, ACME, bob)).containsExactly(PresenceState.ONLINE);
  }

  @Test
  void whileRedisIsGoneANodeKnowsItsOwnAndWhatChangedIsToldLater() {
    PresenceNode one = node();
    PresenceNode two = node();
    UUID ada = UUID.randomUUID();
    UUID bob = UUID.randomUUID();
    Device phone = one.engine.connect(ACME, ada, true);
    two.engine.connect(ACME, bob, true);
    PresenceBoardContract.awaitTold(two, ada, PresenceState.ONLINE);
    PresenceBoardContract.awaitTold(one, bob, PresenceState.ONLINE);
    redis.kill();
    Await.until("away", () -> client(one).state() == RedisClient.State.DOWN);
    assertThat(PresenceBoardContract.read(one, ACME, ada)).isEqualTo(PresenceState.ONLINE);
    assertThat(PresenceBoardContract.read(one, ACME, bob)).isEqualTo(PresenceState.UNKNOWN);
    UUID eve = UUID.randomUUID();
    one.engine.connect(ACME, eve, true);
    phone.close();
    PresenceBoardContract.awaitTold(one, eve, PresenceState.ONLINE);
    PresenceBoardContract.awaitTold(one, ada, PresenceState.ONLINE, PresenceState.OFFLINE);
    redis.startAgain();
    PresenceBoardContract.awaitState(one, ACME, bob, PresenceState.ONLINE);
    Await.until(
        "told after all",
        () ->
            PresenceBoardContract.told(two, ACME, eve).contains(PresenceState.ONLINE)
                && PresenceBoardContract.told(two, ACME, ada).contains(PresenceState.OFFLINE));
  }

  @Test
  void aRedisThatHangsMakesNobodyWaitLong() {
    PresenceNode one = node();
    UUID ada = UUID.randomUUID();
    one.engine.connect(ACME, ada, true);
    PresenceBoardContract.awaitState(one, ACME, ada, PresenceState.ONLINE);
    redis.pause();
    try {
      Await.until("away", () -> client(one).state() == RedisClient.State.DOWN);
      long begun = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        PresenceBoardContract.read(one, ACME, ada);
        one.engine.connect(ACME, UUID.randomUUID(), true);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    } finally {
      redis.goOn();
    }
    Await.until("back", () -> client(one).state() == RedisClient.State.UP);
    PresenceBoardContract.awaitState(one, ACME, ada, PresenceState.ONLINE);
  }
}
