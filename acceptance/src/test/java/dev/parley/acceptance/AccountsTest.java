package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.Mailbox.Letter;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Registration, lost passwords and invitations, with a mail server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final World world = World.shared();
  private final Mailbox mailbox = world.mailbox;
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();

  @BeforeAll
  void open() {
    mode(acme, "open");
    mode(globex, "invited");
  }

  private static void mode(Tenant tenant, String mode) {
    tenant
        .as("admin")
        .patch(
            "/api/v1/tenant",
            Json.of("settings", Json.of("registration", Json.of("mode", mode, "role", "agent"))))
        .ok();
  }

  /// Somebody at a network address of their own, so that limits of one test do not meet another.
  private Api stranger() {
    int n = COUNT.incrementAndGet();
    return world.server.api().with("X-Forwarded-For", "198.51." + n / 250 + "." + (1 + n % 250));
  }

  private static String address() {
    return "ada-" + UUID.randomUUID() + "@people.example";
  }

  private static Answer register(Api caller, String email, String password) {
    return caller.post(
        "/api/v1/auth/register",
        Json.of("email", email, "name", "Ada", "password", password, "tenant", "acme"));
  }

  private static Answer login(Api caller, String email, String password, String tenant) {
    return caller.post(
        "/api/v1/auth/login", Json.of("email", email, "password", password, "tenant", tenant));
  }

  private static Answer token(Api caller, String route, String token) {
    return caller.post("/api/v1/auth/" + route, Json.of("token", token));
  }

  @Test
  void whoRegistersAndOpensTheLinkCanSignIn() {
    String email = address();
    Api caller = stranger();
    Answer noted =
        caller.post(
            "/api/v1/auth/register",
            Json.of(
                "email",
                email.toUpperCase(Locale.ROOT),
                "name",
                "Ada",
                "password",
                PASSWORD,
                "tenant",
                "acme",
                "locale",
                "pt-PT"));
    noted.expect(202);
    Letter letter = mailbox.await(email, 1);
    assertThat(letter.subject()).isEqualTo("Confirme o seu endereço de e-mail para acme");
    assertThat(letter.from()).isEqualTo("Parley <no-reply@parley.example>");
    assertThat(letter.text()).contains("https://app.parley.example/verify-email#token=mt_");
    assertThat(letter.html()).contains("lang=\"pt-PT\"", letter.token());
    assertThat(letter.source()).contains("Auto-Submitted: auto-generated");
    Answer early = login(caller, email, PASSWORD, "acme").expect(403);
    assertThat(early.code()).isEqualTo("email-unverified");
    assertThat(login(caller, email, "not that one at all", "acme").expect(401).code())
        .isEqualTo("unauthenticated");
    assertThat(acme.as("admin").get("/api/v1/users?limit=200").text()).doesNotContain(email);

    JsonNode joined = token(caller, "verify-email", letter.token()).ok();

    assertThat(joined.path("tenant").asText()).isEqualTo("acme");
    JsonNode grant = login(caller, email, PASSWORD, "acme").ok();
    JsonNode me = caller.withToken(grant.path("accessToken").asText()).get("/api/v1/me").ok();
    assertThat(me.path("email").asText()).isEqualTo(email);
    assertThat(me.path("role").asText()).isEqualTo("agent");
    assertThat(me.path("locale").asText()).isEqualTo("pt-PT");
    assertThat(me.path("verifiedAt").asText()).isNotBlank();
    token(caller, "verify-email", letter.token()).expect(400);
    login(caller, email, PASSWORD, "globex").expect(401);
    assertThat(acme.as("admin").get("/api/v1/audit?action=user.registered").text()).contains(email);
    assertThat(globex.as("admin").get("/api/v1/audit?limit=200").text()).doesNotContain(email);
  }

  @Test
  void theAnswerIsTheSameForAnAddressWithAnAccountAndTheMailIsAnother() {
    String known = "agent@acme.example";
    String unknown = address();
    for (String route : List.of("register", "resend-verification", "forgot-password")) {
      Answer one = ask(route, known);
      Answer other = ask(route, unknown);
      assertThat(one.status()).isEqualTo(202).isEqualTo(other.status());
      assertThat(one.text()).isEqualTo(other.text());
      assertThat(one.headers().map().keySet()).isEqualTo(other.headers().map().keySet());
    }
    Wait.until(
        "both mails to the one who has an account",
        SOON,
        () ->
            mailbox.to(known).stream()
                .map(Letter::subject)
                .toList()
                .containsAll(
                    List.of("You already have an account at acme", "A new password for acme")));
    assertThat(mailbox.to(known))
        .filteredOn(letter -> letter.subject().startsWith("You already"))
        .noneMatch(letter -> letter.text().contains("#token="));
    Wait.until("both mails to the other", SOON, () -> mailbox.to(unknown).size() == 2);
    assertThat(mailbox.to(unknown))
        .allMatch(letter -> letter.subject().equals("Confirm your e-mail address for acme"));
  }

  @Test
  void whatIsAskedForAnAddressThatNobodyHasLeavesNothingBehind() {
    String unknown = address();
    stranger().post("/api/v1/auth/forgot-password", Json.of("email", unknown)).expect(202);
    stranger()
        .post("/api/v1/auth/forgot-password", Json.of("email", unknown, "tenant", "no-such"))
        .expect(202);
    Wait.until(
        "the worker has dropped it",
        SOON,
        () ->
            world.server.sql().number("SELECT count(*) FROM work_items WHERE queue = 'mails'")
                == 0);
    assertThat(mailbox.to(unknown)).isEmpty();
    assertThat(world.server.sql().number("SELECT count(*) FROM dead_letters WHERE queue = 'mails'"))
        .isZero();
  }

  private Answer ask(String route, String email) {
    return stranger()
        .post(
            "/api/v1/auth/" + route,
            Json.of("email", email, "name", "Ada", "password", PASSWORD, "tenant", "acme"));
  }

  @Test
  void aResetByMailEndsEverySession() {
    String email = address();
    Api admin = acme.as("admin");
    admin.createUser(email, "Reset", "agent", PASSWORD);
    Api caller = stranger();
    JsonNode grant = login(caller, email, PASSWORD, "acme").ok();
    Api signedIn = caller.withToken(grant.path("accessToken").asText());
    signedIn.get("/api/v1/me").expect(200);
    caller.post("/api/v1/auth/forgot-password", Json.of("email", email)).expect(202);
    String token = mailbox.await(email, 1).token();
    String next = "another password altogether";
    caller
        .post("/api/v1/auth/reset-password", Json.of("token", token, "password", "short"))
        .expect(400);

    caller
        .post("/api/v1/auth/reset-password", Json.of("token", token, "password", next))
        .expect(204);

    signedIn.get("/api/v1/me").expect(401);
    caller
        .post("/api/v1/auth/refresh", Json.of("refreshToken", grant.path("refreshToken").asText()))
        .expect(401);
    caller
        .post("/api/v1/auth/reset-password", Json.of("token", token, "password", next))
        .expect(400);
    login(caller, email, PASSWORD, "acme").expect(401);
    login(caller, email, next, "acme").expect(200);
    assertThat(mailbox.await(email, 2).subject()).isEqualTo("Your password for acme was changed");
    String user = grant.at("/user/id").asText();
    var events = acme.api().events();
    for (String type : List.of("user.password-changed", "user.signed-out")) {
      events.await(
          type,
          SOON,
          event ->
              event.path("type").asText().equals(type)
                  && event.at("/data/userId").asText().equals(user));
    }
  }

  @Test
  void anInvitationIsAcceptedOnceWithTheRoleThatItGives() {
    String email = address();
    Api manager = globex.as("manager");
    manager.post("/api/v1/invitations", Json.of("email", email, "role", "admin")).expect(403);
    JsonNode made =
        manager.post("/api/v1/invitations", Json.of("email", email, "role", "agent")).ok();
    manager.post("/api/v1/invitations", Json.of("email", email, "role", "agent")).expect(409);
    Letter first = mailbox.await(email, 1);
    assertThat(first.text()).contains("manager of globex invites you to join globex");
    manager
        .call("POST", "/api/v1/invitations/" + made.path("id").asText() + "/resend", null)
        .expect(200);
    Letter second = mailbox.await(email, 2);
    Api caller = stranger();
    accept(caller, first.token()).expect(400);

    JsonNode joined = accept(caller, second.token()).ok();

    assertThat(joined.path("tenant").asText()).isEqualTo("globex");
    accept(caller, second.token()).expect(400);
    String access = login(caller, email, PASSWORD, "globex").ok().path("accessToken").asText();
    assertThat(caller.withToken(access).get("/api/v1/me").ok().path("role").asText())
        .isEqualTo("agent");
    assertThat(
            manager
                .get("/api/v1/invitations/" + made.path("id").asText())
                .ok()
                .path("state")
                .asText())
        .isEqualTo("accepted");
    caller
        .post(
            "/api/v1/auth/register",
            Json.of("email", address(), "name", "A", "password", PASSWORD, "tenant", "globex"))
        .expect(403);
    for (String action : List.of("created", "sent-again", "accepted")) {
      assertThat(globex.as("admin").get("/api/v1/audit?action=invitation." + action).text())
          .contains(email);
    }
  }

  private static Answer accept(Api caller, String token) {
    return caller.post(
        "/api/v1/auth/accept-invitation",
        Json.of("token", token, "name", "Ada", "password", PASSWORD));
  }

  @Test
  void ofTheSameLinkOpenedManyTimesAtOnceOneMakesTheUser() throws Exception {
    String email = address();
    register(stranger(), email, PASSWORD).expect(202);
    String token = mailbox.await(email, 1).token();
    var answers = new ConcurrentLinkedQueue<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        Api caller = stranger();
        threads.execute(() -> answers.add(token(caller, "verify-email", token).status()));
      }
    }
    assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
    assertThat(answers).filteredOn(status -> status == 400).hasSize(7);
  }

  @Test
  void aMailThatCannotBeHandedOverWaitsForTheServer() {
    String email = address();
    mailbox.stop();
    try {
      register(stranger(), email, PASSWORD).expect(202);
      Wait.until(
          "the mail was tried and put off",
          SOON,
          () ->
              world
                  .server
                  .api()
                  .get("/metrics")
                  .text()
                  .lines()
                  .anyMatch(line -> line.startsWith("parley_mails_total{outcome=\"later\"")));
    } finally {
      mailbox.restart();
    }
    assertThat(mailbox.await(email, 1).token()).isNotBlank();
  }

  @Test
  void tooManyMailsFromOneNetworkMustWait() {
    Api caller = world.server.api().with("X-Forwarded-For", "2001:db8:7:7::1");
    Answer last = ask(caller);
    for (int i = 0; i < 60 && last.status() == 202; i++) {
      last = ask(world.server.api().with("X-Forwarded-For", "2001:db8:7:7::" + (i + 2)));
    }
    assertThat(last.expect(429).header("Retry-After")).isNotBlank();
    ask(world.server.api().with("X-Forwarded-For", "2001:db8:7:8::1")).expect(202);
  }

  private static Answer ask(Api caller) {
    return caller.post(
        "/api/v1/auth/forgot-password", Json.of("email", address(), "tenant", "acme"));
  }
}
