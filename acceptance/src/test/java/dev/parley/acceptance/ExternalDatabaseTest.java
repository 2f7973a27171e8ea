package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.driver.Webhook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A database of one's own: what the commands do with it while a server runs, and what the server answers while the
/// database is away.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalDatabaseTest {
  private final Path folder = Folders.temporary("external");
  private final ExternalPostgres postgres = ExternalPostgres.start(folder);
  private final Sandbox sandbox = Sandbox.start();
  private final Parley server =
      Parley.start(Parley.Options.in(folder).database(postgres).sandbox(sandbox));
  private final Fixture tenants = Fixture.make(server, sandbox);
  private final Tenant acme = tenants.acme();
  private final Tenant globex = tenants.globex();

  @AfterAll
  void close() {
    server.close();
    sandbox.close();
    postgres.close();
    Folders.delete(folder);
  }

  private Parley.Ran run(String... verb) {
    var arguments = new ArrayList<>(Arrays.asList(verb));
    postgres
        .settings()
        .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    arguments.addAll(List.of("--set", "data.dir=" + server.data()));
    return Parley.run(folder, arguments.toArray(String[]::new));
  }

  @Test
  void theSchemaIsBroughtForwardOnce() {
    Parley.Ran ran = run("migrate");
    assertThat(ran.code()).as(ran.output()).isZero();
    String version =
        postgres
            .sql()
            .texts("SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1")
            .getFirst();
    assertThat(ran.output()).contains("the schema is at version " + version);
  }

  @Test
  void theDoctorLooksAtIt() {
    Parley.Ran well = run("doctor", "--set", "whatsapp.graph.url=" + sandbox.url());
    assertThat(well.output()).contains("ok    database").doesNotContain("canary");
    Parley.Ran wrong =
        Parley.run(
            folder,
            "doctor",
            "--set",
            "database.url=jdbc:postgresql://127.0.0.1:1/parley",
            "--set",
            "data.dir=" + server.data());
    assertThat(wrong.code()).as(wrong.output()).isEqualTo(1);
    assertThat(wrong.output()).contains("fail  database").contains("->");
  }

  @Test
  void aSuspendedTenantIsLetInAgain() {
    Parley.Ran suspended = run("tenant", "suspend", globex.slug());
    assertThat(suspended.code()).as(suspended.output()).isZero();
    Wait.until(
        "globex is refused",
        Duration.ofSeconds(15),
        () -> globex.api().get("/api/v1/tenant").status() == 403);
    assertThat(acme.api().get("/api/v1/tenant").status()).isEqualTo(200);
    Parley.Ran resumed = run("tenant", "resume", globex.slug());
    assertThat(resumed.code()).as(resumed.output()).isZero();
    Wait.until(
        "globex is let in",
        Duration.ofSeconds(15),
        () -> globex.api().get("/api/v1/tenant").status() == 200);
  }

  @Test
  void aDeadLetterGoesBackIntoItsQueue() {
    byte[] unreadable = "{\"entry\": 7".getBytes(StandardCharsets.UTF_8);
    Http.call("POST", acme.webhook(server.url()), acme.signed(unreadable), unreadable).expect(200);
    String letter =
        Wait.until(
                "a dead letter",
                Duration.ofSeconds(15),
                () -> acme.api().get("/api/v1/dead-letters").ok().path("items"),
                items -> !items.isEmpty())
            .get(0)
            .path("id")
            .asText();
    Parley.Ran listed = run("dead-letters", "list", "--tenant", acme.slug());
    assertThat(listed.code()).as(listed.output()).isZero();
    assertThat(listed.output()).contains(letter);
    Parley.Ran foreign = run("dead-letters", "retry", "--tenant", globex.slug(), letter);
    assertThat(foreign.code()).as(foreign.output()).isEqualTo(1);
    assertThat(foreign.output()).contains(letter + "  is not there");
    Parley.Ran retried = run("dead-letters", "retry", "--tenant", acme.slug(), letter);
    assertThat(retried.code()).as(retried.output()).isZero();
    assertThat(retried.output()).contains(letter + "  back in its queue");
  }

  @Test
  void whileItIsAwayNothingIsTakenAndEverybodyIsToldWhenToComeAgain() {
    byte[] body =
        Webhook.body(
            acme.number(),
            List.of(
                Webhook.messages(
                    acme.number(),
                    "15550001234",
                    List.of(Webhook.text("wamid.away", "15550001234", Instant.now(), "hi")))));
    postgres.kill();
    Answer webhook = Http.call("POST", acme.webhook(server.url()), acme.signed(body), body);
    Answer read = acme.api().get("/api/v1/conversations");
    for (Answer answer : List.of(webhook, read)) {
      assertThat(answer.status()).as("%s", answer).isEqualTo(503);
      assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
      assertThat(answer.text()).doesNotContain("Exception", "SQL", "127.0.0.1");
    }
    assertThat(server.api().get("/health/live").status()).isEqualTo(200);
    assertThat(server.api().get("/health/ready").status()).isEqualTo(503);
    postgres.start();
    Wait.until(
        "the webhook is taken",
        Duration.ofSeconds(20),
        () ->
            Http.call("POST", acme.webhook(server.url()), acme.signed(body), body).status() == 200);
    acme.api().awaitConversation("15550001234", Duration.ofSeconds(20));
    server.awaitReady();
  }
}
