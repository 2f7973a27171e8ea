package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Await;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IntegrationsTest {
  private static final String OPEN = "/conversations/messaging/integrations/open";
  private final GenesysBench bench = new GenesysBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void creationTakesAWhile() {
    bench.behaviour("{\"integrationMs\":300}");
    JsonNode made = GenesysBench.must(bench.integrate(bench.hooks.url())).json();
    assertThat(made.path("createStatus").asText()).isEqualTo("Initiated");
    String id = made.path("id").asText();
    String inbound = "/conversations/messages/" + id + "/inbound/open/message";
    String message = GenesysBench.message("1", "wamid.1", "early");
    assertThat(bench.api("POST", inbound, message).status()).isEqualTo(404);

    Await.until("completed", () -> status(id).equals("Completed"));

    assertThat(bench.api("POST", inbound, message).status()).isEqualTo(200);
    JsonNode shown = bench.api("GET", OPEN + "/" + id, null).json();
    assertThat(shown.path("status").asText()).isEqualTo("Active");
    assertThat(shown.at("/recipient/id").asText()).isEqualTo(id);
    assertThat(shown.at("/webhookHeaders/X-Tenant").asText()).isEqualTo("acme");
  }

  @Test
  void creationCanFail() {
    bench.behaviour("{\"integrationEnds\":\"Error\"}");
    String id = bench.integrate(bench.hooks.url()).json().path("id").asText();
    assertThat(status(id)).isEqualTo("Error");
    assertThat(bench.api("GET", OPEN + "/" + id, null).json().at("/createError/status").asInt())
        .isEqualTo(500);
  }

  @Test
  void refusesShortSecretsAndAddressesThatItWouldNotCall() {
    for (String url :
        List.of("http://shop.example/hook", "https://shop.example:8443/hook", "not an address")) {
      assertThat(bench.integrate(url).status()).as(url).isEqualTo(400);
    }
    assertThat(bench.integrate("https://shop.example/hook").status()).isEqualTo(200);
    assertThat(
            bench
                .api("PATCH", OPEN + "/" + bench.integration, patch("exactly15chars."))
                .json()
                .path("message")
                .asText())
        .contains("must be longer than 15 characters");
    assertThat(
            bench.api("PATCH", OPEN + "/" + bench.integration, patch("exactly16chars..")).status())
        .isEqualTo(200);
  }

  @Test
  void aPatchHoldsForTheNextWebhook() {
    String conversation = bench.open("hi");
    bench.api("PATCH", OPEN + "/" + bench.integration, patch("another secret of the shop"));

    bench.act(conversation, "{\"type\":\"text\",\"text\":\"signed anew\"}");

    Hooks.Hook hook = bench.hooks.hooks().getLast();
    assertThat(hook.header("X-Hub-Signature-256"))
        .isEqualTo(Wire.sign(hook.body(), "another secret of the shop"));
  }

  @Test
  void listsInPagesAndDeletes() {
    bench.integrate(bench.hooks.url());
    bench.integrate(bench.hooks.url());

    JsonNode page = bench.api("GET", OPEN + "?pageSize=2&pageNumber=2", null).json();
    assertThat(page.path("total").asInt()).isEqualTo(3);
    assertThat(page.path("pageCount").asInt()).isEqualTo(2);
    assertThat(page.path("entities")).hasSize(1);

    String id = page.at("/entities/0/id").asText();
    assertThat(bench.api("DELETE", OPEN + "/" + id, null).status()).isEqualTo(204);
    assertThat(bench.api("GET", OPEN + "/" + id, null).code()).isEqualTo("not.found");
    assertThat(
            bench
                .api(
                    "POST",
                    "/conversations/messages/" + id + "/inbound/open/message",
                    GenesysBench.message("1", "wamid.1", "x"))
                .status())
        .isEqualTo(404);
  }

  @Test
  void anotherOrganisationSeesNothingOfIt() {
    bench.control(
        "PUT",
        "/sandbox/organizations/globex",
        "{\"clientId\":\"other\",\"clientSecret\":\"hush\"}");
    String conversation = bench.open("hi");
    String message = bench.write("more").json().path("id").asText();
    bench.token = bench.grant("other", "hush").json().path("access_token").asText();

    assertThat(bench.write("hi").status()).isEqualTo(404);
    assertThat(bench.api("GET", OPEN + "/" + bench.integration, null).status()).isEqualTo(404);
    assertThat(bench.api("GET", "/conversations/" + conversation, null).status()).isEqualTo(404);
    assertThat(bench.api("GET", "/conversations/messages/" + message + "/details", null).status())
        .isEqualTo(404);
    assertThat(bench.api("GET", OPEN, null).json().path("total").asInt()).isZero();
  }

  @Test
  void withoutAFlowNothingIsRouted() {
    String recipient = "/routing/message/recipients/" + bench.integration;
    assertThat(bench.api("GET", recipient, null).json().path("flow").isObject()).isTrue();
    assertThat(bench.api("PUT", recipient, "{\"flow\":null}").status()).isEqualTo(200);

    String conversation = bench.open("anybody?");

    assertThat(bench.conversation(conversation).path("participants")).hasSize(1);
  }

  @Test
  void typingIsToldWhereTheSettingEnablesIt() {
    bench.behaviour("{\"typingBySetting\":true}");
    String conversation = bench.open("hi");
    bench.act(conversation, "{\"type\":\"typing\"}");
    String setting =
        bench
            .api(
                "POST",
                "/conversations/messaging/settings",
                "{\"name\":\"t\",\"event\":{\"typing\":{\"on\":{\"outbound\":\"Enabled\"}}}}")
            .json()
            .path("id")
            .asText();
    bench.api(
        "PATCH",
        OPEN + "/" + bench.integration,
        "{\"name\":\"Shop\",\"messagingSetting\":{\"id\":\"%s\"}}".formatted(setting));
    bench.act(conversation, "{\"type\":\"typing\",\"durationMs\":7000}");

    assertThat(bench.hooks.of("Event")).hasSize(1);
    JsonNode event = bench.hooks.of("Event").getFirst().at("/events/0");
    assertThat(event.path("eventType").asText()).isEqualTo("Typing");
    assertThat(event.at("/typing/duration").asInt()).isEqualTo(7000);
  }

  private String status(String id) {
    return bench.api("GET", OPEN + "/" + id, null).json().path("createStatus").asText();
  }

  private static String patch(String secret) {
    return "{\"name\":\"Shop\",\"outboundNotificationWebhookSignatureSecretToken\":\"%s\"}"
        .formatted(secret);
  }
}
