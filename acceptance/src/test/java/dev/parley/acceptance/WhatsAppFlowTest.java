package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.driver.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job: a customer writes, somebody answers, receipts come back.
class WhatsAppFlowTest {
  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Tenant acme = world.tenants.acme();
  private final String customer = World.customer();

  @AfterEach
  void heal() {
    sandbox.faults(acme.number());
  }

  private String conversation() {
    sandbox.writeText(acme.number(), customer, "Olá! Está aberto?");
    return acme.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private JsonNode first(String conversation) {
    return acme.api().messages(conversation).getFirst();
  }

  @Test
  void aTextComesInAndItsAnswerGoesOutWithReceipts() {
    String id = conversation();

    JsonNode sent = acme.api().sendText(id, "Yes, until six.");
    JsonNode read = acme.api().awaitState(id, sent.path("id").asText(), SOON, "read");

    assertThat(read.path("sentAt").isTextual()).isTrue();
    assertThat(read.path("deliveredAt").isTextual()).isTrue();
    assertThat(read.path("readAt").isTextual()).isTrue();
    assertThat(sandbox.sends(acme.number(), sent.path("id").asText())).hasSize(1);
    assertThat(acme.api().messages(id))
        .extracting(
            m -> m.path("direction").asText() + " " + m.path("content").path("body").asText())
        .containsExactly("inbound Olá! Está aberto?", "outbound Yes, until six.");
    assertThat(world.tenants.globex().list("/api/v1/contacts?identity=" + customer)).isEmpty();
  }

  @Test
  void aReplyAndAReactionNameTheirMessage() {
    String id = conversation();
    JsonNode question = first(id);

    JsonNode reply =
        acme.api()
            .post(
                "/api/v1/conversations/" + id + "/messages",
                Json.of(
                    "content",
                    Json.of("type", "text", "body", "Yes"),
                    "replyTo",
                    question.path("id").asText()))
            .ok();
    JsonNode reaction =
        acme.api()
            .send(
                id,
                Json.of(
                    "type", "reaction", "messageId", question.path("id").asText(), "emoji", "👍"),
                null)
            .ok();

    acme.api().awaitState(id, reply.path("id").asText(), SOON, "sent", "delivered", "read");
    acme.api().awaitState(id, reaction.path("id").asText(), SOON, "sent", "delivered", "read");
    String wamid = question.path("providerMessageId").asText();
    assertThat(
            sandbox
                .sends(acme.number(), reply.path("id").asText())
                .getFirst()
                .at("/body/context/message_id")
                .asText())
        .isEqualTo(wamid);
    assertThat(
            sandbox
                .sends(acme.number(), reaction.path("id").asText())
                .getFirst()
                .at("/body/reaction/message_id")
                .asText())
        .isEqualTo(wamid);
  }

  @Test
  void theCustomersReplyAndReactionNameTheirMessage() {
    String id = conversation();
    String sent = acme.api().sendText(id, "Anything else?").path("id").asText();
    String wamid = acme.api().awaitState(id, sent, SOON, "read").path("providerMessageId").asText();

    sandbox.write(
        acme.number(),
        customer,
        Json.of("type", "text", "text", Json.of("body", "No"), "contextId", wamid));
    sandbox.write(
        acme.number(),
        customer,
        Json.of("type", "reaction", "reaction", Json.of("message_id", wamid, "emoji", "❤️")));

    JsonNode reacted =
        Wait.until(
            "the reaction is on the message",
            SOON,
            () -> acme.api().message(id, sent),
            m -> m.path("reactions").size() == 1);
    assertThat(reacted.at("/reactions/0/emoji").asText()).isEqualTo("❤️");
    assertThat(acme.api().messages(id)).anyMatch(m -> m.path("replyTo").asText().equals(sent));
  }

  @Test
  void aReadMarkReachesTheCustomerAndClearsTheCount() {
    String id = conversation();
    long marks = sandbox.counts(acme.number()).path("marks").asLong();

    JsonNode read =
        acme.api().post("/api/v1/conversations/" + id + "/read", Json.of("typing", true)).ok();

    assertThat(read.path("unread").asInt()).isZero();
    Wait.until(
        "the mark arrives",
        SOON,
        () -> sandbox.counts(acme.number()).path("marks").asLong() > marks);
  }

  @Test
  void outsideTheWindowOnlyATemplateIsTaken() {
    Instant yesterday = Instant.now().minus(Duration.ofHours(25));
    byte[] old =
        Webhook.body(
            acme.number(),
            List.of(
                Webhook.messages(
                    acme.number(),
                    customer,
                    List.of(
                        Webhook.text("wamid." + UUID.randomUUID(), customer, yesterday, "old")))));
    acme.post(world.server.url(), old).expect(200);
    JsonNode conversation = acme.api().awaitConversation(customer, SOON);
    String id = conversation.path("id").asText();
    assertThat(Instant.parse(conversation.path("window").asText())).isBefore(Instant.now());

    Answer refused = acme.api().send(id, Json.of("type", "text", "body", "Hi"), null).expect(422);
    String template =
        acme.api()
            .send(
                id,
                Json.of(
                    "type",
                    "template",
                    "name",
                    "hello_world",
                    "language",
                    "en_US",
                    "components",
                    List.of()),
                null)
            .expect(202)
            .json()
            .path("id")
            .asText();

    assertThat(refused.code()).isEqualTo("window-closed");
    acme.api().awaitState(id, template, SOON, "sent", "delivered", "read");
  }

  @Test
  void whatIsOverALimitIsRefusedByName() {
    String id = conversation();
    long posts = sandbox.counts(acme.number()).path("posts").asLong();

    Answer text = acme.api().send(id, Json.of("type", "text", "body", "x".repeat(4097)), null);
    Answer buttons =
        acme.api()
            .send(
                id,
                Json.of(
                    "type",
                    "buttons",
                    "body",
                    "?",
                    "buttons",
                    List.of(Json.of("id", "1", "title", "longer than twenty characters"))),
                null);

    assertThat(text.expect(400).json().at("/errors/0/field").asText()).isEqualTo("content.body");
    assertThat(text.text()).contains("4096");
    assertThat(buttons.expect(400).json().at("/errors/0/field").asText())
        .isEqualTo("content.buttons[0].title");
    assertThat(sandbox.counts(acme.number()).path("posts").asLong()).isEqualTo(posts);
  }

  @Test
  void aRepeatedIdempotencyKeySendsOnce() {
    String id = conversation();
    JsonNode content = Json.of("type", "text", "body", "Once");

    Answer one = acme.api().send(id, content, "key-" + customer).expect(202);
    Answer two = acme.api().send(id, content, "key-" + customer).expect(200, 202);

    String message = one.json().path("id").asText();
    assertThat(two.json().path("id").asText()).isEqualTo(message);
    acme.api().awaitState(id, message, SOON, "read");
    assertThat(sandbox.sends(acme.number(), message)).hasSize(1);
    assertThat(acme.api().messages(id)).hasSize(2);
  }

  @Test
  void aRetryOfAFailedMessageReallySendsAgain() {
    String id = conversation();
    sandbox.faults(
        acme.number(), Json.of("on", "messages", "mode", "error", "code", 131026, "times", 1));
    String message = acme.api().sendText(id, "Fails first").path("id").asText();
    JsonNode failed = acme.api().awaitState(id, message, SOON, "failed");

    acme.api()
        .call("POST", "/api/v1/conversations/" + id + "/messages/" + message + "/retry", null)
        .expect(200, 202);

    assertThat(failed.path("failure").path("cause").asText()).isNotBlank();
    assertThat(failed.path("failure").path("wayOut").asText()).isNotBlank();
    acme.api().awaitState(id, message, SOON, "read");
    assertThat(sandbox.sends(acme.number(), message)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message_template_status_update",
        "account_update",
        "phone_number_quality_update",
        "some_field_of_tomorrow"
      })
  void whatMetaSaysOfTheAccountBecomesANotice(String field) {
    String canary = "notice-" + customer;

    assertThat(sandbox.change(acme.number(), field, Json.of("event", canary))).isEqualTo(200);

    String notices = "/api/v1/channels/" + acme.channelId() + "/notices?limit=200";
    Wait.until(
        "the notice is there",
        SOON,
        () -> acme.list(notices),
        list -> list.stream().anyMatch(n -> n.toString().contains(canary)));
    assertThat(acme.list(notices))
        .anyMatch(n -> n.toString().contains(canary) && n.toString().contains(field));
  }

  @Test
  void aStatusOfTomorrowIsKept() {
    String wamid = "wamid.status" + customer;

    sandbox.change(
        acme.number(),
        "messages",
        Webhook.statuses(
            acme.number(), List.of(Webhook.status(wamid, customer, Instant.now(), "teleported"))));

    String notices = "/api/v1/channels/" + acme.channelId() + "/notices?field=statuses";
    Wait.until(
        "the notice is there",
        SOON,
        () -> acme.list(notices),
        list -> list.stream().anyMatch(n -> n.toString().contains(wamid)));
  }

  @Test
  void whatTheBusinessWroteOnThePhoneIsInTheConversation() {
    String id = conversation();
    JsonNode echo =
        Json.of(
            "from",
            acme.number().displayPhoneNumber().replaceAll("\\D", ""),
            "to",
            customer,
            "id",
            "wamid.echo" + customer,
            "timestamp",
            Long.toString(Instant.now().getEpochSecond()),
            "type",
            "text",
            "text",
            Json.of("body", "From the phone"));

    sandbox.change(
        acme.number(),
        "smb_message_echoes",
        Json.of("messaging_product", "whatsapp", "message_echoes", List.of(echo)));

    JsonNode message =
        Wait.until(
                "the echo is there", SOON, () -> acme.api().messages(id), list -> list.size() == 2)
            .getLast();
    assertThat(message.path("direction").asText()).isEqualTo("outbound");
    assertThat(message.at("/sender/kind").asText()).isEqualTo("phone-app");
  }

  @Test
  void aCustomerWithoutPhoneNumberIsAnsweredByUserId() {
    String user = "US." + customer;
    sandbox.write(
        acme.number(),
        customer,
        Json.of(
            "type", "text", "text", Json.of("body", "hidden"), "hidePhone", true, "userId", user));
    JsonNode conversation =
        Wait.until(
                "a conversation with " + user,
                SOON,
                () ->
                    acme.list("/api/v1/contacts?identity=" + user).stream()
                        .flatMap(
                            c ->
                                acme
                                    .list(
                                        "/api/v1/conversations?contactId=" + c.path("id").asText())
                                    .stream())
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    String id = conversation.path("id").asText();

    String message = acme.api().sendText(id, "Hello whoever").path("id").asText();

    acme.api().awaitState(id, message, SOON, "sent", "delivered", "read");
    assertThat(sandbox.sends(acme.number(), message).getFirst().at("/body/recipient").asText())
        .isEqualTo(user);
  }
}
