package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.EventStream;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Conversations among people on the event stream, and server-sent events.
class LiveChatTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Api manager = acme.as("manager");
  private final Api agent = acme.as("agent");

  private String group(String... members) {
    var participants =
        java.util.stream.Stream.of(members)
            .map(role -> Json.of("userId", acme.userIds().get(role)))
            .toList();
    return manager
        .post(
            "/api/v1/chats",
            Json.of("kind", "group", "title", "Live", "participants", participants))
        .ok()
        .path("id")
        .asText();
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
  void participantsHearEachOtherAndNobodyElseDoes() {
    String group = group("agent");
    try (Live member = Live.as(world.server.url(), agent);
        Live admin = Live.as(world.server.url(), acme.as("admin"))) {
      member.follow("mine");
      // An administrator may read the whole log, and still not what others say to each other.
      admin.follow("mine", "inbox", "events");
      JsonNode refused =
          admin.call("subscribe", Json.of("topics", List.of("conversation:" + group)));
      assertThat(refused.path("error").path("code").asText()).isEqualTo("not-found");
      manager.sendText(group, "among us");
      member.await("it", e -> says(e, "among us"));
      String later = group("agent");
      manager.sendText(later, "a new one");
      member.await("what is said in a conversation that came later", e -> says(e, "a new one"));
      acme.as("admin").patch("/api/v1/tenant", Json.of("name", "acme")).ok();
      admin.await("the end of the log", e -> e.path("event").asText().equals("tenant.changed"));
      assertThat(admin.events(group)).isEmpty();
    }
  }

  @Test
  void whoIsTakenOutHearsNothingMore() {
    String group = group("agent", "admin");
    try (Live out = Live.as(world.server.url(), agent);
        Live stays = Live.as(world.server.url(), acme.as("admin"))) {
      out.follow("mine", "conversation:" + group);
      stays.follow("mine");
      manager.sendText(group, "with all");
      out.await("the first", e -> says(e, "with all"));
      String path = "/api/v1/chats/" + group + "/participants";
      manager.delete(path + "/" + acme.userIds().get("agent")).ok();
      manager.sendText(group, "without");
      stays.await("the second", e -> says(e, "without"));
      manager.post(path, Json.of("userIds", List.of(acme.userIds().get("agent")))).ok();
      manager.sendText(group, "again");
      out.await("the third", e -> says(e, "again"));
      assertThat(bodies(out.events(group))).containsExactly("with all", "again");
      assertThat(bodies(stays.events(group))).containsExactly("with all", "without", "again");
    }
  }

  @Test
  void whatPeopleDoOverTheSocketIsWhatTheyDoOverRest() {
    String group = group("agent");
    try (Live one = Live.as(world.server.url(), agent);
        Live other = Live.as(world.server.url(), manager)) {
      one.follow("mine");
      other.follow("mine");
      var text = Json.of("type", "text", "body", "first");
      JsonNode sent =
          Live.ok(one.call("message.send", Json.of("conversationId", group, "content", text)));
      String id = sent.path("message").path("id").asText();
      var changed = Json.of("type", "text", "body", "better");
      Live.ok(
          one.call(
              "message.edit",
              Json.of("conversationId", group, "messageId", id, "content", changed)));
      Live.ok(
          other.call(
              "message.react", Json.of("conversationId", group, "messageId", id, "emoji", "👍")));
      Live.ok(other.call("conversation.read", Json.of("conversationId", group)));
      JsonNode forbidden =
          other.call(
              "message.edit",
              Json.of("conversationId", group, "messageId", id, "content", changed));
      assertThat(forbidden.path("error").path("code").asText()).isEqualTo("forbidden");
      Live.ok(one.call("message.delete", Json.of("conversationId", group, "messageId", id)));
      other.await("the end", e -> e.path("event").asText().equals("message.deleted"));
      assertThat(other.events(group))
          .extracting(e -> e.path("event").asText())
          .containsExactly(
              "message.posted",
              "message.edited",
              "message.reaction-added",
              "participant.read",
              "message.deleted");
    }
  }

  @Test
  void anEventSourceGoesOnWhereItWas() {
    String group = group("agent");
    String last;
    try (EventStream first = EventStream.open(world.server.url(), "topics=mine", agent.headers())) {
      first.await("hello", e -> e.path("event").asText().equals("hello"));
      manager.sendText(group, "one");
      first.await("one", e -> says(e, "one"));
      last = first.lastId().orElseThrow();
    }
    manager.sendText(group, "two");
    Api back = agent.with("Last-Event-ID", last);
    try (EventStream second =
        EventStream.open(world.server.url(), "topics=mine&legacy=true", back.headers())) {
      JsonNode two = second.await("two", e -> says(e, "two"));
      assertThat(two.path("event").asText()).isEqualTo("message-sent");
      manager.sendText(group, "three");
      second.await("three", e -> says(e, "three"));
      assertThat(bodies(second.all())).containsExactly("two", "three");
    }
  }

  @Test
  void anEventSourceWithoutCredentialsOrTopicsIsRefused() {
    Api nobody = world.server.api();
    assertThat(nobody.get("/api/v1/stream").status()).isEqualTo(401);
    assertThat(nobody.get("/api/v1/stream").code()).isEqualTo("unauthenticated");
    assertThat(acme.api().get("/api/v1/stream?topics=everything").status()).isEqualTo(400);
    assertThat(acme.api().get("/api/v1/stream?topics=inbox&after=x").status()).isEqualTo(400);
    assertThat(acme.api().get("/api/v1/stream?topics=mine").status()).isEqualTo(403);
    String ticket = agent.post("/api/v1/stream/tickets", Json.of()).ok().path("ticket").asText();
    try (EventStream byTicket =
        EventStream.open(world.server.url(), "topics=mine&ticket=" + ticket, Map.of())) {
      byTicket.await("hello", e -> e.path("event").asText().equals("hello"));
    }
    assertThat(nobody.get("/api/v1/stream?ticket=" + ticket).status()).isEqualTo(401);
  }
}
