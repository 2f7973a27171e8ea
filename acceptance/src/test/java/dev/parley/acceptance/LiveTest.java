package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  @Test
  void aRevokedUserIsCutOff() {
    String conversation = conversation(acme);
    String email = "leaver" + World.customer() + "@acme.example";
    String id =
        acme.as("admin")
            .createUser(email, "Leaver", "agent", Tenant.password("acme"))
            .path("id")
            .asText();
    try (Live leaver =
        Live.as(
            world.server.url(), world.server.api().login(email, Tenant.password("acme"), "acme"))) {
      leaver.follow("inbox");
      acme.as("agent").sendText(conversation, "before");
      leaver.await("before", e -> says(e, "before"));
      acme.as("admin").patch("/api/v1/users/" + id, Json.of("role", "read-only")).ok();
      acme.as("agent").sendText(conversation, "after");
      assertThat(leaver.awaitClosed(SOON).code()).isEqualTo(4011);
      assertThat(bodies(leaver.events(conversation))).containsExactly("before");
    }
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
