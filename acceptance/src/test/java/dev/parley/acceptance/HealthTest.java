package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The page of how everything is: what an operator sees, and what a tenant's administrator does.
class HealthTest {
  private static final String HEALTH = "/api/v1/health";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api operator = world.tenants.operator();

  private static List<String> names(JsonNode health, String kind) {
    var names = new ArrayList<String>();
    for (JsonNode item : health.path("items")) {
      if (item.path("kind").asText().equals(kind)) {
        names.add(item.path("name").asText());
      }
    }
    return names;
  }

  private static JsonNode item(JsonNode health, String kind, String name) {
    for (JsonNode item : health.path("items")) {
      if (item.path("kind").asText().equals(kind) && item.path("name").asText().equals(name)) {
        return item;
      }
    }
    throw new AssertionError("no " + kind + " " + name + " in " + health);
  }

  @Test
  void anOperatorSeesDependenciesProcessesAndAllQueues() {
    JsonNode health =
        Wait.until(
            "this process has told of itself",
            SOON,
            () -> operator.get(HEALTH).ok(),
            page -> !page.path("nodes").isEmpty() && names(page, "role").size() == 4);

    assertThat(health.path("scope").asText()).isEqualTo("installation");
    assertThat(names(health, "dependency"))
        .contains("database", "redis", "storage", "antivirus", "programs", "mail", "disk");
    for (String name : List.of("database", "storage", "mail")) {
      JsonNode item = item(health, "dependency", name);
      assertThat(item.path("state").asText()).as("%s", item).isEqualTo("ok");
      assertThat(item.path("since").asText()).isNotBlank();
    }
    assertThat(item(health, "dependency", "database").at("/facts/version").asText()).isNotBlank();
    assertThat(item(health, "dependency", "database").at("/facts/parley_app/most").asInt())
        .isPositive();
    assertThat(names(health, "role")).containsExactly("api", "ingress", "realtime", "worker");
    assertThat(names(health, "queue")).contains("inbound-messages", "outbound-messages", "mails");
    assertThat(names(health, "subscription")).contains("search");
    assertThat(names(health, "dead-letters")).hasSize(1);
    JsonNode node = health.path("nodes").path(0);
    assertThat(node.path("roles").size()).isEqualTo(4);
    assertThat(node.path("parts").toString()).contains("search", "intake", "realtime");
    assertThat(node.path("items").toString()).contains("database", "heapMostBytes");
    for (String field : List.of("id", "place", "version", "startedAt", "seenAt")) {
      assertThat(node.path(field).asText()).as(field).isNotBlank();
    }
  }

  @Test
  void anAdministratorSeesTheOwnTenantAlone() {
    String canary = "canary" + UUID.randomUUID();
    globex.post(world.server.url(), canary.getBytes(StandardCharsets.UTF_8)).expect(200);
    Wait.until(
        "globex has a dead letter",
        SOON,
        () ->
            item(globex.as("admin").get(HEALTH).ok(), "dead-letters", "dead-letters")
                .path("state")
                .asText()
                .equals("degraded"));
    JsonNode ours = acme.as("admin").get(HEALTH).ok();

    assertThat(ours.path("scope").asText()).isEqualTo("tenant");
    assertThat(ours.has("nodes")).isFalse();
    assertThat(names(ours, "dependency")).isEmpty();
    assertThat(ours.toString())
        .contains(acme.channelId())
        .doesNotContain(globex.channelId(), globex.id(), canary);
    JsonNode both = operator.with("X-Tenant", globex.slug()).get(HEALTH).ok();
    assertThat(both.toString()).contains(globex.channelId(), "heapMostBytes");
  }

  @Test
  void aChannelsRefusalAndItsWebhooksAreSeen() {
    Tenant other = globex;
    world.sandbox.writeText(other.number(), World.customer(), "hi");
    other.post(world.server.url(), "{}".getBytes(StandardCharsets.UTF_8)).expect(200);
    Wait.until(
        "the call is noted",
        SOON,
        () -> channel(other).at("/facts/lastInboundAt").asText(),
        time -> !time.isEmpty());
    world.sandbox.webhook(other.number(), Json.of("changes", List.of()), "wrong");
    Wait.until(
        "the unsigned call is noted",
        SOON,
        () -> channel(other).at("/facts/lastUnsignedAt").asText(),
        time -> !time.isEmpty());
    String path = "/api/v1/channels/" + other.channelId();
    world.sandbox.faults(
        other.number(), Json.of("on", "any", "mode", "error", "code", 190, "times", 5));
    other.as("admin").post(path + "/test", Json.of()).ok();
    world.sandbox.faults(other.number());

    JsonNode seen =
        Wait.until(
            "the refusal is seen",
            SOON,
            () -> channel(other),
            item -> item.path("state").asText().equals("degraded"));
    assertThat(seen.path("mend").asText()).isNotBlank();
    other.as("admin").post(path + "/test", Json.of()).ok();
    Wait.until(
        "it is well again",
        SOON,
        () -> channel(other),
        item -> item.path("state").asText().equals("ok"));
  }

  private static JsonNode channel(Tenant tenant) {
    JsonNode health = tenant.as("admin").get(HEALTH).ok();
    for (JsonNode item : health.path("items")) {
      if (item.at("/facts/channelId").asText().equals(tenant.channelId())) {
        return item;
      }
    }
    throw new AssertionError("no channel in " + health);
  }

  @Test
  void nothingSecretIsShown() {
    String all = operator.get(HEALTH).ok().toString() + acme.as("admin").get(HEALTH).ok();
    for (Tenant tenant : List.of(acme, globex)) {
      assertThat(all)
          .doesNotContain(tenant.number().accessToken(), tenant.number().appSecret(), tenant.key());
    }
  }
}
