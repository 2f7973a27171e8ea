package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.SocketIo;
import dev.parley.acceptance.driver.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The plain WebSocket, against a running server.
class LiveTest {
  private static final Duration SOON = World.SOON;
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();

  private String conversation(Tenant tenant) {
    String customer = World.customer();
    world.sandbox.writeText(tenant.number(), customer, "Hello");
    return tenant.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private static boolean says(JsonNode event, String text) {
    return event.path("data").path("message").path("content").path("body").asText().equals(text);
  }

  private static List<String> bodies(List<JsonNode> events) {
    return events.stream()
        .map(e -> e.path("data").path("message").path("content").path("body").asText())
        .filter(body -> !body.isEmpty())
        .toList();
  }

  @Test
  void whatOneSaysOthersHearInOrderAndOtherTenantsNever() {
    String conversation = conversation(acme);
    try (Live manager = Live.as(world.server.url(), acme.as("manager"));
        Live agent = Live.as(world.server.url(), acme.as("agent"));
        Live stranger = Live.as(world.server.url(), globex.as("admin"))) {
      manager.follow("conversation:" + conversation);
      agent.follow("inbox");
      stranger.follow("inbox", "events");
      List<String> said = IntStream.range(0, 20).mapToObj(i -> "in order " + i).toList();
      for (String text : said) {
        Live.ok(
            agent.call(
                "message.send",
                Json.of(
                    "conversationId",
                    conversation,
                    "key",
                    text,
                    "content",
                    Json.of("type", "text", "body", text))));
      }
      manager.await("the last one", e -> says(e, said.getLast()));
      agent.await("the last one", e -> says(e, said.getLast()));
      assertThat(bodies(manager.events(conversation))).containsExactlyElementsOf(said);
      assertThat(bodies(agent.events(conversation))).containsExactlyElementsOf(said);
      JsonNode refused = stranger.call("subscribe", topics("conversation:" + conversation));
      assertThat(refused.path("error").path("code").asText()).isEqualTo("not-found");
      assertThat(stranger.events(conversation)).isEmpty();
    }
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode topics(String... topics) {
    return Json.of("topics", List.of(topics));
  }

  @Test
  void whoComesBackGetsWhatItMissedOnce() {
    String conversation = conversation(acme);
    String topic = "conversation:" + conversation;
    Live first = Live.as(world.server.url(), acme.as("agent"));
    String start = first.follow(topic).path("cursor").asText();
    acme.as("agent").sendText(conversation, "one");
    first.await("one", e -> says(e, "one"));
    String kept = first.cursor().orElseThrow();
    first.drop();
    acme.as("agent").sendText(conversation, "two");
    acme.as("agent").sendText(conversation, "three");
    try (Live second = Live.as(world.server.url(), acme.as("agent"));
        Live third = Live.as(world.server.url(), acme.as("agent"))) {
      second.resume(kept, topic);
      third.resume(start, topic);
      acme.as("agent").sendText(conversation, "four");
      second.await("four", e -> says(e, "four"));
      third.await("four", e -> says(e, "four"));
      assertThat(bodies(second.events(conversation))).containsExactly("two", "three", "four");
      assertThat(bodies(third.events(conversation))).containsExactly("one", "two", "three", "four");
    }
  }

  /// A new user, signed in.
  private record Joined(String id, Api api) {}

  private Joined user(String role) {
    String email = role + World.customer() + "@acme.example";
    String password = Tenant.password("acme");
    String id = acme.as("admin").createUser(email, "New", role, password).path("id").asText();
    return new Joined(id, world.server.api().login(email, password, "acme"));
  }

  private void change(Joined user, String what, String to) {
    acme.as("admin").patch("/api/v1/users/" + user.id(), Json.of(what, to)).ok();
  }

  @Test
  void aRevokedUserIsCutOff() {
    String conversation = conversation(acme);
    Joined user = user("agent");
    try (Live leaver = Live.as(world.server.url(), user.api())) {
      leaver.follow("inbox");
      acme.as("agent").sendText(conversation, "before");
      leaver.await("before", e -> says(e, "before"));
      change(user, "state", "disabled");
      acme.as("agent").sendText(conversation, "after");
      assertThat(leaver.awaitClosed(SOON).code()).isEqualTo(4011);
      assertThat(bodies(leaver.events(conversation))).containsExactly("before");
    }
  }

  @Test
  void whoHasAnotherRoleStaysConnectedAndHearsWhatItPermits() {
    String conversation = conversation(acme);
    Joined user = user("agent");
    String chat =
        acme.as("manager")
            .post("/api/v1/chats", Json.of("kind", "direct", "userId", user.id()))
            .ok()
            .path("id")
            .asText();
    try (Live socket = Live.as(world.server.url(), user.api());
        SocketIo frames =
            SocketIo.byWebSocket(
                world.server.url(),
                SocketIo.auth(user.api(), "mine", "inbox", "conversation:" + conversation))) {
      socket.follow("mine", "inbox", "conversation:" + conversation);
      acme.as("agent").sendText(conversation, "before");
      socket.await("before", e -> says(e, "before"));
      frames.await("before", e -> says(e, "before"));
      change(user, "role", "member");
      acme.as("agent").sendText(conversation, "after");
      acme.as("manager").sendText(chat, "among us");
      for (JsonNode told :
          List.of(
              socket.await("what it may do now", LiveTest::isOfRights),
              frames.await("what it may do now", LiveTest::isOfRights))) {
        assertThat(told.path("permissions"))
            .isEqualTo(Json.array(List.of("chat", "files:write", "self")));
        assertThat(told.path("ended"))
            .isEqualTo(Json.array(List.of("conversation:" + conversation, "inbox")));
      }
      socket.await("what is said in the chat", e -> says(e, "among us"));
      frames.await("what is said in the chat", e -> says(e, "among us"));
      assertThat(bodies(socket.events(conversation))).containsExactly("before");
      assertThat(frames.all()).noneMatch(e -> says(e, "after"));
      assertThat(socket.call("subscribe", topics("inbox")).path("error").path("code").asText())
          .isEqualTo("forbidden");
      assertThat(user.api().get("/api/v1/conversations").status()).isEqualTo(403);

      change(user, "role", "agent");
      socket.await(
          "it may read again",
          e -> isOfRights(e) && e.path("permissions").toString().contains("conversations:read"));
      socket.follow("inbox");
      acme.as("agent").sendText(conversation, "later");
      socket.await("later", e -> says(e, "later"));
      assertThat(bodies(socket.events(conversation))).containsExactly("before", "later");
    }
  }

  private static boolean isOfRights(JsonNode message) {
    return message.path("event").asText().equals("rights.changed");
  }

  @Test
  void whoeverFollowsTheInboxHearsWhoLooksAndWhoWrites() {
    String conversation = conversation(acme);
    var where = Json.of("conversationId", conversation);
    String agentId = Objects.requireNonNull(acme.userIds().get("agent"));
    String managerId = Objects.requireNonNull(acme.userIds().get("manager"));
    try (Live agent = Live.as(world.server.url(), acme.as("agent"));
        Live manager = Live.as(world.server.url(), acme.as("manager"));
        Live reader = Live.as(world.server.url(), acme.as("read-only"));
        Live stranger = Live.as(world.server.url(), globex.as("admin"))) {
      agent.follow("inbox");
      manager.follow("inbox");
      reader.follow("conversation:" + conversation);
      stranger.follow("inbox");
      assertThat(Live.ok(agent.call("viewing.start", where.deepCopy())).path("viewers")).isEmpty();
      for (Live other : List.of(manager, reader)) {
        JsonNode told = other.await("it is seen", e -> tells(e, "conversation.viewing", agentId));
        assertThat(told.path("conversationId").asText()).isEqualTo(conversation);
        assertThat(told.path("expiresInMs").asLong()).isPositive();
      }
      assertThat(Live.ok(manager.call("viewing.start", where.deepCopy())).path("viewers"))
          .isEqualTo(Json.array(List.of(agentId)));
      agent.await("it is seen", e -> tells(e, "conversation.viewing", managerId));
      Live.ok(agent.call("typing.start", where.deepCopy()));
      manager.await("it is seen", e -> tells(e, "typing.started", agentId));
      Live.ok(agent.call("viewing.stop", where.deepCopy()));
      manager.await("it is over", e -> tells(e, "conversation.viewing-ended", agentId));
      // Who may only read may look, and not write.
      Live.ok(reader.call("viewing.start", where.deepCopy()));
      for (String op : List.of("typing.start", "viewing.start")) {
        Live asks = op.equals("typing.start") ? reader : stranger;
        assertThat(asks.call(op, where.deepCopy()).path("error").path("code").asText())
            .isEqualTo("not-found");
      }
      assertThat(agent.all()).noneMatch(e -> tells(e, "conversation.viewing", agentId));
      assertThat(stranger.all())
          .noneMatch(e -> e.path("conversationId").asText().equals(conversation));
    }
  }

  private static boolean tells(JsonNode message, String event, String user) {
    return message.path("event").asText().equals(event)
        && message.path("userId").asText().equals(user);
  }

  @Test
  void aTicketOpensOneConnection() {
    String ticket =
        acme.as("agent").post("/api/v1/stream/tickets", Json.of()).ok().path("ticket").asText();
    try (Live live = Live.open(world.server.url(), "/ws?ticket=" + ticket, Map.of())) {
      live.await("hello", e -> e.path("event").asText().equals("hello"));
      live.follow("inbox");
    }
    try (Live again = Live.open(world.server.url(), "/ws?ticket=" + ticket, Map.of())) {
      assertThat(again.awaitClosed(SOON).code()).isEqualTo(4013);
    }
  }

  @Test
  void credentialsMayComeInTheFirstMessage() {
    try (Live live = Live.open(world.server.url(), "/ws", Map.of())) {
      Live.ok(live.call("auth", Json.of("apiKey", acme.key())));
      live.follow("inbox");
    }
    try (Live live = Live.open(world.server.url(), "/ws", Map.of())) {
      live.begin("auth", Json.of("apiKey", "pk_nothing"));
      assertThat(live.awaitClosed(SOON).code()).isEqualTo(4013);
    }
  }

  @Test
  void foreignPagesAreNotLetIn() {
    Map<String, String> headers = Map.of("X-API-Key", acme.key(), "Origin", "https://evil.example");
    try (Live live = Live.open(world.server.url(), "/ws", headers)) {
      assertThat(live.awaitClosed(SOON).code()).isEqualTo(4014);
    }
    acme.as("admin")
        .patch(
            "/api/v1/tenant",
            Json.of(
                "settings",
                Json.of("realtime", Json.of("origins", List.of("https://app.example")))))
        .ok();
    Map<String, String> listed = Map.of("X-API-Key", acme.key(), "Origin", "https://app.example");
    try (Live live = Live.open(world.server.url(), "/ws", listed)) {
      live.await("hello", e -> e.path("event").asText().equals("hello"));
    }
  }

  @Test
  void whatIsNoCommandEndsTheConnectionOrIsRefused() {
    try (Live live = Live.as(world.server.url(), acme.api())) {
      assertThat(live.call("dance", Json.of()).path("error").path("code").asText())
          .isEqualTo("invalid");
      assertThat(
              live.call("resume", Json.of("topics", List.of("inbox"), "after", "nonsense"))
                  .path("error")
                  .path("code")
                  .asText())
          .isEqualTo("invalid");
      live.raw("{");
      assertThat(live.awaitClosed(SOON).code()).isEqualTo(4022);
    }
    try (Live live = Live.as(world.server.url(), acme.api())) {
      live.raw("x".repeat(70_000));
      assertThat(live.awaitClosed(SOON).code()).isEqualTo(4023);
    }
  }

  @Test
  void whoAsksTooMuchIsSlowedDown() {
    try (Live live = Live.as(world.server.url(), acme.api())) {
      List<Integer> ids =
          IntStream.range(0, 100).mapToObj(_ -> live.begin("ping", Json.of())).toList();
      List<JsonNode> answers = ids.stream().map(live::answer).toList();
      assertThat(answers).filteredOn(a -> a.path("ok").asBoolean()).hasSizeGreaterThan(50);
      assertThat(answers)
          .filteredOn(a -> a.has("error"))
          .isNotEmpty()
          .allMatch(a -> a.path("error").path("code").asText().equals("too-many"))
          .allMatch(a -> a.path("error").path("retryAfterMs").asInt() > 0);
    }
  }
}
