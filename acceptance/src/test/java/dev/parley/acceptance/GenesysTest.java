package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A customer writes on WhatsApp, an agent answers in Genesys Cloud, both of them emulated.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenesysTest {
  private static final String SLUG = "umbrella";

  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Genesys genesys = world.genesys;
  private final Tenant tenant =
      Fixture.tenant(
          world.server.api(), world.tenants.operator(), SLUG, 7, sandbox, world.server.url());
  private final Genesys.Connection connection = genesys.connect(tenant);

  @AfterEach
  void heal() {
    genesys.faults(SLUG);
    sandbox.faults(tenant.number());
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private JsonNode begun(String customer) {
    sandbox.writeText(tenant.number(), customer, "Olá \uD83D\uDC4D");
    return genesys.awaitConversation(SLUG, customer);
  }

  private List<JsonNode> inbound(String conversation) {
    return list(genesys.conversation(SLUG, conversation).path("messages")).stream()
        .filter(message -> message.path("direction").asText().equals("inbound"))
        .toList();
  }

  private JsonNode awaitInbound(String conversation, Predicate<JsonNode> wanted) {
    return Wait.until(
            "Genesys has the message",
            SOON,
            () -> inbound(conversation).stream().filter(wanted).toList(),
            found -> !found.isEmpty())
        .getFirst();
  }

  /// What the customer got, as soon as it is so many messages.
  private List<JsonNode> awaitSends(String customer, int count) {
    return Wait.until(
        count + " messages at " + customer,
        SOON,
        () ->
            sandbox.sends(tenant.number()).stream()
                .filter(send -> send.at("/body/to").asText().endsWith(customer))
                .filter(send -> send.path("accepted").asBoolean(true))
                .toList(),
        found -> found.size() >= count);
  }

  private JsonNode awaitReceipt(String conversation, String id) {
    return Wait.until(
            "a receipt of " + id,
            SOON,
            () ->
                list(genesys.conversation(SLUG, conversation).path("messages")).stream()
                    .filter(message -> message.path("id").asText().equals(id))
                    .flatMap(message -> list(message.path("receipts")).stream())
                    .filter(receipt -> receipt.path("isFinalReceipt").asBoolean())
                    .toList(),
            found -> !found.isEmpty())
        .getFirst();
  }

  @Test
  void aTextGoesThereAndItsAnswerComesBackWithAReceipt() {
    String customer = World.customer();
    String conversation = begun(customer).path("id").asText();
    assertThat(inbound(conversation).getFirst().path("text").asText())
        .isEqualTo("Olá \uD83D\uDC4D");

    String id = genesys.say(SLUG, conversation, "Good morning");
    JsonNode sent = awaitSends(customer, 1).getFirst();
    JsonNode receipt = awaitReceipt(conversation, id);

    assertThat(sent.at("/body/text/body").asText()).isEqualTo("Good morning");
    assertThat(receipt.path("status").asText()).isEqualTo("Delivered");
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();
    JsonNode desk = tenant.api().get("/api/v1/conversations/" + ours + "/desk").ok();
    assertThat(desk.path("desk").asText()).isEqualTo("genesys");
    assertThat(desk.path("genesysConversationId").asText()).isEqualTo(conversation);
    assertThat(tenant.api().messages(ours).getLast().at("/sender/kind").asText()).isEqualTo("desk");
  }

  @Test
  void filesGoBothWays() {
    String customer = World.customer();
    String conversation = begun(customer).path("id").asText();
    sandbox.write(
        tenant.number(), customer, Json.of("type", "image", "image", Json.of("caption", "Look")));

    JsonNode picture = awaitInbound(conversation, message -> message.has("content"));
    assertThat(picture.path("text").asText()).isEqualTo("Look");
    Wait.until(
        "Genesys has fetched the picture",
        SOON,
        () -> awaitInbound(conversation, message -> message.has("content")),
        message -> message.path("fetched").path("status").asInt() == 200);

    String id =
        genesys.act(
            SLUG,
            conversation,
            Json.of("type", "attachment", "mediaType", "Image", "text", "And this"));
    JsonNode sent = awaitSends(customer, 1).getFirst();
    assertThat(sent.at("/body/type").asText()).isEqualTo("image");
    assertThat(sent.at("/body/image/caption").asText()).isEqualTo("And this");
    assertThat(awaitReceipt(conversation, id).path("status").asText()).isEqualTo("Delivered");
  }

  @Test
  void aQuickReplyIsAButtonAndItsAnswerFindsTheQuestion() {
    String customer = World.customer();
    String conversation = begun(customer).path("id").asText();
    String question =
        genesys.act(
            SLUG,
            conversation,
            Json.of(
                "type",
                "quickReplies",
                "text",
                "When?",
                "options",
                List.of(
                    Json.of("text", "Now", "payload", "now-payload"),
                    Json.of("text", "Later", "payload", "later-payload"))));
    JsonNode sent = awaitSends(customer, 1).getFirst();
    assertThat(sent.at("/body/interactive/type").asText()).isEqualTo("button");
    awaitReceipt(conversation, question);

    sandbox.write(
        tenant.number(),
        customer,
        Json.of(
            "type",
            "interactive",
            "interactive",
            Json.of(
                "type",
                "button_reply",
                "button_reply",
                Json.of("id", "now-payload", "title", "Now")),
            "contextId",
            sent.path("id").asText()));
    JsonNode response =
        Wait.until(
                "a structured response",
                SOON,
                () ->
                    genesys.calls(SLUG, "response").stream()
                        .filter(
                            call -> call.at("/body/originatingMessageId").asText().equals(question))
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    assertThat(response.at("/body/buttonResponse/payload").asText()).isEqualTo("now-payload");
    assertThat(response.at("/body/buttonResponse/type").asText()).isEqualTo("QuickReply");
  }

  @Test
  void whatCannotBeSentIsToldByAReceipt() {
    String conversation = begun(World.customer()).path("id").asText();
    String unknown =
        genesys.act(
            SLUG,
            conversation,
            Json.of(
                "type",
                "raw",
                "payload",
                Json.of(
                    "type", "Structured", "content", List.of(Json.of("contentType", "Hologram")))));
    JsonNode receipt = awaitReceipt(conversation, unknown);

    assertThat(receipt.path("status").asText()).isEqualTo("Failed");
    assertThat(receipt.at("/reasons/0/code").asText()).isEqualTo("UnsupportedMessage");
  }

  @Test
  void aSignatureIsInBase64AndAMessageComesOnce() {
    String customer = World.customer();
    String conversation = begun(customer).path("id").asText();
    JsonNode body =
        Json.of(
            "id",
            "twice-" + customer,
            "type",
            "Text",
            "text",
            "Once",
            "direction",
            "Outbound",
            "conversationId",
            conversation,
            "channel",
            Json.of("to", Json.of("id", "+" + customer, "idType", "Phone")));

    for (String bad : List.of("hex", "wrong", "none")) {
      assertThat(genesys.webhook(connection, body, bad)).as(bad).isEqualTo(401);
    }
    assertThat(genesys.webhook(connection, body, "good")).isEqualTo(200);
    awaitSends(customer, 1);
    assertThat(genesys.webhook(connection, body, "good")).isEqualTo(200);
    genesys.say(SLUG, conversation, "After");
    assertThat(awaitSends(customer, 2))
        .extracting(send -> send.at("/body/text/body").asText())
        .containsExactly("Once", "After");
  }

  private JsonNode text(String id, String customer, String text) {
    return Json.of(
        "id",
        id,
        "type",
        "Text",
        "text",
        text,
        "direction",
        "Outbound",
        "channel",
        Json.of("to", Json.of("id", "+" + customer, "idType", "Phone")));
  }

  /// The final receipt of a webhook that no conversation of the emulator knows.
  private JsonNode awaitReceipt(String id) {
    return Wait.until(
            "a final receipt of " + id,
            SOON,
            () ->
                genesys.calls(SLUG, "receipt").stream()
                    .map(call -> call.path("body"))
                    .filter(body -> body.path("id").asText().equals(id))
                    .filter(body -> body.path("isFinalReceipt").asBoolean())
                    .toList(),
            found -> !found.isEmpty())
        .getFirst();
  }

  /// The emulator calls it a time-out when there is no answer within ten seconds.
  @Test
  void webhooksAreAnsweredWhileWhatsAppHangsAndNothingIsToldByAStatus() {
    String customer = World.customer();
    begun(customer);
    sandbox.faults(
        tenant.number(), Json.of("on", "messages", "mode", "hang", "delayMs", 20_000, "times", 1));
    String hung = "hung-" + customer;
    String nobody = "nobody-" + customer;

    assertThat(genesys.webhook(connection, text(hung, customer, "Hello?"), "good")).isEqualTo(200);
    assertThat(genesys.webhook(connection, text(nobody, World.customer(), "Who are you?"), "good"))
        .isEqualTo(200);
    assertThat(awaitReceipt(nobody).path("status").asText()).isEqualTo("Failed");
    // WhatsApp has not answered, so that nobody knows whether the customer has it.
    assertThat(awaitReceipt(hung).path("status").asText()).isEqualTo("Failed");
  }

  /// Genesys' receipts need not carry the id that we gave.
  @Test
  void aFileThatTheProfileDoesNotAllowIsToldByItsAddress() {
    String integration = "/api/v1/genesys/integrations/" + connection.id();
    genesys.behave(SLUG, Json.of("echoMessageId", false));
    supports(integration, genesys.profile(SLUG, "application/pdf"));
    try {
      String customer = World.customer();
      String conversation = begun(customer).path("id").asText();
      sandbox.write(
          tenant.number(), customer, Json.of("type", "image", "image", Json.of("caption", "Look")));

      assertThat(
              awaitInbound(conversation, m -> m.path("text").asText().startsWith("Customer sent"))
                  .path("text")
                  .asText())
          .contains("http")
          .contains("Look");
    } finally {
      supports(integration, genesys.profile(SLUG, "*/*"));
      genesys.behave(SLUG, Json.of("echoMessageId", true));
    }
  }

  private void supports(String integration, String profile) {
    Api admin = tenant.as("admin");
    admin.patch(integration, Json.of("settings", Json.of("supportedContentId", profile))).ok();
    admin.post(integration + "/provision", Json.of()).ok();
  }

  @Test
  void whileGenesysIsAwayMessagesWaitAndThenGoInOrder() {
    String customer = World.customer();
    String conversation = begun(customer).path("id").asText();
    genesys.faults(SLUG, Json.of("on", "message", "mode", "error", "httpStatus", 503, "times", 2));
    List<String> texts = IntStream.range(0, 12).mapToObj(i -> "n" + i).toList();
    texts.forEach(text -> sandbox.writeText(tenant.number(), customer, text));
    genesys.revokeTokens(SLUG);

    awaitInbound(conversation, message -> message.path("text").asText().equals("n11"));
    assertThat(inbound(conversation))
        .extracting(message -> message.path("text").asText())
        .containsExactlyElementsOf(
            Stream.concat(Stream.of("Olá \uD83D\uDC4D"), texts.stream()).toList());
  }

  @Test
  void aConversationIsHandedOverAndBack() {
    String customer = World.customer();
    String conversation = begun(customer).path("id").asText();
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();
    String desk = "/api/v1/conversations/" + ours + "/desk";

    tenant.as("agent").call("PUT", desk, Json.write(Json.of("desk", "inbox"))).ok();
    awaitInbound(
        conversation, m -> m.path("text").asText().contains("taken the conversation over"));
    sandbox.writeText(tenant.number(), customer, "for the inbox");
    // What comes after the handover is Genesys' own.
    Wait.until(
        "it is in the inbox",
        SOON,
        () -> tenant.api().get("/api/v1/conversations/" + ours + "/messages").ok().toString(),
        messages -> messages.contains("for the inbox"));
    tenant
        .as("agent")
        .call("PUT", desk, Json.write(Json.of("desk", "genesys", "note", "Needs a refund")))
        .ok();

    JsonNode transcript =
        awaitInbound(conversation, m -> m.path("text").asText().contains("Needs a refund"));
    assertThat(transcript.path("text").asText())
        .startsWith("[Handed over by ")
        .contains("Customer: for the inbox");
    assertThat(inbound(conversation))
        .extracting(m -> m.path("text").asText())
        .doesNotContain("for the inbox");
  }

  @Test
  void theChecksSeeWhatIsThere() {
    JsonNode checks =
        tenant
            .as("admin")
            .post("/api/v1/genesys/integrations/" + connection.id() + "/checks", Json.of())
            .ok();

    assertThat(list(checks))
        .extracting(c -> c.path("name").asText() + " " + c.path("state").asText())
        .startsWith("token ok", "integration ok", "permission ok")
        .hasSize(5);
    assertThat(
            tenant
                .as("admin")
                .get("/api/v1/genesys/integrations/" + connection.id())
                .ok()
                .toString())
        .doesNotContain("genesyscanary");
  }
}
