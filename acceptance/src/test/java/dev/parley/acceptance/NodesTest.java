package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.ExternalRedis;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Several processes, each with all roles, on one PostgreSQL: with Redis, without, and with one that dies.
class NodesTest {
  private static final int MESSAGES = 30;

  /// Processes, and two tenants whose users sit at different ones.
  private record Nodes(
      Path folder, Sandbox sandbox, ExternalPostgres postgres, List<Parley> all, Fixture tenants)
      implements AutoCloseable {

    static Nodes start(int count, Map<String, String> settings) {
      Path folder = Folders.temporary("nodes");
      Sandbox sandbox = Sandbox.start();
      ExternalPostgres postgres = ExternalPostgres.start(folder);
      var all = new ArrayList<Parley>();
      for (int i = 0; i < count; i++) {
        Parley.Options options =
            Parley.Options.in(folder.resolve("node" + i))
                .database(postgres)
                .sandbox(sandbox)
                .set("lease", "3s")
                .set("crypto.keys", "k1:" + Base64.getEncoder().encodeToString(new byte[32]));
        for (var setting : settings.entrySet()) {
          options = options.set(setting.getKey(), setting.getValue());
        }
        all.add(Parley.of(options));
      }
      Parley.startAll(all);
      Parley first = all.getFirst();
      Fixture tenants = Fixture.make(first.api(), first.operatorPassword(), sandbox, first.url());
      return new Nodes(folder, sandbox, postgres, all, tenants);
    }

    Parley node(int i) {
      return all.get(i % all.size());
    }

    Api api(int i, String role) {
      return tenants.acme().as(role).at(node(i).url());
    }

    Live live(int i, Tenant tenant, String role) {
      return Live.as(node(i).url(), tenant.as(role));
    }

    String conversation() {
      String customer = World.customer();
      sandbox.writeText(tenants.acme().number(), customer, "Hello");
      return tenants.acme().api().awaitConversation(customer, SOON).path("id").asText();
    }

    @Override
    public void close() {
      all.forEach(Parley::kill);
      all.forEach(Parley::close);
      postgres.close();
      sandbox.close();
      Folders.delete(folder);
    }
  }

  private static List<String> bodies(Live live, String conversation) {
    return live.events(conversation).stream()
        .map(e -> e.path("data").path("message").path("content").path("body").asText())
        .filter(body -> body.startsWith("number "))
        .toList();
  }

  /// Sends through all nodes in turn, one after the other.
  private static List<String> say(Nodes nodes, String conversation, String what) {
    List<String> said =
        IntStream.range(0, MESSAGES).mapToObj(i -> "number %s %d".formatted(what, i)).toList();
    for (int i = 0; i < said.size(); i++) {
      nodes.api(i, "agent").sendText(conversation, said.get(i));
    }
    return said;
  }

  private static void hears(Live live, String conversation, List<String> said) {
    hears(live, conversation, said, SOON);
  }

  private static void hears(Live live, String conversation, List<String> said, Duration most) {
    Wait.until("all of it is heard", most, () -> bodies(live, conversation).size() >= said.size());
    assertThat(bodies(live, conversation)).containsExactlyElementsOf(said);
  }

  private static String stateSeen(Api caller, String user) {
    return caller
        .get("/api/v1/presence?userIds=" + user)
        .ok()
        .path("items")
        .path(0)
        .path("state")
        .asText();
  }

  private static boolean tells(JsonNode message, String event, String user) {
    return message.path("event").asText().equals(event)
        && message.path("userId").asText().equals(user);
  }

  private static boolean tells(JsonNode message, String event, String user, String state) {
    return tells(message, event, user) && message.path("state").asText().equals(state);
  }

  @Test
  void twoNodesWithoutRedisHearEachOtherByPolling() {
    try (Nodes nodes = Nodes.start(2, Map.of("queue.poll", "100ms"))) {
      Tenant acme = nodes.tenants().acme();
      String conversation = nodes.conversation();
      try (Live here = nodes.live(0, acme, "agent");
          Live there = nodes.live(1, acme, "manager");
          Live stranger = nodes.live(1, nodes.tenants().globex(), "manager")) {
        here.follow("conversation:" + conversation);
        there.follow("inbox");
        stranger.follow("inbox", "events");
        List<String> said = say(nodes, conversation, "polled");
        hears(here, conversation, said);
        hears(there, conversation, said);
        assertThat(stranger.events(conversation)).isEmpty();
      }
    }
  }

  @Test
  void threeNodesWithRedisHearEachOtherAtOnceAndKnowWhoIsThere() {
    Assumptions.assumeTrue(ExternalRedis.installed());
    Path folder = Folders.temporary("redis");
    try (ExternalRedis redis = ExternalRedis.start(folder);
        Nodes nodes =
            Nodes.start(
                3,
                // So slow that whoever hears soon has not heard by polling.
                Map.of(
                    "redis.url",
                    redis.url(),
                    "queue.poll",
                    "8s",
                    "limit.read",
                    "100",
                    "typing.life",
                    "2s"))) {
      Tenant acme = nodes.tenants().acme();
      String conversation = nodes.conversation();
      String agentId = Objects.requireNonNull(acme.userIds().get("agent"));
      Live agent = nodes.live(0, acme, "agent");
      try (Live manager = nodes.live(1, acme, "manager");
          Live admin = nodes.live(2, acme, "admin");
          Live stranger = nodes.live(2, nodes.tenants().globex(), "admin")) {
        agent.follow("conversation:" + conversation);
        manager.follow("inbox");
        admin.follow("conversation:" + conversation);
        stranger.follow("inbox");
        List<String> said = say(nodes, conversation, "hinted");
        for (Live live : List.of(agent, manager, admin)) {
          hears(live, conversation, said, Duration.ofSeconds(3));
        }

        presence(nodes, agent, List.of(manager, admin), agentId);
        typing(agent, admin, conversation, agentId);
        limits(nodes);
        faults(nodes, redis, conversation, admin);

        agent.close();
        nodes.node(0).kill();
        manager.await(
            "the agent has gone with the node",
            m -> tells(m, "presence.updated", agentId, "offline"));
        assertThat(stranger.all())
            .noneMatch(m -> m.path("userId").asText().equals(agentId))
            .noneMatch(m -> m.path("conversationId").asText().equals(conversation));
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static void presence(Nodes nodes, Live agent, List<Live> others, String agentId) {
    for (int i = 0; i < 3; i++) {
      Api asking = nodes.api(i, "manager");
      Wait.until("seen online", SOON, () -> stateSeen(asking, agentId).equals("online"));
    }
    // Another tenant's user is one who is never there.
    Api stranger = nodes.tenants().globex().as("manager").at(nodes.node(1).url());
    assertThat(stateSeen(stranger, agentId)).isEqualTo("offline");
    Live.ok(agent.call("presence", Json.of("state", "away")));
    others.forEach(
        other -> other.await("is away", m -> tells(m, "presence.updated", agentId, "away")));
    Live.ok(agent.call("presence", Json.of("state", "online")));
    others.forEach(other -> other.await("is back", m -> tells(m, "presence.online", agentId)));
    // Chosen at a node where the agent has no device.
    nodes.api(2, "agent").call("PUT", "/api/v1/me/presence", "{\"state\":\"away\"}").expect(204);
    Wait.until("away", SOON, () -> stateSeen(nodes.api(1, "manager"), agentId).equals("away"));
    nodes.api(1, "agent").call("PUT", "/api/v1/me/presence", "{\"state\":\"online\"}").expect(204);
    Wait.until("back", SOON, () -> stateSeen(nodes.api(0, "manager"), agentId).equals("online"));
  }

  private static void typing(Live agent, Live other, String conversation, String agentId) {
    Live.ok(agent.call("typing.start", Json.of("conversationId", conversation)));
    other.await("types", m -> tells(m, "typing.started", agentId));
    other.await("no longer types, without a word", m -> tells(m, "typing.stopped", agentId));
    assertThat(agent.all()).noneMatch(m -> tells(m, "typing.started", agentId));
  }

  /// 100 a second and 200 at once are let through, whatever the node.
  private static void limits(Nodes nodes) {
    long begun = System.nanoTime();
    Api globex = nodes.tenants().globex().as("agent");
    List<Answer> answers =
        IntStream.range(0, 1500)
            .parallel()
            .mapToObj(i -> globex.at(nodes.node(i).url()).get("/api/v1/tenant"))
            .toList();
    double seconds = (System.nanoTime() - begun) / 1e9;
    long allowed = answers.stream().filter(answer -> answer.status() == 200).count();
    assertThat(allowed).isBetween(200L, (long) (200 + 100 * seconds) + 5);
    Answer refused =
        answers.stream().filter(answer -> answer.status() == 429).findFirst().orElseThrow();
    assertThat(refused.code()).isEqualTo("too-many");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.header("RateLimit-Limit")).isEqualTo("200");
    assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
    assertThat(refused.header("RateLimit-Reset")).isEqualTo("2");
    // Another tenant has limits of its own.
    nodes.api(0, "agent").get("/api/v1/tenant").expect(200);
  }

  /// Redis dies and comes back empty: no message is lost, no request fails, presence is back by itself.
  private static void faults(Nodes nodes, ExternalRedis redis, String conversation, Live admin) {
    String agentId = Objects.requireNonNull(nodes.tenants().acme().userIds().get("agent"));
    List<String> before = bodies(admin, conversation);
    redis.kill();
    Wait.until(
        "the agent's node says so",
        SOON,
        () -> nodes.node(0).api().get("/health/ready").text().contains("down"));
    nodes.node(0).api().get("/health/ready").expect(200);
    Wait.until(
        "unknown elsewhere",
        SOON,
        () -> stateSeen(nodes.api(1, "manager"), agentId).equals("unknown"));
    assertThat(stateSeen(nodes.api(0, "manager"), agentId)).isEqualTo("online");
    List<String> meanwhile = say(nodes, conversation, "alone");
    redis.start();
    Wait.until(
        "known again", SOON, () -> stateSeen(nodes.api(1, "manager"), agentId).equals("online"));
    List<String> after = say(nodes, conversation, "together");
    var all = new ArrayList<>(before);
    all.addAll(meanwhile);
    all.addAll(after);
    hears(admin, conversation, all);
  }
}
