package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Fields that a tenant gives its contacts, and what they say of them.
class ContactFieldsTest {
  private static final String FIELDS = "/api/v1/contact-fields";
  private static final String CONTACTS = "/api/v1/contacts";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Api manager = acme.as("manager");
  private final Api agent = acme.as("agent");
  private final Api stranger = world.tenants.globex().as("manager");

  private static String key(String name) {
    return name + "_" + UUID.randomUUID().toString().substring(0, 8);
  }

  private JsonNode field(String key, String type, String... choices) {
    return manager
        .post(FIELDS, Json.of("key", key, "name", key, "type", type, "choices", List.of(choices)))
        .expect(201)
        .json();
  }

  private JsonNode contact(JsonNode fields) {
    String external = "fields-" + UUID.randomUUID();
    return agent
        .post(CONTACTS, Json.of("name", "Ana", "externalId", external, "fields", fields))
        .expect(201)
        .json();
  }

  @Test
  void eachTypeTakesItsValuesAndNoOthers() {
    String text = key("text");
    String number = key("number");
    String date = key("date");
    String yes = key("yes");
    String plan = key("plan");
    field(text, "text");
    field(number, "number");
    field(date, "date");
    field(yes, "boolean");
    field(plan, "choice", "basic", "gold");

    JsonNode good =
        Json.of(text, "Hi ☺ <b>", number, -12.5, date, "2026-02-28", yes, false, plan, "gold");
    JsonNode made = contact(good);
    assertThat(made.path("fields")).isEqualTo(good);
    String path = CONTACTS + "/" + made.path("id").asText();
    assertThat(agent.get(path).ok().path("fields")).isEqualTo(good);

    Answer bad =
        agent.patch(
            path,
            Json.of(
                "fields",
                Json.of(
                    text,
                    5,
                    number,
                    "many",
                    date,
                    "2026-02-30",
                    yes,
                    "no",
                    plan,
                    "silver",
                    "unknown_key",
                    1)));
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.json().path("errors"))
        .extracting(error -> error.path("field").asText())
        .containsExactlyInAnyOrder(
            "fields." + text,
            "fields." + number,
            "fields." + date,
            "fields." + yes,
            "fields." + plan,
            "fields.unknown_key");
    for (Object wrong : List.of("x".repeat(1001), List.of("a"), Json.of("a", 1))) {
      assertThat(agent.patch(path, Json.of("fields", Json.of(text, wrong))).status())
          .isEqualTo(400);
    }
    assertThat(agent.get(path).ok().path("fields")).isEqualTo(good);
  }

  @Test
  void whatIsAbsentStaysAndNullClears() {
    String one = key("one");
    String other = key("other");
    field(one, "text");
    field(other, "text");
    String id = contact(Json.of(one, "1", other, "2")).path("id").asText();

    agent.patch(CONTACTS + "/" + id, Json.of("fields", Json.of(one, "3"))).ok();
    JsonNode changed =
        agent.patch(CONTACTS + "/" + id, Json.of("fields", Json.of().putNull(other))).ok();

    assertThat(changed.path("fields")).isEqualTo(Json.of(one, "3"));
    assertThat(changed.path("name").asText()).isEqualTo("Ana");
    Wait.until(
        "the change is told",
        SOON,
        () ->
            Api.items(acme.as("admin").get("/api/v1/event-log?type=contact.updated").ok()).stream()
                .map(event -> event.path("data"))
                .anyMatch(
                    data ->
                        data.path("contactId").asText().equals(id)
                            && data.path("fields").equals(Json.of(one, "3"))));
  }

  @Test
  void aDeletedFieldTakesItsValuesWithIt() {
    String key = key("plan");
    String id = field(key, "choice", "basic", "gold").path("id").asText();
    String contact = CONTACTS + "/" + contact(Json.of(key, "gold")).path("id").asText();

    JsonNode renamed =
        manager
            .patch(FIELDS + "/" + id, Json.of("name", "Tariff", "choices", List.of("basic")))
            .ok();
    assertThat(renamed.path("name").asText()).isEqualTo("Tariff");
    // Nobody has chosen anew.
    assertThat(agent.get(contact).ok().path("fields").path(key).asText()).isEqualTo("gold");
    assertThat(agent.patch(contact, Json.of("fields", Json.of(key, "gold"))).status())
        .isEqualTo(400);

    manager.delete(FIELDS + "/" + id).expect(204);
    assertThat(agent.get(contact).ok().path("fields")).isEmpty();
    field(key, "text");
    assertThat(agent.get(contact).ok().path("fields")).isEmpty();
  }

  @Test
  void keysAreOnesOwnAndUnique() {
    String key = key("mine");
    String id = field(key, "text").path("id").asText();

    assertThat(manager.post(FIELDS, Json.of("key", key, "name", "Again", "type", "text")).status())
        .isEqualTo(409);
    // Another tenant has the same key, and sees nothing of ours.
    stranger.post(FIELDS, Json.of("key", key, "name", "Theirs", "type", "date")).expect(201);
    stranger.get(FIELDS + "/" + id).expect(404);
    assertThat(Api.items(stranger.get(FIELDS + "?limit=200").ok()))
        .noneMatch(field -> field.path("id").asText().equals(id));
    assertThat(Api.items(manager.get(FIELDS + "?limit=200").ok()))
        .anyMatch(field -> field.path("id").asText().equals(id));
    agent.post(FIELDS, Json.of("key", key("a"), "name", "A", "type", "text")).expect(403);
    for (JsonNode wrong :
        List.of(
            Json.of("key", "Big", "name", "A", "type", "text"),
            Json.of("key", key("a"), "name", " ", "type", "text"),
            Json.of("key", key("a"), "name", "A", "type", "colour"),
            Json.of("key", key("a"), "name", "A", "type", "choice"),
            Json.of("key", key("a"), "name", "A", "type", "choice", "choices", List.of("x", "x")),
            Json.of("key", key("a"), "name", "A", "type", "text", "choices", List.of("x")))) {
      assertThat(manager.post(FIELDS, wrong).status()).as("%s", wrong).isEqualTo(400);
    }
    assertThat(manager.patch(FIELDS + "/" + id, Json.of("choices", List.of("x"))).status())
        .isEqualTo(400);
  }
}
