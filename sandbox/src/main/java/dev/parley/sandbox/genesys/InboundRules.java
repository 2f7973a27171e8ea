package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the four inbound endpoints ask of a body before they take it. Fields that nobody asked for
/// are let through, as Genesys does.
final class InboundRules {
  private static final Set<String> MEDIA_TYPES = Set.of("Image", "Video", "Audio", "File", "Link");
  private static final Set<String> RECEIPTS =
      Set.of("Sent", "Delivered", "Failed", "Published", "Removed");
  private static final Set<String> REASONS =
      Set.of(
          "MessageExpired",
          "RateLimited",
          "MessageNotAllowed",
          "GeneralError",
          "UnsupportedMessage",
          "UnknownMessage",
          "InvalidMessageStructure",
          "InvalidDestination",
          "ServerError",
          "MediaTypeNotAllowed",
          "InvalidMediaContentLength",
          "RecipientOptedOut");

  private InboundRules() {}

  /// The file of a message, or a link.
  record Attachment(String mediaType, String url, String mime) {}

  /// Checks a message; answers its attachment, if it has one.
  static @Nullable Attachment message(JsonNode json, long maxText) {
    Part body = Part.root(json);
    channel(body);
    Part text = body.at("text");
    Part content = body.at("content");
    if (!text.present() && !content.present()) {
      throw new ApiRefusal(
          ApiError.badRequest(
              "should have required property 'content', should have required property '.text',"
                  + " should match some schema in anyOf"));
    }
    if (text.present()) {
      String words = content.present() && text.node().asText("?").isEmpty() ? "" : text.text();
      if (maxText > 0 && words.length() > maxText) {
        throw text.invalid("should NOT be longer than %d characters".formatted(maxText));
      }
    }
    body.at("metadata").optionalTexts();
    return content.present() ? attachment(content) : null;
  }

  private static Attachment attachment(Part content) {
    List<Part> items = content.items(1);
    for (Part item : items) {
      if (item.object().at("contentType").present()) {
        item.at("contentType").oneOf(Set.of("Attachment"));
      }
    }
    if (items.size() > 1) {
      throw content.invalid("should NOT have more than 1 items of contentType Attachment");
    }
    Part attachment = items.getFirst().at("attachment").object();
    for (String field : List.of("text", "filename", "sha256", "id")) {
      attachment.at(field).optionalText();
    }
    return new Attachment(
        attachment.at("mediaType").oneOf(MEDIA_TYPES),
        attachment.at("url").address().toString(),
        attachment.at("mime").text());
  }

  /// Checks an event.
  static void event(JsonNode json) {
    Part body = Part.root(json);
    channel(body);
    for (Part event : body.at("events").items(1)) {
      event.object().at("eventType").oneOf(Set.of("Typing"));
    }
  }

  /// Checks a receipt.
  static void receipt(JsonNode json) {
    Part body = Part.root(json);
    body.at("id").text();
    Part channel = body.at("channel").object();
    channel.at("to").object().at("id").text();
    if (channel.at("to").at("idType").present()) {
      channel.at("to").at("idType").oneOf(Customer.ID_TYPES);
    }
    channel.at("time").time();
    body.at("status").oneOf(RECEIPTS);
    if (body.at("reasons").present()) {
      for (Part reason : body.at("reasons").items(0)) {
        reason.object().at("message").text();
        if (reason.at("code").present()) {
          reason.at("code").oneOf(REASONS);
        }
      }
    }
    Part last = body.at("isFinalReceipt");
    if (last.present() && !last.node().isBoolean()) {
      throw last.invalid("should be boolean");
    }
  }

  /// Checks the answer to a structured message.
  static void response(JsonNode json) {
    Part body = Part.root(json);
    channel(body);
    Part answer = body.at("buttonResponse").object();
    answer.at("type").oneOf(Set.of("Button", "QuickReply"));
    answer.at("text").text();
    answer.at("payload").text();
    body.at("originatingMessageId").text();
  }

  private static void channel(Part body) {
    Part channel = body.at("channel").object();
    Customer.of(channel.at("from"));
    channel.at("time").time();
    channel.at("messageId").optionalText();
    if (channel.at("metadata").present()) {
      channel.at("metadata").object().at("customAttributes").optionalTexts();
    }
  }
}
