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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Message templates: what is at the provider is here, what is changed here is changed there, and what is sent fits.
class TemplatesTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api admin = acme.as("admin");
  private final String path = "/api/v1/channels/" + acme.channelId() + "/templates";
  private final String name = "t" + UUID.randomUUID().toString().replace("-", "_");

  @BeforeEach
  void sync() {
    admin.post(path + "/sync", Json.of()).ok();
  }

  private static JsonNode body(String text, List<String> examples) {
    return Json.of(
        "type", "BODY", "text", text, "example", Json.of("body_text", List.of(examples)));
  }

  private JsonNode draft(String text) {
    return Json.of(
        "name",
        name,
        "language",
        "en_US",
        "category",
        "utility",
        "components",
        List.of(body(text, List.of("Ada", "4711"))));
  }

  private List<JsonNode> named(String wanted) {
    return Api.items(acme.as("agent").get(path + "?name=" + wanted).ok());
  }

  private JsonNode awaitStatus(String id, String status) {
    return Wait.until(
        name + " is " + status,
        SOON,
        () -> acme.as("agent").get(path + "/" + id).ok(),
        template -> template.path("status").asText().equals(status));
  }

  @Test
  void whatTheProviderHasIsHereAfterASync() {
    JsonNode template = named("order_confirmation").getFirst();
    assertThat(template.path("status").asText()).isEqualTo("approved");
    assertThat(template.path("language").asText()).isEqualTo("en_US");
    assertThat(template.path("quality").asText()).isEqualTo("green");
    assertThat(template.path("parameterFormat").asText()).isEqualTo("positional");
    assertThat(template.path("components").toString()).contains("{{2}}");
    assertThat(named("appointment_reminder").getFirst().path("parameterFormat").asText())
        .isEqualTo("named");
    JsonNode again = admin.post(path + "/sync", Json.of()).ok();
    assertThat(again.path("added").asInt() + again.path("removed").asInt()).isZero();
    Answer file = admin.with("Accept", "text/csv").get(path);
    assertThat(file.expect(200).text()).contains("order_confirmation", "id,name,language");
  }

  @Test
  void allPagesOfTheProviderAreTakenAndWhatIsGoneThereGoesHere() {
    String prefix = "many" + UUID.randomUUID().toString().substring(0, 8) + "_";
    world.sandbox.behave(globex.number(), Json.of("templateReview", "manual"));
    for (int i = 0; i < 120; i++) {
      graph(
          "POST",
          globex.number().wabaId() + "/message_templates",
          Json.of(
              "name",
              prefix + i,
              "language",
              "en_US",
              "category",
              "UTILITY",
              "components",
              List.of(Json.of("type", "BODY", "text", "Hello"))));
    }
    String theirs = "/api/v1/channels/" + globex.channelId() + "/templates";
    JsonNode synced = globex.as("manager").post(theirs + "/sync", Json.of()).ok();
    assertThat(synced.path("templates").asInt()).isGreaterThanOrEqualTo(123);
    List<JsonNode> first = Api.items(globex.api().get(theirs + "?limit=100&name=" + prefix).ok());
    assertThat(first).hasSize(100);
    graph(
        "DELETE", globex.number().wabaId() + "/message_templates?name=" + prefix + "7", Json.of());
    JsonNode after = globex.as("manager").post(theirs + "/sync", Json.of()).ok();
    assertThat(after.path("removed").asInt()).isEqualTo(1);
    assertThat(Api.items(globex.api().get(theirs + "?name=" + prefix + "7&limit=200").ok()))
        .noneMatch(t -> t.path("name").asText().equals(prefix + "7"));
    for (int i = 0; i < 120; i++) {
      if (i != 7) {
        graph(
            "DELETE",
            globex.number().wabaId() + "/message_templates?name=" + prefix + i,
            Json.of());
      }
    }
    globex.as("manager").post(theirs + "/sync", Json.of()).ok();
    world.sandbox.behave(globex.number(), Json.of("templateReview", "approve"));
  }

  private void graph(String method, String edge, JsonNode body) {
    Http.call(
            method,
            URI.create(world.sandbox.url() + "/v23.0/" + edge),
            Map.of(
                "Authorization",
                "Bearer " + globex.number().accessToken(),
                "Content-Type",
                "application/json"),
            method.equals("DELETE") ? null : body.toString().getBytes(StandardCharsets.UTF_8))
        .expect(200);
  }

  @Test
  void aTemplateIsCreatedReviewedChangedSentAndDeleted() {
    // Meta tells the time of a webhook to the second; two reviews within one would be one.
    world.sandbox.behave(acme.number(), Json.of("templateReviewMs", 1200));
    JsonNode made =
        acme.as("manager").post(path, draft("Hello {{1}}, order {{2}}.")).expect(201).json();
    String id = made.path("id").asText();
    awaitStatus(id, "approved");
    acme.api()
        .events()
        .await(
            "template.updated",
            SOON,
            event ->
                event.path("type").asText().equals("template.updated")
                    && event.at("/data/templateId").asText().equals(id)
                    && event.at("/data/status").asText().equals("approved"));

    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "hi");
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    Answer few = send(conversation, List.of("Ada"));
    assertThat(few.expect(400).text()).contains("2 variables");
    String message =
        send(conversation, List.of("Ada", "4711")).expect(202).json().path("id").asText();
    acme.api().awaitState(conversation, message, SOON, "sent", "delivered", "read");

    JsonNode preview =
        acme.as("agent")
            .post(
                path + "/" + id + "/preview",
                Json.of("components", List.of(values(List.of("Ada", "$1")))))
            .ok();
    assertThat(preview.path("body").asText()).isEqualTo("Hello Ada, order $1.");
    assertThat(preview.path("errors")).isEmpty();

    admin
        .patch(
            path + "/" + id,
            Json.of("components", List.of(body("Bye {{1}} and {{2}}.", List.of("Ada", "1")))))
        .ok();
    assertThat(awaitStatus(id, "approved").path("components").toString()).contains("Bye");

    world.sandbox.change(
        acme.number(), "message_template_status_update", told(made, "PAUSED", "other_info"));
    awaitStatus(id, "paused");
    assertThat(send(conversation, List.of("Ada", "4711")).expect(422).text()).contains("paused");
    world.sandbox.change(
        acme.number(),
        "message_template_quality_update",
        Json.of(
            "previous_quality_score",
            "GREEN",
            "new_quality_score",
            "YELLOW",
            "message_template_id",
            made.path("providerId").asLong(),
            "message_template_name",
            name,
            "message_template_language",
            "en_US"));
    Wait.until(
        "the quality is told",
        SOON,
        () -> acme.as("agent").get(path + "/" + id).ok().path("quality").asText(),
        "yellow"::equals);

    admin.call("DELETE", path + "/" + id, null).expect(204);
    assertThat(named(name)).isEmpty();
    assertThat(admin.post(path + "/sync", Json.of()).ok().path("added").asInt()).isZero();
    admin.get(path + "/" + id).expect(404);
    world.sandbox.behave(acme.number(), Json.of("templateReviewMs", 200));
  }

  private JsonNode told(JsonNode template, String event, String info) {
    return Json.of(
        "event",
        event,
        "message_template_id",
        template.path("providerId").asLong(),
        "message_template_name",
        name,
        "message_template_language",
        "en_US",
        "reason",
        "NONE",
        info,
        Json.of("title", "FIRST_PAUSE"));
  }

  private static JsonNode values(List<String> texts) {
    return Json.of(
        "type",
        "body",
        "parameters",
        texts.stream().map(text -> Json.of("type", "text", "text", text)).toList());
  }

  private Answer send(String conversation, List<String> texts) {
    return acme.api()
        .send(
            conversation,
            Json.of(
                "type",
                "template",
                "name",
                name,
                "language",
                "en_US",
                "components",
                List.of(values(texts))),
            null);
  }

  @Test
  void whatIsWrongIsToldBeforeTheProviderIsAsked() {
    Answer answer =
        admin.post(
            path,
            Json.of(
                "name",
                "Bad Name",
                "language",
                "english",
                "category",
                "fun",
                "components",
                List.of(Json.of("type", "BODY", "text", "Hello {{2}}"))));
    assertThat(answer.expect(400).json().path("errors").toString())
        .contains("\"name\"", "\"language\"", "\"category\"", "components[0].text", "body_text");
    admin.post(path, Json.of("name", "x")).expect(400);
    acme.as("agent").post(path, draft("Hello {{1}} {{2}}")).expect(403);
  }

  @Test
  void theProvidersRefusalIsToldAndLeavesNothing() {
    world.sandbox.faults(
        acme.number(), Json.of("on", "templates", "mode", "error", "code", 100, "times", 1));
    Answer refused = admin.post(path, draft("Hello {{1}}, order {{2}}."));
    world.sandbox.faults(acme.number());

    assertThat(refused.expect(422).code()).isEqualTo("channel-unable");
    assertThat(named(name)).isEmpty();
  }
}
