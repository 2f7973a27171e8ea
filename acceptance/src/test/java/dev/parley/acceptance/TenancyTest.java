package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Which tenant a request is of, and that it stays there.
class TenancyTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api anybody = world.server.api();

  @Test
  void aRequestThatNamesTwoTenantsIsRefused() {
    String token =
        anybody
            .post(
                "/api/v1/auth/login",
                Json.of(
                    "email",
                    "agent@globex.example",
                    "password",
                    Tenant.password("globex"),
                    "tenant",
                    "globex"))
            .ok()
            .path("accessToken")
            .asText();
    List<Api> conflicts =
        List.of(
            acme.api().in("globex"),
            acme.api().in(globex.id()),
            acme.api().in("nobody"),
            acme.api().with("Authorization", "Bearer " + token),
            acme.api().with("Host", "globex.parley.example"),
            globex.as("admin").with("Host", "acme.parley.example"),
            acme.as("admin").in("globex"));

    for (Api caller : conflicts) {
      Answer answer = caller.get("/api/v1/tenant");
      assertThat(answer.status()).as("%s", answer).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("tenant-conflict");
    }
  }

  @Test
  void aRequestThatNamesOneTenantTwiceIsFine() {
    for (Api caller :
        List.of(
            acme.api().in("acme"),
            acme.api().in(acme.id()),
            acme.api().with("Host", "acme.parley.example"),
            acme.as("agent").with("Host", "ACME.parley.example:8443"))) {
      assertThat(caller.get("/api/v1/tenant").ok().path("slug").asText()).isEqualTo("acme");
    }
  }

  @Test
  void theOperatorActsInATenantOnlyByNamingIt() {
    Api operator = world.tenants.operator();

    assertThat(operator.get("/api/v1/users").status()).isEqualTo(403);
    assertThat(operator.in("acme").get("/api/v1/users").ok().toString())
        .contains("admin@acme.example")
        .doesNotContain("globex.example");
    operator.in("acme").post("/api/v1/projects", Json.of("name", "By the operator")).ok();
    assertThat(acme.as("admin").get("/api/v1/audit?limit=200").text()).contains("operator");
  }

  @Test
  void aSuspendedTenantIsOutAndLosesNothing() {
    Tenant initech =
        Fixture.tenant(
            anybody, world.tenants.operator(), "initech", 2, world.sandbox, world.server.url());
    String path = "/api/v1/tenants/" + initech.id();
    world.tenants.operator().call("POST", path + "/suspend", null).ok();

    for (Api caller : List.of(initech.api(), initech.as("admin"))) {
      Answer answer = caller.get("/api/v1/conversations");
      assertThat(answer.status()).as("%s", answer).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("tenant-suspended");
    }
    assertThat(acme.api().get("/api/v1/conversations").status()).isEqualTo(200);
    String customer = World.customer();
    world.sandbox.writeText(initech.number(), customer, "while you were out");
    world.tenants.operator().call("POST", path + "/resume", null).ok();

    String conversation = initech.api().awaitConversation(customer, SOON).path("id").asText();
    String message = initech.api().sendText(conversation, "back").path("id").asText();
    initech.api().awaitState(conversation, message, SOON, "sent", "delivered", "read");
  }

  @Test
  void twoThousandRequestsByTurnsNeverMeet() throws Exception {
    for (Tenant tenant : List.of(acme, globex)) {
      tenant.api().post("/api/v1/contacts", Json.of("name", "canary-of-" + tenant.slug())).ok();
      String customer = World.customer();
      world.sandbox.writeText(tenant.number(), customer, "canary-of-" + tenant.slug());
      tenant.api().awaitConversation(customer, SOON);
    }
    List<String> paths =
        List.of(
            "/api/v1/contacts",
            "/api/v1/conversations",
            "/api/v1/users",
            "/api/v1/events?limit=20",
            "/api/v1/tenant");
    var wrong = new ConcurrentLinkedQueue<String>();
    var all = new ArrayList<Future<?>>();
    try (var threads = Executors.newFixedThreadPool(12, Thread.ofVirtual().factory())) {
      for (int i = 0; i < 2000; i++) {
        Tenant mine = i % 2 == 0 ? acme : globex;
        Tenant other = i % 2 == 0 ? globex : acme;
        Api caller = i % 3 == 0 ? mine.as("manager") : mine.api();
        String path = paths.get(i % paths.size());
        all.add(threads.submit(() -> check(caller.get(path), other, wrong)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void check(Answer answer, Tenant other, ConcurrentLinkedQueue<String> wrong) {
    if (answer.status() != 200
        || answer.text().contains("canary-of-" + other.slug())
        || answer.text().contains(other.id())
        || answer.text().contains("@" + other.slug() + ".example")) {
      wrong.add(answer.toString());
    }
  }

  @Test
  void theirCustomersOfTheSameNumberAreTwoContacts() {
    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "to acme");
    world.sandbox.writeText(globex.number(), customer, "to globex");

    String one = acme.api().awaitConversation(customer, SOON).path("id").asText();
    String two = globex.api().awaitConversation(customer, SOON).path("id").asText();

    assertThat(one).isNotEqualTo(two);
    Wait.until("one message each", SOON, () -> acme.api().messages(one).size() == 1);
    assertThat(globex.api().messages(two)).hasSize(1);
  }
}
