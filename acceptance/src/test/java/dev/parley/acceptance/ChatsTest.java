package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Conversations among users over HTTP.
class ChatsTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  private record Person(String id, Api api) {}

  private Person person(String name) {
    String email = name + "-" + run + "@acme.example";
    String id =
        acme.as("admin")
            .createUser(email, name + " " + run, "agent", Tenant.password("acme"))
            .path("id")
            .asText();
    return new Person(id, world.server.api().login(email, Tenant.password("acme"), "acme"));
  }

  private static JsonNode say(Person who, String chat, String text) {
    return who.api()
        .post(
            "/api/v1/conversations/" + chat + "/messages",
            Json.of("content", Json.of("type", "text", "body", text)))
        .ok();
  }

  @Test
  void twoTalkAndNobodyElseLearnsOfIt() {
    Person ada = person("ada");
    Person bob = person("bob");
    JsonNode chat =
        ada.api().post("/api/v1/chats", Json.of("kind", "direct", "userId", bob.id())).ok();
    String id = chat.path("id").asText();
    String secret = "pangolin" + run;
    JsonNode message = say(ada, id, secret);
    assertThat(message.path("seq").asLong()).isEqualTo(1);

    JsonNode mine = bob.api().get("/api/v1/chats").ok().path("items").get(0);
    assertThat(mine.path("id").asText()).isEqualTo(id);
    assertThat(mine.path("with").asText()).isEqualTo(ada.id());
    assertThat(mine.at("/me/unread").asLong()).isEqualTo(1);
    assertThat(mine.at("/lastMessage/preview").asText()).isEqualTo(secret);
    JsonNode read =
        bob.api()
            .post(
                "/api/v1/chats/" + id + "/read", Json.of("messageId", message.path("id").asText()))
            .ok();
    assertThat(read.at("/me/unread").asLong()).isZero();
    Wait.until("the search", SOON, () -> !hits(bob, secret.substring(0, 10)).isEmpty());
    assertThat(hits(bob, secret).getFirst().at("/highlight/text").asText()).isEqualTo(secret);

    for (Api other : List.of(acme.as("admin"), acme.as("manager"), acme.api())) {
      for (String path :
          List.of(
              "/api/v1/conversations/" + id + "/messages",
              "/api/v1/conversations/" + id,
              "/api/v1/conversations/" + id + "/pins",
              "/api/v1/conversations/" + id + "/messages/" + message.path("id").asText())) {
        assertThat(other.get(path).status()).as(path).isEqualTo(404);
      }
      for (String path :
          List.of(
              "/api/v1/conversations?limit=200",
              "/api/v1/events?limit=200&conversationId=" + id,
              "/api/v1/search/messages?q=" + secret)) {
        Answer answer = other.get(path);
        assertThat(answer.text()).as(path).doesNotContain(secret).doesNotContain(id);
      }
    }
  }

  private static List<JsonNode> hits(Person who, String query) {
    var hits = new ArrayList<JsonNode>();
    who.api().get("/api/v1/search/messages?q=" + query).ok().path("items").forEach(hits::add);
    return hits;
  }

  @Test
  void aGroupGrowsTalksAndShrinks() {
    Person ada = person("ada");
    Person bob = person("bob");
    Person cem = person("cem");
    String id =
        ada.api()
            .post(
                "/api/v1/chats",
                Json.of(
                    "kind",
                    "group",
                    "title",
                    "Lunch " + run,
                    "participants",
                    List.of(Json.of("userId", bob.id()))))
            .ok()
            .path("id")
            .asText();
    String path = "/api/v1/chats/" + id;
    assertThat(bob.api().post(path + "/participants", people(cem)).status()).isEqualTo(403);
    ada.api().post(path + "/participants", people(cem)).ok();
    JsonNode question = say(cem, id, "Where?");
    String messages = "/api/v1/conversations/" + id + "/messages/";
    String question1 = messages + question.path("id").asText();
    JsonNode answer =
        bob.api()
            .post(
                "/api/v1/conversations/" + id + "/messages",
                Json.of(
                    "content",
                    Json.of("type", "text", "body", "Here"),
                    "threadOf",
                    question.path("id").asText(),
                    "mentions",
                    Json.of("users", List.of(cem.id())),
                    "metadata",
                    Json.of("client", "test")))
            .ok();
    assertThat(answer.at("/metadata/client").asText()).isEqualTo("test");
    assertThat(cem.api().get(path).ok().at("/me/mentions").asInt()).isEqualTo(1);
    assertThat(ada.api().get(question1 + "/thread").ok().path("items")).hasSize(1);
    assertThat(ada.api().post(question1 + "/reactions", Json.of("emoji", "🍜")).ok().toString())
        .contains("🍜");
    assertThat(
            ada.api().call("DELETE", question1 + "/reactions/%F0%9F%8D%9C", null).ok().toString())
        .doesNotContain("🍜");
    assertThat(ada.api().call("POST", question1 + "/pin", null).ok().path("items")).hasSize(1);
    assertThat(
            ada.api()
                .call(
                    "PATCH",
                    messages + answer.path("id").asText(),
                    Json.of("content", Json.of("type", "text", "body", "x")).toString())
                .status())
        .isEqualTo(403);
    assertThat(ada.api().call("DELETE", path + "/participants/" + cem.id(), null).status())
        .isEqualTo(204);
    assertThat(cem.api().get(path).status()).isEqualTo(404);
    assertThat(ada.api().get(question1).ok().at("/content/body").asText()).isEqualTo("Where?");
    assertThat(ada.api().get(path + "/participants").ok().path("items")).hasSize(2);
  }

  private static JsonNode people(Person... people) {
    return Json.of("userIds", Arrays.stream(people).map(Person::id).toList());
  }

  private static final byte[] GIF =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

  private String picture() {
    return Http.call(
            "POST",
            URI.create(world.server.url() + "/api/v1/files?name=pic.gif"),
            Map.of("X-API-Key", acme.key(), "Content-Type", "image/gif"),
            GIF)
        .expect(201)
        .json()
        .path("id")
        .asText();
  }

  @Test
  void aFileIsShownKeptAndFoundByItsCaption() {
    Person ada = person("ada");
    Person bob = person("bob");
    String id =
        ada.api()
            .post(
                "/api/v1/chats",
                Json.of(
                    "kind",
                    "group",
                    "title",
                    "Pictures",
                    "participants",
                    List.of(Json.of("userId", bob.id()))))
            .ok()
            .path("id")
            .asText();
    String file = picture();
    String messages = "/api/v1/conversations/" + id + "/messages";
    JsonNode content =
        Json.of("type", "image", "attachment", Json.of("fileId", file), "caption", "axolotl" + run);
    JsonNode sent = ada.api().post(messages, Json.of("content", content)).ok();

    JsonNode seen = bob.api().get(messages + "/" + sent.path("id").asText()).ok();
    assertThat(seen.at("/content/attachment/file/state").asText()).isEqualTo("ready");
    assertThat(seen.at("/content/attachment/file/url").asText()).startsWith("http");
    assertThat(acme.as("admin").call("DELETE", "/api/v1/files/" + file, null).status())
        .isEqualTo(409);
    Wait.until("the search", SOON, () -> !hits(bob, "axolotl" + run + "&hasFile=true").isEmpty());
    assertThat(hits(bob, "axolotl" + run + "&hasFile=false")).isEmpty();
    assertThat(
            ada.api()
                .patch("/api/v1/chats/" + id, Json.of("avatarFileId", file))
                .ok()
                .path("avatarFileId")
                .asText())
        .isEqualTo(file);
    assertThat(
            ada.api()
                .patch("/api/v1/chats/" + id, Json.of("avatarFileId", ""))
                .ok()
                .has("avatarFileId"))
        .isFalse();

    assertThat(ada.api().call("DELETE", messages + "/" + sent.path("id").asText(), null).status())
        .isEqualTo(204);
    assertThat(acme.as("admin").call("DELETE", "/api/v1/files/" + file, null).status())
        .isEqualTo(204);
    for (JsonNode bad :
        List.of(
            Json.of("type", "image"),
            Json.of("type", "image", "attachment", Json.of("link", "https://example.com/a.jpg")),
            Json.of("type", "image", "attachment", Json.of("fileId", file)))) {
      assertThat(ada.api().post(messages, Json.of("content", bad)).status()).isEqualTo(400);
    }
  }

  @Test
  void whoIsRemovedFromTheTenantLeavesTheirGroups() {
    Person ada = person("ada");
    Person bob = person("bob");
    String id =
        ada.api()
            .post(
                "/api/v1/chats",
                Json.of(
                    "kind",
                    "group",
                    "title",
                    "Orphans",
                    "participants",
                    List.of(Json.of("userId", bob.id()))))
            .ok()
            .path("id")
            .asText();
    assertThat(acme.as("admin").call("DELETE", "/api/v1/users/" + ada.id(), null).status())
        .isEqualTo(204);

    Wait.until(
        "bob to be the owner",
        SOON,
        () -> bob.api().get("/api/v1/chats/" + id).ok().at("/me/role").asText().equals("owner"));
    assertThat(bob.api().get("/api/v1/chats/" + id).ok().path("participants").asInt()).isEqualTo(1);
  }

  @Test
  void contactsAndUsersAreFoundByAlmostTheirName() {
    acme.api().post("/api/v1/contacts", Json.of("name", "Guðrún Jónsdóttir " + run)).ok();
    Wait.until(
        "the contact",
        SOON,
        () ->
            acme.api()
                .get("/api/v1/search/contacts?q=gudrun%20jonsdotir%20" + run)
                .text()
                .contains(run));
    Person hedwig = person("hedwig");
    Wait.until(
        "the user",
        SOON,
        () ->
            hedwig
                .api()
                .get("/api/v1/search/users?q=hedvig%20" + run)
                .text()
                .contains(hedwig.id()));
  }

  @Test
  void usersPinAndReactInCustomersConversationsAndTheCustomerSeesNothing() {
    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "hello");
    String id = acme.api().awaitConversation(customer, SOON).path("id").asText();
    String message = acme.api().messages(id).getFirst().path("id").asText();
    Person ada = person("ada");
    String path = "/api/v1/conversations/" + id + "/messages/" + message;

    assertThat(ada.api().post(path + "/reactions", Json.of("emoji", "👀")).ok().toString())
        .contains("👀");
    ada.api().call("POST", path + "/pin", null).ok();
    assertThat(ada.api().get("/api/v1/conversations/" + id + "/pins").ok().path("items"))
        .hasSize(1);
    assertThat(acme.api().messages(id)).hasSize(1);
    Answer change =
        ada.api()
            .call(
                "PATCH", path, Json.of("content", Json.of("type", "text", "body", "x")).toString());
    assertThat(change.status()).isEqualTo(409);
    assertThat(ada.api().call("DELETE", path, null).status()).isEqualTo(409);
    Answer threaded =
        ada.api()
            .post(
                "/api/v1/conversations/" + id + "/messages",
                Json.of("content", Json.of("type", "text", "body", "x"), "threadOf", message));
    assertThat(threaded.status()).isEqualTo(400);
  }
}
