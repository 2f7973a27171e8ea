package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/// Lets customers write to a business number.
final class CustomerMessages {
  private static final Pattern WA_ID = Pattern.compile("[1-9][0-9]{4,14}");
  // These steer the control call; everything else in its body is part of the message.
  private static final Set<String> STEERING =
      Set.of("profileName", "username", "userId", "contextId", "timestamp", "data", "hidePhone");

  private final World world;
  private final MediaEndpoint media;

  CustomerMessages(World world, MediaEndpoint media) {
    this.world = world;
    this.media = media;
  }

  /// A message on its way to the business.
  ///
  /// @param message as the webhook tells it
  record Posted(
      String wamid, ObjectNode message, CompletableFuture<WebhookOutbox.Outcome> outcome) {}

  /// Emits the webhook of a message that this customer writes.
  ///
  /// @throws ControlRefusal when the body makes no message
  Posted post(BusinessNumber number, String waId, JsonNode body) {
    if (!WA_ID.matcher(waId).matches()) {
      throw new ControlRefusal(400, "a customer is a phone number in digits, not " + waId);
    }
    String type = Json.text(body, "type");
    if (type == null) {
      throw new ControlRefusal(400, "type is required");
    }
    String given = Json.text(body, "userId");
    String userId = given == null ? Customers.derivedUserId(waId) : given;
    long time = body.path("timestamp").asLong(Instant.now().getEpochSecond());
    String name = body.path("profileName").asText("Customer " + waId.substring(waId.length() - 4));
    boolean hidePhone = body.path("hidePhone").asBoolean(false);
    String wamid = world.ids().inbound(waId);

    ObjectNode value = number.webhookValue();
    // A system message comes without contacts.
    if (!type.equals("system")) {
      ObjectNode contact = value.putArray("contacts").addObject();
      ObjectNode profile = contact.putObject("profile").put("name", name);
      if (body.has("username")) {
        profile.set("username", body.get("username"));
      }
      if (!hidePhone) {
        contact.put("wa_id", waId);
      }
      contact.put("user_id", userId);
    }
    ObjectNode message = value.putArray("messages").addObject();
    if (!hidePhone) {
      message.put("from", waId);
    }
    message.put("from_user_id", userId).put("id", wamid).put("timestamp", Long.toString(time));
    String contextId = Json.text(body, "contextId");
    if (contextId != null) {
      message.putObject("context").put("from", number.settings().digits()).put("id", contextId);
    }
    body.properties()
        .forEach(
            field -> {
              if (!STEERING.contains(field.getKey())) {
                message.set(field.getKey(), field.getValue());
              }
            });
    addFile(number, type, body, message);
    number.customers().heard(waId, userId, name, time);
    return new Posted(wamid, message, number.outbox().offer(WebhookUpdate.messages(value)));
  }

  /// Media that brings no id gets a file behind it, the given one or a sample.
  private void addFile(BusinessNumber number, String type, JsonNode body, ObjectNode message) {
    boolean errors = body.has("errors");
    if (!SampleMedia.hasFile(type) || errors || body.path(type).has("id")) {
      return;
    }
    JsonNode given = body.path(type);
    String wanted = given.path("mime_type").asText("").toLowerCase(Locale.ROOT);
    SampleMedia.Sample sample = SampleMedia.of(type, wanted);
    Bytes bytes = body.has("data") ? decode(body.get("data").asText()) : sample.bytes();
    String mimeType = body.has("data") && !wanted.isEmpty() ? wanted : sample.mimeType();
    ObjectNode described =
        media.describe(number, world.media().received(number.id(), mimeType, bytes));
    switch (type) {
      case "audio" -> described.put("voice", true);
      case "document" -> described.put("filename", "document.pdf");
      case "sticker" -> described.put("animated", MediaKind.animated(bytes));
      default -> {
        // images and videos have nothing more of their own
      }
    }
    given.properties().stream()
        .filter(field -> !field.getKey().equals("mime_type"))
        .forEach(field -> described.set(field.getKey(), field.getValue()));
    message.set(type, described);
  }

  private static Bytes decode(String data) {
    try {
      return Bytes.of(Base64.getDecoder().decode(data));
    } catch (IllegalArgumentException e) {
      throw new ControlRefusal(400, "data must be Base64");
    }
  }
}
