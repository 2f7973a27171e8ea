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
import dev.parley.acceptance.driver.Webhook;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What holds for every request: health, metrics, correlation, problems, log lines.
class PlatformTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Api anybody = world.server.api();

  @Test
  void healthAndMetricsAreOpen() {
    assertThat(anybody.get("/health/live").status()).isEqualTo(200);
    assertThat(anybody.get("/health/ready").json().path("status").asText()).isEqualTo("UP");
    Wait.until(
        "the queues are measured",
        SOON,
        () -> anybody.get("/metrics").text().contains("parley_queue_depth"));
    assertThat(anybody.get("/metrics").text())
        .contains("parley_webhooks_total", "parley_webhook_time", "jvm_memory_used_bytes");
  }

  @Test
  void aCorrelationIdGoesWithAWebhookIntoItsEvents() {
    String correlation = "corr-" + UUID.randomUUID();
    String customer = World.customer();
    byte[] body =
        Webhook.body(
            acme.number(),
            List.of(
                Webhook.messages(
                    acme.number(),
                    customer,
                    List.of(Webhook.text("wamid." + correlation, customer, Instant.now(), "hi")))));
    var headers = new HashMap<>(acme.signed(body));
    headers.put("X-Correlation-Id", correlation);
    Http.call("POST", acme.webhook(world.server.url()), headers, body).expect(200);

    acme.api()
        .events()
        .await(
            "an event under " + correlation,
            SOON,
            event ->
                event.path("correlationId").asText().equals(correlation)
                    && event.path("type").asText().equals("message.received"));
  }

  @Test
  void aCorrelationIdGoesWithARequestIntoItsEventsAndItsAnswer() {
    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "hi");
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    String correlation = "corr-" + UUID.randomUUID();
    Answer sent =
        acme.api()
            .with("X-Correlation-Id", correlation)
            .send(conversation, Json.of("type", "text", "body", "hello"), null)
            .expect(202);

    assertThat(sent.header("X-Correlation-Id")).isEqualTo(correlation);
    for (String type : List.of("message.queued", "message.sent")) {
      acme.api()
          .events()
          .await(
              type + " under " + correlation,
              SOON,
              event ->
                  event.path("correlationId").asText().equals(correlation)
                      && event.path("type").asText().equals(type));
    }
    // The sandbox's ledger shows no headers, so that the outgoing call carries it is not looked at
    // here.
  }

  @Test
  void aRequestWithoutCorrelationIdGetsOne() {
    assertThat(acme.api().get("/api/v1/tenant").header("X-Correlation-Id")).isNotBlank();
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    Answer traced =
        acme.api()
            .with("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
            .get("/api/v1/tenant");
    assertThat(traced.expect(200).header("X-Correlation-Id")).isNotBlank();
    String bad =
        acme.api()
            .with("X-Correlation-Id", "x".repeat(5000))
            .get("/api/v1/tenant")
            .header("X-Correlation-Id");
    assertThat(bad).isNotNull().hasSizeLessThan(200);
  }

  @Test
  void everyProblemHasTheSameForm() {
    Api api = acme.api();
    problem(api.get("/api/v1/nothing"), 404, "not-found");
    problem(api.get("/api/v1/contacts/" + UUID.randomUUID()), 404, "not-found");
    problem(api.get("/api/v1/contacts/no-id"), 404, "not-found");
    problem(api.call("PUT", "/api/v1/contacts", "{}"), 405, "method-not-allowed");
    problem(
        api.with("Content-Type", "text/csv").call("POST", "/api/v1/contacts", "a;b"),
        415,
        "unsupported-media-type");
    problem(api.call("POST", "/api/v1/contacts", "{\"name\":"), 400, "unreadable");
    problem(api.call("POST", "/api/v1/contacts", "[]"), 400, "unreadable");
    problem(api.call("POST", "/api/v1/contacts", "{\"name\":{}}"), 400, "unreadable");
    problem(api.call("POST", "/api/v1/contacts", "{}"), 400, "invalid");
    problem(api.get("/api/v1/contacts?limit=100000"), 400, "invalid");
    problem(api.get("/api/v1/contacts?limit=abc"), 400, "invalid");
    problem(api.get("/api/v1/contacts?after=%00%ff"), 400, "invalid");
    problem(anybody.get("/api/v1/contacts"), 401, "unauthenticated");
    // The HTTP server refuses this by itself, before any route: with the status, without a body.
    assertThat(
            api.call("POST", "/api/v1/contacts", "{\"name\":\"" + "x".repeat(5 << 20) + "\"}")
                .status())
        .isEqualTo(413);
  }

  private static void problem(Answer answer, int status, String code) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("Content-Type"))
        .as("%s", answer)
        .startsWith("application/problem+json");
    JsonNode problem = answer.json();
    assertThat(problem.path("code").asText()).as("%s", answer).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    for (String field : List.of("type", "title", "detail", "correlationId")) {
      assertThat(problem.path(field).asText()).as("%s of %s", field, answer).isNotBlank();
    }
    assertThat(answer.text()).doesNotContain("Exception", "dev.parley", "SQL");
  }

  @Test
  void logLinesNameTenantAndCorrelationAndNoSecret() {
    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "hi");
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    world.sandbox.faults(
        acme.number(), Json.of("on", "messages", "mode", "error", "code", 190, "times", 1));
    String correlation = "corr-" + UUID.randomUUID();
    String message =
        acme.api()
            .with("X-Correlation-Id", correlation)
            .send(conversation, Json.of("type", "text", "body", "fails"), null)
            .ok()
            .path("id")
            .asText();
    acme.api().awaitState(conversation, message, SOON, "failed");
    world.sandbox.faults(acme.number());
    anybody.post(
        "/api/v1/auth/login", Json.of("email", "x@y.example", "password", "wrongpasswordcanary"));

    List<String> lines =
        Wait.until(
            "a line under " + correlation,
            SOON,
            world.server::lines,
            all -> all.stream().anyMatch(line -> line.contains(correlation)));
    JsonNode line =
        Json.read(lines.stream().filter(l -> l.contains(correlation)).findFirst().orElseThrow());
    assertThat(line.at("/mdc/correlationId").asText()).isEqualTo(correlation);
    assertThat(line.at("/mdc/tenant").asText()).isEqualTo(acme.id());
    String log = String.join("\n", lines);
    for (Tenant tenant : List.of(acme, world.tenants.globex())) {
      assertThat(log)
          .doesNotContain(
              tenant.number().accessToken(),
              tenant.number().appSecret(),
              tenant.number().verifyToken(),
              Tenant.password(tenant.slug()),
              tenant.key());
    }
    assertThat(log).doesNotContain("wrongpasswordcanary");
  }
}
