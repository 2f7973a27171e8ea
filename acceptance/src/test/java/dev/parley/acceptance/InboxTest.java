package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// The agents' inbox over HTTP and sockets.
class InboxTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api agent = acme.as("agent");
  private final Api manager = acme.as("manager");

  private String conversation(String customer, String name) {
    world.sandbox.write(
        acme.number(),
        customer,
        Json.of("type", "text", "text", Json.of("body", "Hello"), "profileName", name));
    return agent.awaitConversation(customer, SOON).path("id").asText();
  }

  private static String path(String conversation) {
    return "/api/v1/conversations/" + conversation;
  }

  private JsonNode read(String conversation) {
    return agent.get(path(conversation)).ok();
  }

  private JsonNode await(String conversation, String what, Predicate<JsonNode> satisfied) {
    return Wait.until(what, SOON, () -> read(conversation), satisfied);
  }

  private static Predicate<JsonNode> event(String type, String conversation) {
    return e ->
        e.path("event").asText().equals(type)
            && e.path("conversationId").asText().equals(conversation);
  }

  @Test
  void whatAnAgentDoesIsSeenLiveByTheOthers() {
    String customer = World.customer();
    String conversation = conversation(customer, "Grace");
    try (Live other = Live.as(world.server.url(), manager);
        Live stranger = Live.as(world.server.url(), globex.as("admin"))) {
      other.follow("inbox");
      stranger.follow("inbox");

      agent.call("PUT", path(conversation) + "/assignment", "{\"assigneeId\":\"me\"}").ok();
      JsonNode assigned =
          other.await("assigned", event("conversation.assigned", conversation)).path("data");
      assertThat(assigned.path("assigneeId").asText()).isEqualTo(acme.userIds().get("agent"));
      agent.patch(path(conversation), Json.of("priority", "urgent", "status", "resolved")).ok();
      other.await("priority", event("conversation.priority-changed", conversation));
      other.await("resolved", event("conversation.status-changed", conversation));
      world.sandbox.writeText(acme.number(), customer, "One more thing");
      other.await(
          "opened again",
          event("conversation.status-changed", conversation)
              .and(e -> e.path("data").path("cause").asText().equals("customer-wrote")));
      assertThat(stranger.events(conversation)).isEmpty();
    }
    JsonNode now = read(conversation);
    assertThat(now.path("status").asText()).isEqualTo("open");
    assertThat(now.path("contact").path("name").asText()).isEqualTo("Grace");
    assertThat(now.path("channel").path("kind").asText()).isEqualTo("whatsapp");
    assertThat(now.path("assignee").path("id").asText()).isEqualTo(acme.userIds().get("agent"));
    assertThat(Api.items(agent.get(path(conversation) + "/history").ok()))
        .extracting(change -> change.path("kind").asText())
        .containsExactly("status", "priority", "status", "assignment");
  }

  @Test
  void aSnoozedConversationOpensByItself() {
    String conversation = conversation(World.customer(), "Sleeper");
    try (Live live = Live.as(world.server.url(), agent)) {
      live.follow("inbox");
      agent
          .patch(
              path(conversation),
              Json.of(
                  "status", "snoozed", "snoozedUntil", Instant.now().plusMillis(1500).toString()))
          .ok();
      JsonNode woken =
          live.await(
              "it wakes",
              event("conversation.status-changed", conversation)
                  .and(e -> e.path("data").path("cause").asText().equals("snooze-ended")));
      assertThat(woken.path("data").path("by").path("kind").asText()).isEqualTo("system");
    }
    assertThat(read(conversation).path("status").asText()).isEqualTo("open");
    assertThat(
            agent
                .patch(
                    path(conversation),
                    Json.of("status", "snoozed", "snoozedUntil", "2020-01-01T00:00:00Z"))
                .status())
        .isEqualTo(400);
  }

  @Test
  void whatSomebodyElseHasIsNotTakenByAccident() {
    String conversation = conversation(World.customer(), "Wanted");
    agent.call("PUT", path(conversation) + "/assignment", "{\"assigneeId\":\"me\"}").ok();

    Answer refused =
        manager.call("PUT", path(conversation) + "/assignment", "{\"assigneeId\":\"me\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("already-assigned");
    String holder = refused.json().path("errors").path(0).path("detail").asText();
    assertThat(holder).isEqualTo(acme.userIds().get("agent"));

    JsonNode taken =
        manager
            .call(
                "PUT",
                path(conversation) + "/assignment",
                Json.write(Json.of("assigneeId", "me", "from", holder)))
            .ok();
    assertThat(taken.path("assigneeId").asText()).isEqualTo(acme.userIds().get("manager"));
  }

  @Test
  void whoIsDisabledOrOutOfTheTeamLosesTheirConversations() {
    String email = "desk-" + World.customer() + "@acme.example";
    Api admin = acme.as("admin");
    String user =
        admin.createUser(email, "Temp", "agent", Tenant.password("acme")).path("id").asText();
    String team =
        manager
            .post("/api/v1/teams", Json.of("name", "Team of " + email, "userIds", List.of(user)))
            .ok()
            .path("id")
            .asText();
    String ofTeam = conversation(World.customer(), "First");
    String own = conversation(World.customer(), "Second");
    for (String one : List.of(ofTeam, own)) {
      String in = one.equals(ofTeam) ? team : "";
      agent
          .call(
              "PUT",
              path(one) + "/assignment",
              Json.write(Json.of("assigneeId", user, "teamId", in)))
          .ok();
    }
    manager.delete("/api/v1/teams/" + team + "/members/" + user).expect(204);
    await(ofTeam, "nobody has it", c -> !c.has("assigneeId") && c.has("teamId"));
    assertThat(read(own).path("assigneeId").asText()).isEqualTo(user);

    admin.patch("/api/v1/users/" + user, Json.of("state", "disabled")).ok();
    await(own, "nobody has the other", c -> !c.has("assigneeId"));
    manager.delete("/api/v1/teams/" + team).expect(204);
    await(ofTeam, "it has no team", c -> !c.has("teamId"));
  }

  @Test
  void theListIsNarrowedSearchedAndCounted() {
    String customer = World.customer();
    String name = "Zenobia" + customer;
    String conversation = conversation(customer, name);
    String tag =
        manager
            .post("/api/v1/tags", Json.of("name", "tag" + customer, "color", "#AA00FF"))
            .ok()
            .path("id")
            .asText();
    agent.call("PUT", path(conversation) + "/tags/" + tag, null).ok();

    List<JsonNode> tagged =
        Api.items(agent.get("/api/v1/conversations?status=open&tagId=" + tag).ok());
    assertThat(tagged).extracting(c -> c.path("id").asText()).containsExactly(conversation);
    assertThat(tagged.getFirst().path("tags").path(0).path("color").asText()).isEqualTo("#aa00ff");
    JsonNode counts = agent.get("/api/v1/conversations/counts?status=open&tagId=" + tag).ok();
    assertThat(counts.path("all").asInt()).isEqualTo(1);
    assertThat(counts.path("unassigned").asInt()).isEqualTo(1);
    for (String text : List.of(name.substring(0, 12), customer.substring(3))) {
      String q = URLEncoder.encode(text, StandardCharsets.UTF_8);
      Wait.until(
          "found by " + text,
          SOON,
          () -> Api.items(agent.get("/api/v1/conversations?q=" + q).ok()),
          found -> found.stream().anyMatch(c -> c.path("id").asText().equals(conversation)));
      assertThat(Api.items(globex.api().get("/api/v1/conversations?q=" + q).ok()))
          .noneMatch(c -> c.toString().contains(name));
    }
    assertThat(agent.get("/api/v1/conversations?status=asleep").status()).isEqualTo(400);
    assertThat(agent.get("/api/v1/conversations?assignee=nobody").status()).isEqualTo(400);
    agent.delete(path(conversation) + "/tags/" + tag).ok();
    assertThat(read(conversation).path("tags")).isEmpty();
  }

  @Test
  void aNoteReachesColleaguesAndNeverTheCustomer() {
    String customer = World.customer();
    String conversation = conversation(customer, "Heidi");
    String secret = "between us " + customer;
    String colleague = acme.userIds().get("manager");
    Api eventsOnly =
        world
            .server
            .api()
            .withKey(
                acme.as("admin")
                    .createKey("narrow" + customer, List.of("events:read"))
                    .path("secret")
                    .asText());
    try (Live live = Live.as(world.server.url(), manager);
        Live narrow = Live.as(world.server.url(), eventsOnly)) {
      live.follow("inbox");
      narrow.follow("events");
      JsonNode note =
          agent
              .post(
                  path(conversation) + "/notes",
                  Json.of("text", secret, "mentions", List.of(colleague)))
              .ok();
      assertThat(note.path("afterSeq").asLong()).isEqualTo(1);
      live.await(
          "the mention",
          event("conversation.mentioned", conversation)
              .and(e -> e.path("data").path("userId").asText().equals(colleague)));
      String sent = agent.sendText(conversation, "for the customer").path("id").asText();
      agent.awaitState(conversation, sent, SOON, "sent", "delivered", "read");
      live.await("sent", event("message.sent", conversation));
      assertThat(narrow.events(conversation)).isEmpty();

      String path = path(conversation) + "/notes/" + note.path("id").asText();
      assertThat(manager.patch(path, Json.of("text", "changed")).status()).isEqualTo(403);
      agent.patch(path, Json.of("text", secret + "!")).ok();
      live.await("the change", event("conversation.note-changed", conversation));
      manager.delete(path).expect(204);
    }
    assertThat(
            world.sandbox.sends(acme.number()).stream()
                .filter(s -> s.toString().contains(customer)))
        .isNotEmpty()
        .noneMatch(send -> send.toString().contains("between us"));
    JsonNode now = read(conversation);
    assertThat(now.path("lastMessage").path("preview").asText()).isEqualTo("for the customer");
    assertThat(now.path("notes").asInt()).isZero();
    assertThat(agent.messages(conversation).toString()).doesNotContain("between us");
  }

  @Test
  void whatCameAfterTheLastSeenMessageStaysUnread() {
    String customer = World.customer();
    String conversation = conversation(customer, "Ivan");
    world.sandbox.writeText(acme.number(), customer, "second");
    await(conversation, "two are unread", c -> c.path("unread").asInt() == 2);

    assertThat(
            agent.post(path(conversation) + "/read", Json.of("seq", 1)).ok().path("unread").asInt())
        .isEqualTo(1);
    assertThat(
            agent.post(path(conversation) + "/read", Json.of("seq", 0)).ok().path("unread").asInt())
        .as("the mark never moves back")
        .isEqualTo(1);
    assertThat(agent.post(path(conversation) + "/read", Json.of()).ok().path("unread").asInt())
        .isZero();
  }

  @Test
  void cannedRepliesAndFiltersAreKept() {
    String customer = World.customer();
    String conversation = conversation(customer, "Judy Blue");
    String shortcut = "hi" + customer;
    manager
        .post(
            "/api/v1/canned-replies",
            Json.of("shortcut", shortcut, "text", "Hello {{contact.firstName|there}} {{x"))
        .ok();
    assertThat(
            manager
                .post(
                    "/api/v1/canned-replies",
                    Json.of("shortcut", shortcut.toUpperCase(java.util.Locale.ROOT), "text", "x"))
                .status())
        .isEqualTo(409);
    assertThat(
            manager
                .post(
                    "/api/v1/canned-replies",
                    Json.of("shortcut", "b" + customer, "text", "{{contact.password}}"))
                .status())
        .isEqualTo(400);
    JsonNode found =
        Api.items(
                agent
                    .get("/api/v1/canned-replies?q=" + shortcut + "&conversationId=" + conversation)
                    .ok())
            .getFirst();
    assertThat(found.path("filled").asText()).isEqualTo("Hello Judy {{x");

    JsonNode filter =
        agent
            .post(
                "/api/v1/saved-filters",
                Json.of(
                    "name",
                    "Mine " + customer,
                    "query",
                    Json.of("status", "open", "assignee", "me"),
                    "shared",
                    true))
            .ok();
    String path = "/api/v1/saved-filters/" + filter.path("id").asText();
    assertThat(Api.items(manager.get("/api/v1/saved-filters?limit=200").ok()))
        .anyMatch(one -> one.path("id").equals(filter.path("id")));
    assertThat(manager.patch(path, Json.of("name", "Taken")).status()).isEqualTo(403);
    agent.patch(path, Json.of("shared", false)).ok();
    assertThat(manager.delete(path).status()).isEqualTo(404);
    assertThat(
            agent
                .post(
                    "/api/v1/saved-filters",
                    Json.of("name", "Bad", "query", Json.of("status", "asleep")))
                .status())
        .isEqualTo(400);
    agent.delete(path).expect(204);
  }
}
