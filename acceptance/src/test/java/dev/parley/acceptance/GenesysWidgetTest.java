package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The agents' widget over HTTP: who is let in, what they may see, who may frame its page. Genesys is emulated.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenesysWidgetTest {
  static final String SLUG = "wayne";
  private static final String ADA = "ada";
  private static final String BOB = "bob";
  private static final String WIDGET = "/api/v1/genesys/widget";

  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Genesys genesys = world.genesys;
  private final Api nobody = world.server.api();
  private final Tenant tenant =
      Fixture.tenant(nobody, world.tenants.operator(), SLUG, 11, sandbox, world.server.url());
  private final Genesys.Connection connection = genesys.connect(tenant);

  GenesysWidgetTest() {
    genesys.widget(connection, tenant.as("admin"), ADA, BOB);
    tenant
        .as("admin")
        .post("/api/v1/channels/" + tenant.channelId() + "/templates/sync", Json.of())
        .ok();
  }

  private String begun(String customer) {
    sandbox.writeText(tenant.number(), customer, "Where is my parcel?");
    String id = genesys.awaitTaken(SLUG, customer, ADA).path("id").asText();
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();
    Wait.until(
        "Parley knows that it is this conversation of Genesys",
        SOON,
        () -> tenant.api().get("/api/v1/conversations/" + ours + "/desk").ok(),
        desk -> desk.path("genesysConversationId").asText().equals(id));
    return id;
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What a page that was opened for a conversation has when its agent comes back from Genesys' login.
  private record Back(String state, String code, String verifier) {
    JsonNode body(String shown) {
      return Json.of("state", state, "code", code, "codeVerifier", shown);
    }
  }

  private Back back(String agent, String conversation) {
    genesys.signedIn(SLUG, agent);
    String verifier = UUID.randomUUID() + "-" + UUID.randomUUID();
    JsonNode begun = begin(connection.id(), conversation, challenge(verifier)).ok();
    URI back = genesys.login(begun.path("authorizeUrl").asText());
    assertThat(back.getPath()).isEqualTo("/genesys/widget/callback");
    Matcher query = Pattern.compile("code=([^&]+)&state=(.+)").matcher(back.getQuery());
    assertThat(query.matches()).isTrue();
    assertThat(query.group(2)).isEqualTo(begun.path("state").asText());
    return new Back(query.group(2), query.group(1), verifier);
  }

  private Answer begin(
      @Nullable String integration, @Nullable String conversation, @Nullable String challenge) {
    return nobody.post(
        WIDGET + "/sign-ins",
        Json.of(
            "integrationId",
            integration,
            "conversationId",
            conversation,
            "codeChallenge",
            challenge));
  }

  private Answer open(String agent, String conversation) {
    Back back = back(agent, conversation);
    return nobody.post(WIDGET + "/sessions", back.body(back.verifier()));
  }

  private Api widget(String agent, String conversation) {
    return nobody.withToken(open(agent, conversation).expect(201).json().path("token").asText());
  }

  @Test
  void anAgentSeesTheConversationAndSendsATemplate() {
    String customer = World.customer();
    String conversation = begun(customer);
    sandbox.write(
        tenant.number(), customer, Json.of("type", "image", "image", Json.of("caption", "Look")));
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();
    tenant
        .as("agent")
        .post("/api/v1/conversations/" + ours + "/notes", Json.of("text", "A good customer"))
        .ok();
    tenant
        .as("admin")
        .post(
            "/api/v1/canned-replies",
            Json.of("shortcut", "here" + customer, "text", "This is {{agent.name}}."))
        .ok();
    Api widget = widget(ADA, conversation);

    JsonNode seen = widget.get(WIDGET + "/conversation").ok();
    assertThat(seen.path("id").asText()).isEqualTo(ours);
    assertThat(seen.at("/contact/identities/0/value").asText()).isEqualTo(customer);
    assertThat(seen.path("window").asText()).isNotEmpty();
    assertThat(seen.path("notes").asInt()).isEqualTo(1);
    assertThat(seen.path("conversations").asInt()).isEqualTo(1);
    assertThat(Api.items(widget.get(WIDGET + "/notes").ok()).getFirst().path("text").asText())
        .isEqualTo("A good customer");
    JsonNode picture =
        Wait.until(
                "the picture is there",
                SOON,
                () -> Api.items(widget.get(WIDGET + "/messages?limit=50").ok()),
                all -> all.toString().contains("\"state\":\"ready\""))
            .getFirst();
    URI file = URI.create(picture.at("/content/attachment/file/url").asText());
    assertThat(nobody.get(file.getPath()).status()).isEqualTo(200);
    assertThat(
            Api.items(widget.get(WIDGET + "/suggestions?q=here" + customer).ok())
                .getFirst()
                .path("text")
                .asText())
        .isEqualTo("This is ada of wayne.");

    JsonNode template =
        Api.items(widget.get(WIDGET + "/templates?name=hello_world").ok()).getFirst();
    assertThat(
            widget
                .post(WIDGET + "/templates/" + template.path("id").asText() + "/preview", Json.of())
                .ok()
                .path("body")
                .asText())
        .isNotEmpty();
    JsonNode wanted = Json.of("templateId", template.path("id").asText());
    String key = UUID.randomUUID().toString();
    Answer sent =
        widget.with("Idempotency-Key", key).post(WIDGET + "/messages", wanted).expect(202);
    Answer again =
        widget.with("Idempotency-Key", key).post(WIDGET + "/messages", wanted).expect(202);
    assertThat(again.json().path("id")).isEqualTo(sent.json().path("id"));
    assertThat(sent.json().at("/sender/name").asText()).isEqualTo("ada of wayne");
    JsonNode arrived =
        Wait.until(
                "the template at WhatsApp",
                SOON,
                () ->
                    sandbox.sends(tenant.number()).stream()
                        .filter(send -> send.at("/body/to").asText().endsWith(customer))
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    assertThat(arrived.at("/body/template/name").asText()).isEqualTo("hello_world");
    assertThat(tenant.as("admin").get("/api/v1/audit?action=genesys.widget-signed-in").text())
        .contains(ours, "ada of wayne");
  }

  @Test
  void itsTokenOpensNothingElse() {
    String customer = World.customer();
    Api widget = widget(ADA, begun(customer));
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();

    for (String path :
        List.of(
            "/api/v1/conversations",
            "/api/v1/conversations/" + ours + "/messages",
            "/api/v1/contacts",
            "/api/v1/me",
            "/api/v1/events",
            "/api/v1/genesys/integrations")) {
      assertThat(widget.get(path).status()).as(path).isEqualTo(403);
    }
    assertThat(widget.post("/api/v1/stream/tickets", Json.of()).status()).isEqualTo(403);
    widget.delete(WIDGET + "/session").expect(204);
    assertThat(widget.get(WIDGET + "/conversation").status()).isEqualTo(401);
  }

  @Test
  void whoIsNotOnTheConversationIsRefused() {
    String conversation = begun(World.customer());

    Answer refused = open(BOB, conversation);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("code").asText()).isEqualTo("forbidden");

    genesys.stands(SLUG, conversation, BOB, "alerting");
    Api ringing = widget(BOB, conversation);
    assertThat(ringing.get(WIDGET + "/session").ok().path("state").asText()).isEqualTo("alerting");
    assertThat(ringing.get(WIDGET + "/messages").status()).isEqualTo(409);
    genesys.stands(SLUG, conversation, BOB, "connected");
    Wait.until(
        "the agent has taken it",
        SOON,
        () -> ringing.get(WIDGET + "/messages").status(),
        status -> status == 200);
  }

  @Test
  void whoLeavesIsOut() {
    String conversation = begun(World.customer());
    genesys.stands(SLUG, conversation, BOB, "connected");
    Api widget = widget(BOB, conversation);
    widget.get(WIDGET + "/messages").expect(200);

    genesys.stands(SLUG, conversation, BOB, "disconnected");
    Wait.until(
        "the agent is out",
        SOON,
        () -> widget.get(WIDGET + "/messages").status(),
        status -> status == 403);
    assertThat(widget.get(WIDGET + "/messages").status()).isEqualTo(401);
  }

  @Test
  void aConversationOfAnotherTenantIsRefused() {
    Tenant other = world.tenants.globex();
    Genesys.Connection theirs = genesys.connect(other);
    genesys.widget(theirs, other.as("admin"), ADA);
    String customer = World.customer();
    sandbox.writeText(other.number(), customer, "A secret of globex");
    String conversation = genesys.awaitTaken(other.slug(), customer, ADA).path("id").asText();
    other
        .api()
        .call(
            "PUT",
            "/api/v1/channels/" + other.channelId() + "/desk",
            Json.write(Json.of("desk", "inbox")))
        .ok();

    assertThat(open(ADA, conversation).status()).isEqualTo(403);
    // A sign-in of one connection is good for no other.
    Back mine = back(ADA, begun(World.customer()));
    String verifier = UUID.randomUUID() + "-" + UUID.randomUUID();
    String state =
        begin(theirs.id(), conversation, challenge(verifier)).ok().path("state").asText();
    assertThat(
            nobody
                .post(
                    WIDGET + "/sessions",
                    Json.of("state", state, "code", mine.code(), "codeVerifier", verifier))
                .status())
        .isEqualTo(401);
  }

  @Test
  void aCodeIsGoodOnceWithItsVerifierAndItsState() {
    String conversation = begun(World.customer());
    Back back = back(ADA, conversation);
    String wrong = "b".repeat(50);

    for (JsonNode bad :
        List.of(
            back.body(wrong),
            new Back(back.state() + "x", back.code(), "").body(back.verifier()),
            new Back(back(ADA, conversation).state(), back.code(), "").body(back.verifier()))) {
      assertThat(nobody.post(WIDGET + "/sessions", bad).status()).isEqualTo(401);
    }
    JsonNode good = back.body(back.verifier());
    nobody.post(WIDGET + "/sessions", good).expect(201);
    assertThat(nobody.post(WIDGET + "/sessions", good).status()).isEqualTo(401);
  }

  @Test
  void aWidgetThatIsSetUpWronglyIsTold() {
    String challenge = challenge("x");
    Answer braces = begin(connection.id(), "{{gcConversationId}}", challenge);
    assertThat(braces.status()).isEqualTo(400);
    assertThat(braces.text()).contains("conversationId");
    String some = UUID.randomUUID().toString();
    assertThat(begin(some, some, challenge).status()).isEqualTo(404);
    assertThat(begin(connection.id(), some, "short").status()).isEqualTo(400);
    assertThat(begin(null, null, null).status()).isEqualTo(400);
  }

  @Test
  void anAdministratorReadsWhatToEnterAtGenesys() {
    String path = "/api/v1/genesys/integrations/" + connection.id() + "/widget";
    JsonNode widget = tenant.as("admin").get(path).ok();

    assertThat(widget.path("url").asText())
        .contains("/genesys/widget/" + connection.id() + "?conversation=")
        .contains("{{gcConversationId}}", "{{gcHostOrigin}}");
    assertThat(widget.path("redirectUri").asText())
        .isEqualTo(
            widget.path("url").asText().replaceFirst("/genesys/.*", "")
                + "/genesys/widget/callback");
    assertThat(widget.path("hasSecret").asBoolean()).isFalse();
    assertThat(
            tenant
                .as("admin")
                .call(
                    "PUT",
                    path,
                    Json.write(
                        Json.of("clientId", "widget-" + SLUG, "clientSecret", "widgetcanary")))
                .ok()
                .toString())
        .contains("\"hasSecret\":true")
        .doesNotContain("widgetcanary");
    assertThat(tenant.as("manager").call("PUT", path, "{\"clientId\":\"x\"}").status())
        .isEqualTo(403);
  }

  @Test
  void onlyTheDesktopOfTheRegionMayFrameThePage() {
    assumeTrue(
        nobody.get("/genesys/widget/callback").text().contains("<div id=\"root\">"),
        "built without Node: there are no pages");
    String desktop = genesys.url().toString();
    Back back = back(ADA, begun(World.customer()));
    String other =
        tenant
            .as("admin")
            .post(
                "/api/v1/genesys/integrations",
                Json.of(
                    "name",
                    "without a widget",
                    "region",
                    "genesys.example",
                    "clientId",
                    "c",
                    "clientSecret",
                    "s"))
            .ok()
            .path("id")
            .asText();

    assertThat(framers("/genesys/widget/" + connection.id() + "?conversation=x", 200))
        .isEqualTo(desktop);
    assertThat(framers("/genesys/widget/callback?code=x&state=" + back.state(), 200))
        .isEqualTo(desktop);
    assertThat(framers("/genesys/widget/callback?code=x&state=none", 404)).isEqualTo("'none'");
    assertThat(framers("/genesys/widget/" + other, 404)).isEqualTo("'none'");
    assertThat(framers("/genesys/widget/" + UUID.randomUUID(), 404)).isEqualTo("'none'");
    assertThat(framers("/genesys/widget/nonsense", 404)).isEqualTo("'none'");
    assertThat(framers("/inbox", 200)).isEqualTo("'none'");
    assertThat(framers("/sign-in", 200)).isEqualTo("'none'");
  }

  private String framers(String path, int status) {
    Answer page = nobody.get(path).expect(status);
    assertThat(page.header("X-Frame-Options")).isNull();
    String policy = String.valueOf(page.header("Content-Security-Policy"));
    assertThat(policy).contains("script-src 'self';", "object-src 'none'");
    return policy.substring(policy.indexOf("frame-ancestors ") + 16);
  }
}
