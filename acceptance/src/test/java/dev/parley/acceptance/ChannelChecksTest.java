package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Tenant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The set-up of a channel, part by part.
class ChannelChecksTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Api admin = acme.as("admin");
  private final String path = "/api/v1/channels/" + acme.channelId() + "/checks";

  private static Map<String, String> states(JsonNode checks) {
    var states = new TreeMap<String, String>();
    checks.forEach(check -> states.put(check.path("name").asText(), check.path("state").asText()));
    return states;
  }

  private static Map<String, String> look(Api admin, String path) {
    JsonNode checks = admin.post(path, Json.of()).ok();
    for (JsonNode check : checks) {
      assertThat(check.path("detail").asText()).isNotBlank();
      if (!check.path("state").asText().equals("ok")) {
        assertThat(check.path("mend").asText()).as("%s", check).isNotBlank();
      }
    }
    assertThat(checks.toString()).doesNotContain("EAAtoken", "appsecret0canary", "verify-me");
    return states(checks);
  }

  @Test
  void aGoodChannelIsGoodInEveryPart() {
    Map<String, String> states = look(admin, path);

    assertThat(states.keySet())
        .containsExactly(
            "account", "app-secret", "phone-number", "subscription", "token", "webhook");
    for (String part : List.of("account", "app-secret", "phone-number", "subscription", "token")) {
      assertThat(states.get(part)).as(part).isEqualTo("ok");
    }
    // The test's server is known by two names.
    assertThat(states.get("webhook")).isIn("ok", "warning");
    assertThat(states(acme.as("agent").get(path).ok())).isEqualTo(states);
  }

  @Test
  void eachWrongPartIsTold() {
    PhoneNumber number = acme.number();
    JsonNode made =
        admin
            .post(
                "/api/v1/channels",
                Json.of(
                    "kind",
                    "whatsapp",
                    "name",
                    "Wrong",
                    "settings",
                    Json.of("phoneNumberId", number.id(), "wabaId", number.wabaId()),
                    "credentials",
                    Json.of(
                        "accessToken",
                        number.accessToken(),
                        "appSecrets",
                        List.of("not the secret"),
                        "verifyToken",
                        "some-word")))
            .ok();
    String channel = "/api/v1/channels/" + made.path("id").asText();
    try {
      Map<String, String> states = look(admin, channel + "/checks");
      assertThat(states)
          .containsEntry("token", "ok")
          .containsEntry("app-secret", "failed")
          .containsEntry("webhook", "failed");

      admin.patch(channel, Json.of("credentials", Json.of("accessToken", "EAAwrong"))).ok();
      assertThat(look(admin, channel + "/checks"))
          .containsEntry("token", "failed")
          .containsEntry("phone-number", "unknown")
          .containsEntry("app-secret", "unknown");
      assertThat(admin.get(channel).ok().path("lastError").asText()).contains("token");
      assertThat(admin.get("/api/v1/health").ok().toString()).contains("access token");
    } finally {
      admin.call("DELETE", channel, null).expect(204);
    }
    admin.get(channel + "/checks").expect(404);
  }

  @Test
  void aProviderThatDoesNotAnswerLeavesItUnknown() {
    world.sandbox.faults(acme.number(), Json.of("on", "any", "mode", "reset", "probability", 1));
    Map<String, String> states;
    try {
      states = look(admin, path);
    } finally {
      world.sandbox.faults(acme.number());
    }
    assertThat(states).containsEntry("phone-number", "unknown").containsEntry("webhook", "unknown");
  }

  @Test
  void aTestMessageGoesToOneNumberAndIntoNoConversation() {
    String to = World.customer();
    int conversations = acme.api().conversations().size();
    JsonNode sent = admin.post(path + "/message", Json.of("to", "+" + to)).ok();
    assertThat(sent.path("state").asText()).isEqualTo("sent");
    assertThat(sent.path("providerMessageId").asText()).startsWith("wamid.");
    assertThat(acme.api().conversations()).hasSize(conversations);
    JsonNode refused =
        admin.post(path + "/message", Json.of("to", "+" + to, "template", "no_such_one")).ok();
    assertThat(refused.path("state").asText()).isEqualTo("refused");
    assertThat(refused.at("/failure/cause").asText()).isNotBlank();
    Answer bad = admin.post(path + "/message", Json.of("to", "nobody"));
    assertThat(bad.expect(400).text()).contains("\"to\"");
    acme.as("manager").post(path + "/message", Json.of("to", "+" + to)).expect(403);
  }
}
