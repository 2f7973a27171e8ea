package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of message, both ways.
class WhatsAppKindsTest {
  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Tenant acme = world.tenants.acme();
  private final String customer = World.customer();

  private String conversation() {
    sandbox.writeText(acme.number(), customer, "Olá!");
    return acme.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private JsonNode first(String conversation) {
    return acme.api().messages(conversation).getFirst();
  }

  static Stream<Arguments> inbound() {
    return Stream.of(
        Arguments.of("image", Json.of("type", "image", "image", Json.of("caption", "look"))),
        Arguments.of("video", Json.of("type", "video", "video", Json.of())),
        Arguments.of("voice", Json.of("type", "audio", "audio", Json.of())),
        Arguments.of("document", Json.of("type", "document", "document", Json.of())),
        Arguments.of("sticker", Json.of("type", "sticker", "sticker", Json.of())),
        Arguments.of(
            "location",
            Json.of("type", "location", "location", Json.of("latitude", 38.7, "longitude", -9.1))),
        Arguments.of(
            "contacts",
            Json.of(
                "type",
                "contacts",
                "contacts",
                List.of(Json.of("name", Json.of("formatted_name", "Ana", "first_name", "Ana"))))),
        Arguments.of(
            "answer",
            Json.of(
                "type",
                "interactive",
                "interactive",
                Json.of(
                    "type", "button_reply", "button_reply", Json.of("id", "yes", "title", "Yes")))),
        Arguments.of(
            "answer",
            Json.of(
                "type",
                "interactive",
                "interactive",
                Json.of("type", "list_reply", "list_reply", Json.of("id", "am", "title", "AM")))),
        Arguments.of(
            "answer",
            Json.of("type", "button", "button", Json.of("payload", "stop", "text", "Stop"))),
        Arguments.of(
            "order",
            Json.of(
                "type",
                "order",
                "order",
                Json.of("catalog_id", "c1", "product_items", List.of(Json.of("quantity", 1))))),
        Arguments.of(
            "system",
            Json.of(
                "type",
                "system",
                "system",
                Json.of("type", "customer_identity_changed", "body", "changed"))),
        Arguments.of("unsupported", Json.of("type", "hologram", "hologram", Json.of("depth", 3))));
  }

  @ParameterizedTest
  @MethodSource("inbound")
  void everyKindThatCustomersSendIsKept(String type, JsonNode message) {
    sandbox.write(acme.number(), customer, message);

    String id = acme.api().awaitConversation(customer, SOON).path("id").asText();

    assertThat(first(id).path("content").path("type").asText()).isEqualTo(type);
  }

  static Stream<JsonNode> outbound() {
    JsonNode link = Json.of("link", "https://example.com/a.jpg");
    return Stream.of(
        Json.of("type", "text", "body", "Bom dia"),
        Json.of("type", "image", "attachment", link, "caption", "Your order"),
        Json.of("type", "video", "attachment", link),
        Json.of("type", "audio", "attachment", link),
        Json.of("type", "document", "attachment", link, "caption", "Invoice"),
        Json.of("type", "sticker", "attachment", link),
        Json.of("type", "location", "latitude", 38.72, "longitude", -9.14, "name", "Shop"),
        Json.of(
            "type",
            "contacts",
            "cards",
            List.of(Json.of("name", Json.of("formatted_name", "Ana S", "first_name", "Ana")))),
        Json.of(
            "type",
            "buttons",
            "body",
            "Today?",
            "buttons",
            List.of(Json.of("id", "y", "title", "Yes"), Json.of("id", "n", "title", "No"))),
        Json.of(
            "type",
            "list",
            "body",
            "When?",
            "button",
            "Choose",
            "sections",
            List.of(Json.of("rows", List.of(Json.of("id", "am", "title", "Morning"))))),
        Json.of("type", "link", "body", "Track", "label", "Open", "url", "https://example.com/t"),
        Json.of("type", "location_request", "body", "Where are you?"),
        Json.of(
            "type",
            "template",
            "name",
            "hello_world",
            "language",
            "en_US",
            "components",
            List.of()));
  }

  @ParameterizedTest
  @MethodSource("outbound")
  void everyKindCanBeSent(JsonNode content) {
    String id = conversation();

    String message = acme.api().send(id, content, null).expect(202).json().path("id").asText();

    JsonNode end =
        acme.api().awaitState(id, message, SOON, "sent", "delivered", "read", "played", "failed");
    assertThat(end.path("failure").isNull() || end.path("failure").isMissingNode())
        .as("%s", end)
        .isTrue();
    assertThat(sandbox.sends(acme.number(), message)).hasSize(1);
  }
}
