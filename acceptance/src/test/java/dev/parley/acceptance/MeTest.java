package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a signed-in user does about themselves: the profile, and where they are signed in.
class MeTest {
  private static final String PASSWORD = "correct horse battery staple";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();

  @Test
  void theProfileIsOnesOwnToChange() {
    Api agent = acme.as("agent");
    JsonNode changed =
        agent
            .patch(
                "/api/v1/me",
                Json.of("bio", "Answers.", "locale", "PT-br", "timeZone", "America/Sao_Paulo"))
            .ok();
    assertThat(changed.path("locale").asText()).isEqualTo("pt-BR");
    assertThat(acme.as("read-only").get("/api/v1/users/" + acme.userIds().get("agent")).text())
        .contains("Answers.", "America/Sao_Paulo");
    for (JsonNode bad :
        List.of(
            Json.of("bio", "x".repeat(501)),
            Json.of("locale", "not a tag"),
            Json.of("avatarFileId", UUID.randomUUID().toString()),
            Json.of("avatarFileId", "no id"),
            Json.of("timeZone", "Mars/Olympus"),
            Json.of("name", " "))) {
      assertThat(agent.patch("/api/v1/me", bad).expect(400).code()).isEqualTo("invalid");
    }
    JsonNode removed =
        agent.patch("/api/v1/me", Json.of("bio", "", "locale", "", "timeZone", "")).ok();
    for (String field : List.of("bio", "locale", "timeZone")) {
      assertThat(removed.has(field)).isFalse();
    }
    assertThat(removed.path("name").asText()).isEqualTo(changed.path("name").asText());
    acme.api().get("/api/v1/me").expect(403);
    world.tenants.operator().get("/api/v1/me").expect(403);
  }

  @Test
  void oneDeviceIsSignedOutAndTheOtherStays() {
    String email = "ada-" + UUID.randomUUID() + "@people.example";
    acme.as("admin").createUser(email, "Devices", "agent", PASSWORD);
    Api phone = signedIn(email);
    Api desk = signedIn(email);
    List<JsonNode> devices = Api.items(desk.get("/api/v1/me/devices").ok());
    assertThat(devices).hasSize(2);
    assertThat(devices).allMatch(device -> device.path("name").asText().equals("Ada's phone"));
    assertThat(devices).allMatch(device -> device.path("ip").asText().startsWith("198.51."));
    JsonNode other =
        devices.stream()
            .filter(device -> !device.path("current").asBoolean())
            .findFirst()
            .orElseThrow();

    desk.delete("/api/v1/me/devices/" + other.path("id").asText()).expect(204);

    phone.get("/api/v1/me").expect(401);
    desk.get("/api/v1/me").expect(200);
    desk.delete("/api/v1/me/devices/" + other.path("id").asText()).expect(404);
    assertThat(Api.items(desk.get("/api/v1/me/devices").ok())).hasSize(1);
  }

  private Api signedIn(String email) {
    Api caller = world.server.api().with("X-Forwarded-For", "198.51.100.7");
    return caller.withToken(
        caller
            .post(
                "/api/v1/auth/login",
                Json.of(
                    "email",
                    email,
                    "password",
                    PASSWORD,
                    "tenant",
                    "acme",
                    "device",
                    "Ada's phone"))
            .ok()
            .path("accessToken")
            .asText());
  }
}
