package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Lists of the console: dead letters that are retried and dropped many at a time, the event log backwards, files.
class AdminListsTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api manager = acme.as("manager");

  private static final String LETTERS = "/api/v1/dead-letters";
  private static final String LOG = "/api/v1/event-log";

  private void bury(Tenant tenant, int count) {
    int before = letters(tenant);
    for (int i = 0; i < count; i++) {
      tenant
          .post(
              world.server.url(),
              ("unreadable" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8))
          .expect(200);
    }
    Wait.until("they are dead letters", SOON, () -> letters(tenant) >= before + count);
  }

  private static int letters(Tenant tenant) {
    return Api.items(tenant.as("manager").get(LETTERS + "?limit=200").ok()).size();
  }

  @Test
  void manyDeadLettersAreRetriedAndDroppedAtOnceAndOnlyOnesOwn() {
    bury(globex, 1);
    bury(acme, 3);
    int theirs = letters(globex);
    manager.post(LETTERS + "/drop", Json.of()).expect(400);
    manager.post(LETTERS + "/drop", Json.of("from", "yesterday")).expect(400);
    acme.as("agent").post(LETTERS + "/drop", Json.of("all", true)).expect(403);
    assertThat(
            manager
                .post(LETTERS + "/retry", Json.of("queue", "no-such-queue"))
                .ok()
                .path("done")
                .asInt())
        .isZero();

    JsonNode retried =
        manager
            .post(
                LETTERS + "/retry",
                Json.of("queue", "inbound-messages", "kind", "unreadable", "cause", "SIGNED"))
            .ok();
    assertThat(retried.path("done").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(retried.path("more").asBoolean()).isFalse();
    int count = retried.path("done").asInt();
    // They are as unreadable as before.
    Wait.until("they are back", SOON, () -> letters(acme) >= count);

    JsonNode dropped = manager.post(LETTERS + "/drop", Json.of("all", true)).ok();
    assertThat(dropped.path("done").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(letters(acme)).isZero();
    assertThat(letters(globex)).isEqualTo(theirs);
    List<JsonNode> acts =
        Api.items(acme.as("admin").get("/api/v1/audit?action=dead-letter.drop-many").ok());
    assertThat(acts.getFirst().at("/detail/count").asInt()).isPositive();
    assertThat(acts.getFirst().at("/detail/selection/all").asBoolean()).isTrue();
  }

  @Test
  void deadLettersAreFilteredAndComeAsAFile() {
    bury(acme, 2);
    assertThat(Api.items(manager.get(LETTERS + "?kind=unreadable&cause=documents").ok()))
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(Api.items(manager.get(LETTERS + "?kind=message").ok())).isEmpty();
    assertThat(Api.items(manager.get(LETTERS + "?to=2020-01-01T00:00:00Z").ok())).isEmpty();
    Answer file = manager.with("Accept", "text/csv").get(LETTERS + "?kind=unreadable");
    assertThat(file.expect(200).header("Content-Disposition")).contains("dead-letters.csv");
    assertThat(file.text()).startsWith("id,createdAt,queue").contains("unreadable");
  }

  @Test
  void theEventLogIsReadBackwardsWithoutGapsOrDoubles() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      made.add(
          acme.api()
              .post("/api/v1/contacts", Json.of("name", "Backwards " + i))
              .ok()
              .path("id")
              .asText());
    }
    var seen = new ArrayList<JsonNode>();
    String next = "";
    do {
      JsonNode page = manager.get(LOG + "?type=contact.created&limit=3" + next).ok();
      seen.addAll(Api.items(page));
      next = page.has("next") ? "&after=" + page.path("next").asText() : "";
    } while (!next.isEmpty());

    var ids = new HashSet<String>();
    seen.forEach(event -> ids.add(event.path("id").asText()));
    assertThat(ids).hasSameSizeAs(seen);
    assertThat(seen).allMatch(event -> event.path("type").asText().equals("contact.created"));
    List<String> contacts =
        seen.stream().map(event -> event.at("/data/contactId").asText()).toList();
    assertThat(contacts).containsAll(made);
    assertThat(seen.stream().map(event -> Instant.parse(event.path("time").asText())).limit(7))
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(Api.items(manager.get(LOG + "?type=contact&limit=5").ok())).hasSize(5);
    String correlation = seen.getFirst().path("correlationId").asText();
    assertThat(Api.items(manager.get(LOG + "?correlationId=" + correlation).ok())).isNotEmpty();
    for (String bad : List.of("limit=0", "after=x", "from=x", "conversationId=x")) {
      manager.get(LOG + "?" + bad).expect(400);
    }
    Answer file = manager.with("Accept", "text/csv").get(LOG + "?type=contact.created");
    assertThat(file.expect(200).text().lines().count()).isGreaterThan(7);
  }

  @Test
  void filesOfListsHoldNoFormulasAndNothingOfOthers() {
    String evil = "=HYPERLINK(\"http://x\")" + UUID.randomUUID();
    acme.as("admin")
        .createUser(
            "evil-" + UUID.randomUUID() + "@acme.example", evil, "agent", Tenant.password("acme"));
    Api admin = acme.as("admin").with("Accept", "text/csv");
    String users = admin.get("/api/v1/users").expect(200).text();
    assertThat(users).contains("\"'=HYPERLINK(\"\"http://x\"\")").doesNotContain("@globex.example");
    for (String list :
        List.of("users", "invitations", "api-keys", "channels", "audit", "api-log", "event-log")) {
      Answer file = admin.get("/api/v1/" + list);
      assertThat(file.expect(200).header("Content-Type")).as(list).startsWith("text/csv");
      assertThat(file.text()).as(list).startsWith("id,").doesNotContain(globex.channelId());
      assertThat(file.text())
          .as(list)
          .doesNotContain(acme.number().accessToken(), acme.number().appSecret(), acme.key());
    }
    // The id of a file's last row goes on behind it.
    String last = users.lines().toList().getLast().substring(1, 37);
    assertThat(admin.get("/api/v1/users?after=" + last).expect(200).text().lines()).hasSize(1);
    assertThat(world.tenants.operator().with("Accept", "text/csv").get("/api/v1/tenants").text())
        .contains("\"acme\"", "\"globex\"");
  }
}
