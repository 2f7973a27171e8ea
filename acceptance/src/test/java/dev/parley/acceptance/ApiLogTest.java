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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What stands in the log of calls, and what does not.
class ApiLogTest {
  private static final String LOG = "/api/v1/api-log";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();

  private static List<JsonNode> of(Api caller, String correlation, int least) {
    return Wait.until(
        "calls under " + correlation,
        SOON,
        () -> Api.items(caller.get(LOG + "?correlationId=" + correlation).ok()),
        calls -> calls.size() >= least);
  }

  private static String correlation() {
    return "call-" + UUID.randomUUID();
  }

  private static JsonNode detail(Api caller, JsonNode call) {
    return caller.get(LOG + "/" + call.path("id").asText()).ok();
  }

  @Test
  void aRequestIsLoggedWithItsRouteAndCaller() {
    String correlation = correlation();
    acme.as("agent")
        .with("X-Correlation-Id", correlation)
        .get("/api/v1/contacts/" + UUID.randomUUID() + "?access_token=canary")
        .expect(404);
    JsonNode call = of(acme.as("admin"), correlation, 1).getFirst();

    assertThat(call.path("route").asText()).isEqualTo("/api/v1/contacts/{id}");
    assertThat(call.path("method").asText()).isEqualTo("GET");
    assertThat(call.path("status").asInt()).isEqualTo(404);
    assertThat(call.path("direction").asText()).isEqualTo("in");
    assertThat(call.path("durationMillis").asDouble()).isPositive();
    assertThat(call.path("callerKind").asText()).isEqualTo("user");
    assertThat(call.path("callerName").asText()).isEqualTo("agent@acme.example");
    assertThat(call.path("query").asText()).isEqualTo("access_token=[secret]");
    assertThat(call.path("responseBytes").asLong()).isPositive();
    JsonNode detail = detail(acme.as("admin"), call);
    assertThat(detail.path("responseBody").asText()).contains("not-found");
    globex.as("admin").get(LOG + "/" + call.path("id").asText()).expect(404);
    assertThat(Api.items(globex.as("admin").get(LOG + "?correlationId=" + correlation).ok()))
        .isEmpty();
  }

  @Test
  void noSecretAndNoTextStandsInIt() {
    String correlation = correlation();
    Api admin = acme.as("admin").with("X-Correlation-Id", correlation);
    admin
        .post(
            "/api/v1/channels",
            Json.of(
                "kind",
                "whatsapp",
                "name",
                "x",
                "settings",
                Json.of(),
                "credentials",
                Json.of("accessToken", "canarytoken", "appSecrets", List.of("canarysecret"))))
        .expect(400);
    admin.post("/api/v1/contacts", Json.of("name", Json.of(), "phone", "+16505559876")).expect(400);
    world
        .server
        .api()
        .with("X-Correlation-Id", correlation)
        .post("/api/v1/auth/login", Json.of("email", "a@b.example", "password", "canarypassword"))
        .expect(401);
    for (JsonNode call : of(acme.as("admin"), correlation, 2)) {
      JsonNode detail = detail(acme.as("admin"), call);
      assertThat(detail.path("requestBody").asText()).isNotBlank();
      assertThat(detail.toString()).doesNotContain("canary", "6505559876");
    }
    JsonNode nobodys = of(world.tenants.operator(), correlation, 1).getFirst();
    assertThat(detail(world.tenants.operator(), nobodys).toString())
        .contains("a@b.example")
        .doesNotContain("canary");
  }

  @Test
  void aSendIsLoggedUnderTheSameCorrelationAsItsRequest() {
    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "hi");
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    String correlation = correlation();
    acme.as("admin").patch("/api/v1/tenant", Json.of("settings", settings("all"))).ok();
    try {
      acme.api()
          .with("X-Correlation-Id", correlation)
          .send(conversation, Json.of("type", "text", "body", "textcanary"), null)
          .expect(202);
      List<JsonNode> calls = of(acme.as("admin"), correlation, 2);
      JsonNode out =
          calls.stream()
              .filter(call -> call.path("direction").asText().equals("out"))
              .findFirst()
              .orElseThrow();
      assertThat(out.path("path").asText()).endsWith("/messages");
      assertThat(out.path("status").asInt()).isEqualTo(200);
      String detail = detail(acme.as("admin"), out).toString();
      assertThat(detail)
          .contains("messaging_product", "[10 characters]")
          .doesNotContain("textcanary", customer, acme.number().accessToken());
      JsonNode in =
          calls.stream()
              .filter(call -> call.path("direction").asText().equals("in"))
              .findFirst()
              .orElseThrow();
      assertThat(detail(acme.as("admin"), in).path("requestBody").asText())
          .contains("[10 characters]");
    } finally {
      acme.as("admin").patch("/api/v1/tenant", Json.of("settings", settings(null))).ok();
    }
    acme.as("admin")
        .patch("/api/v1/tenant", Json.of("settings", settings("everything")))
        .expect(400);
  }

  private static JsonNode settings(@Nullable String bodies) {
    return Json.of("apiLog", Json.of("bodies", bodies));
  }

  @Test
  void filtersNarrowAndFilesHoldNoFormulas() {
    String correlation = correlation();
    Api key = acme.api().with("X-Correlation-Id", correlation);
    key.get("/api/v1/channels/kinds").ok();
    key.call("GET", "/api/v1/nothing-of-the-kind", null).expect(404);
    of(acme.as("admin"), correlation, 1);
    acme.api().get("/api/v1/contacts/" + UUID.randomUUID()).expect(404);
    List<JsonNode> failed =
        Wait.until(
            "a refused call is logged",
            SOON,
            () -> Api.items(acme.as("admin").get(LOG + "?status=4xx&direction=in&limit=200").ok()),
            calls -> !calls.isEmpty());
    assertThat(failed).allMatch(call -> call.path("status").asInt() / 100 == 4);
    assertThat(Api.items(acme.as("admin").get(LOG + "?route=/api/v1/channels/kinds").ok()))
        .isNotEmpty()
        .allMatch(call -> call.path("path").asText().equals("/api/v1/channels/kinds"));
    for (String bad :
        List.of("status=abc", "from=x", "direction=up", "leastMillis=-1", "limit=0")) {
      acme.as("admin").get(LOG + "?" + bad).expect(400);
    }
    Answer file =
        acme.as("admin").with("Accept", "text/csv").get(LOG + "?correlationId=" + correlation);
    assertThat(file.expect(200).header("Content-Type")).startsWith("text/csv");
    assertThat(file.text().lines().findFirst().orElseThrow()).startsWith("id,time,direction");
    assertThat(file.text()).contains("/api/v1/channels/kinds");
    assertThat(file.text().lines()).hasSize(2);
  }

  @Test
  void aRefusedWebhookIsLogged() {
    world.sandbox.webhook(globex.number(), Json.of("changes", List.of()), "wrong");
    JsonNode refused =
        Wait.until(
                "the refusal is logged",
                SOON,
                () -> Api.items(globex.as("admin").get(LOG + "?path=/webhooks/&status=401").ok()),
                calls -> !calls.isEmpty())
            .getFirst();
    assertThat(refused.path("failure").asText()).contains("X-Hub-Signature-256");
  }
}
