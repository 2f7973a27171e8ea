package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.platform.json.Json;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the content of an inbound message. Never fails: what it does not know, or what has not the documented shape,
/// becomes `unsupported` with everything that came.
final class WhatsAppContent {
  private WhatsAppContent() {}

  static Content read(JsonNode message) {
    String type = message.path("type").asText("");
    JsonNode body = message.path(type);
    Content content =
        switch (type) {
          case "text" ->
              body.has("body") ? new Content.Text(body.path("body").asText(), null) : null;
          case "image" -> new Content.Image(attachment(message, body), text(body, "caption"));
          case "video" -> new Content.Video(attachment(message, body), text(body, "caption"));
          case "audio" ->
              body.path("voice").asBoolean()
                  ? new Content.Voice(attachment(message, body))
                  : new Content.Audio(attachment(message, body));
          case "document" -> new Content.Document(attachment(message, body), text(body, "caption"));
          case "sticker" ->
              new Content.Sticker(attachment(message, body), body.path("animated").asBoolean());
          case "location" -> location(body);
          case "contacts" -> body.isArray() ? new Content.Contacts(list(body)) : null;
          case "interactive" -> interactive(body);
          case "button" ->
              new Content.Answer(
                  "template_button", text(body, "payload"), text(body, "text"), null, null);
          case "order" ->
              new Content.Order(
                  text(body, "catalog_id"), text(body, "text"), list(body.path("product_items")));
          case "reaction" -> reaction(body);
          case "system" ->
              new Content.Notice(body.path("type").asText("system"), text(body, "body"), body);
          default -> null;
        };
    return content == null ? unsupported(type, message) : content;
  }

  private static Content.Attachment attachment(JsonNode message, JsonNode body) {
    JsonNode error = message.path("errors").path(0);
    return new Content.Attachment(
        text(body, "id"),
        null,
        text(body, "mime_type"),
        sha256(text(body, "sha256")),
        text(body, "url"),
        text(body, "filename"),
        error.isMissingNode() ? null : WhatsAppErrors.of(error).cause());
  }

  /// Meta writes the hash in base64 in some webhooks and in hexadecimal digits in others; the length tells.
  static @Nullable String sha256(@Nullable String hash) {
    if (hash == null || hash.length() == 64) {
      return hash;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(hash);
      return bytes.length == 32 ? HexFormat.of().formatHex(bytes) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Content location(JsonNode body) {
    double latitude = body.path("latitude").asDouble(Double.NaN);
    double longitude = body.path("longitude").asDouble(Double.NaN);
    return Double.isNaN(latitude) || Double.isNaN(longitude)
        ? null
        : new Content.Location(
            latitude, longitude, text(body, "name"), text(body, "address"), text(body, "url"));
  }

  private static @Nullable Content interactive(JsonNode body) {
    String kind = body.path("type").asText("");
    JsonNode answer = body.path(kind);
    return switch (kind) {
      case "button_reply" ->
          new Content.Answer("button", text(answer, "id"), text(answer, "title"), null, null);
      case "list_reply" ->
          new Content.Answer(
              "list", text(answer, "id"), text(answer, "title"), text(answer, "description"), null);
      case "nfm_reply" -> {
        String name = answer.path("name").asText("flow");
        yield new Content.Answer(
            name.equals("address_message") ? "address" : "flow",
            null,
            text(answer, "body"),
            null,
            form(answer));
      }
      case "call_permission_reply" ->
          new Content.Answer("call_permission", text(answer, "response"), null, null, answer);
      default -> null;
    };
  }

  /// A form's values come as a string of JSON; what is none is kept as the string.
  private static JsonNode form(JsonNode answer) {
    JsonNode values = answer.path("response_json");
    if (!values.isTextual()) {
      return values.isMissingNode() ? Json.MAPPER.createObjectNode() : values;
    }
    try {
      return Json.tree(values.asText());
    } catch (UncheckedIOException e) {
      return values;
    }
  }

  private static @Nullable Content reaction(JsonNode body) {
    String target = text(body, "message_id");
    return target == null ? null : new Content.Reaction(null, target, text(body, "emoji"));
  }

  private static Content unsupported(String type, JsonNode message) {
    JsonNode error = message.path("errors").path(0);
    String kind =
        message.path("unsupported").path("type").asText(type.isEmpty() ? "unknown" : type);
    return new Content.Unsupported(
        kind, error.isMissingNode() ? null : WhatsAppErrors.of(error).cause(), message);
  }

  private static List<JsonNode> list(JsonNode array) {
    var list = new ArrayList<JsonNode>();
    array.forEach(list::add);
    return list;
  }

  private static @Nullable String text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return text.isEmpty() ? null : text;
  }
}
