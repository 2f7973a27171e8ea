package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.ControlRefusal;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.SampleMedia;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Does what an agent or a bot flow does in a conversation: writes, sends files and structured
/// messages, types, ends it. Each act is a JSON object with a `type`; `extra` is put into the
/// webhook as it is, and `originatingEntity` says who acts.
final class Agent {
  private static final Map<String, String> SAMPLES =
      Map.of("Image", "image", "Video", "video", "Audio", "audio", "File", "document");

  /// The acts that make structured messages, with the name of their content.
  private static final Map<String, String> STRUCTURED =
      Map.of(
          "card", "Card",
          "carousel", "Carousel",
          "listPicker", "ListPicker",
          "datePicker", "DatePicker");

  /// All acts.
  static final Set<String> ACTS =
      Set.of(
          "text",
          "attachment",
          "quickReplies",
          "card",
          "carousel",
          "listPicker",
          "datePicker",
          "notification",
          "typing",
          "raw",
          "end");

  private final Organization organization;

  Agent(Organization organization) {
    this.organization = organization;
  }

  /// An act that was done.
  ///
  /// @param webhook as it goes out; null when nobody is told
  record Done(@Nullable ObjectNode webhook, @Nullable CompletableFuture<Outbox.Outcome> outcome) {}

  /// Does it.
  ///
  /// @throws ControlRefusal when the act makes no sense
  Done act(Conversation conversation, JsonNode act) {
    String type = act.path("type").asText();
    String id = Conversations.newId();
    ObjectNode webhook = Webhook.outbound(id, conversation, conversation.tick());
    switch (type) {
      case "end" -> {
        conversation.end("client");
        return new Done(null, null);
      }
      case "raw" -> {
        return raw(conversation, webhook, act);
      }
      case "typing" -> {
        return typing(conversation, webhook, act);
      }
      case "text" -> webhook.put("type", "Text").put("text", text(act));
      case "attachment" -> attachment(webhook, act);
      case "quickReplies" -> quickReplies(webhook, act);
      case "notification" -> {
        webhook.put("type", "Structured").put("text", act.path("text").asText(""));
        ObjectNode element = webhook.putArray("content").addObject();
        element.put("contentType", "Notification").set("template", object(act, "template"));
      }
      default -> structured(webhook, type, act);
    }
    boolean bot = webhook.path("type").asText().equals("Structured");
    return write(conversation, webhook, act, bot ? "Bot" : "Human");
  }

  private void structured(ObjectNode webhook, String type, JsonNode act) {
    String content = STRUCTURED.get(type);
    if (content == null) {
      throw new ControlRefusal(400, "type must be one of " + ACTS);
    }
    webhook.put("type", "Structured");
    if (act.has("text")) {
      webhook.put("text", text(act));
    }
    ObjectNode element = webhook.putArray("content").addObject().put("contentType", content);
    element.set(type, object(act, type));
  }

  private static void quickReplies(ObjectNode webhook, JsonNode act) {
    webhook.put("type", "Structured").put("text", text(act));
    var content = webhook.putArray("content");
    if (act.path("options").isEmpty()) {
      throw new ControlRefusal(400, "options must be a list with something in it");
    }
    for (JsonNode option : act.path("options")) {
      ObjectNode reply = Json.object().put("text", option.path("text").asText());
      reply.put("payload", option.path("payload").asText(option.path("text").asText()));
      reply.put("action", "Message");
      if (option.has("image")) {
        reply.set("image", option.get("image"));
      }
      content.addObject().put("contentType", "QuickReply").set("quickReply", reply);
    }
  }

  private void attachment(ObjectNode webhook, JsonNode act) {
    String mediaType = act.path("mediaType").asText("Image");
    webhook.put("type", "Text");
    if (act.has("text")) {
      webhook.put("text", text(act));
    }
    ObjectNode attachment = Json.object().put("id", Conversations.newId());
    attachment.put("mediaType", mediaType);
    if (act.has("url")) {
      attachment.set("url", act.get("url"));
      attachment.put("mime", act.path("mime").asText("text/html"));
    } else {
      String sample = SAMPLES.get(mediaType);
      if (sample == null) {
        throw new ControlRefusal(400, "an attachment of that mediaType needs a url: " + mediaType);
      }
      SampleMedia.Sample file = SampleMedia.of(sample, act.path("mime").asText(""));
      Bytes bytes = act.has("data") ? decoded(act.path("data").asText()) : file.bytes();
      String mime = act.path("mime").asText(file.mimeType());
      String name = act.path("filename").asText(sample + extension(mime));
      attachment.put("url", organization.cloud().downloads().add(organization, name, mime, bytes));
      attachment.put("mime", mime).put("filename", name).put("contentSizeBytes", bytes.length());
    }
    ObjectNode element = webhook.putArray("content").addObject();
    element.put("contentType", "Attachment").set("attachment", attachment);
  }

  private Done typing(Conversation conversation, ObjectNode webhook, JsonNode act) {
    Integration integration = organization.integration(conversation.integration().id());
    boolean told =
        !organization.behaviour().is(Knob.TYPING_BY_SETTING)
            || (integration != null
                && organization
                    .profiles()
                    .typingEnabled(integration.messagingSetting(), "outbound"));
    if (!told) {
      return new Done(null, null);
    }
    webhook.put("type", "Event");
    ObjectNode event = webhook.putArray("events").addObject().put("eventType", "Typing");
    event.putObject("typing").put("type", "On").put("duration", act.path("durationMs").asInt(5000));
    webhook.put("originatingEntity", act.path("originatingEntity").asText("Human"));
    webhook.put("direction", "Outbound").put("conversationId", conversation.id());
    return new Done(webhook, organization.outbox().send(conversation, Webhook.bytes(webhook)));
  }

  /// A payload of the caller's, over what every webhook has unless `alone` is true.
  private Done raw(Conversation conversation, ObjectNode webhook, JsonNode act) {
    ObjectNode payload = object(act, "payload").deepCopy();
    ObjectNode whole = webhook;
    if (act.path("alone").asBoolean(false)) {
      whole = payload;
    } else {
      whole.put("originatingEntity", "Human").put("direction", "Outbound");
      whole.put("conversationId", conversation.id());
      whole.setAll(payload);
    }
    if (whole.path("id").isTextual()
        && !whole.path("type").asText().equals("Receipt")
        && !whole.path("type").asText().equals("Event")) {
      return posted(conversation, whole);
    }
    return new Done(whole, organization.outbox().send(conversation, Webhook.bytes(whole)));
  }

  private Done write(Conversation conversation, ObjectNode webhook, JsonNode act, String usually) {
    webhook.put("originatingEntity", act.path("originatingEntity").asText(usually));
    webhook.put("direction", "Outbound").put("conversationId", conversation.id());
    if (act.path("extra").isObject()) {
      webhook.setAll((ObjectNode) act.get("extra").deepCopy());
    }
    return posted(conversation, webhook);
  }

  private Done posted(Conversation conversation, ObjectNode webhook) {
    StoredMessage message = organization.conversations().add(conversation, false, webhook);
    CompletableFuture<Outbox.Outcome> outcome =
        organization.outbox().send(conversation, Webhook.bytes(webhook));
    return new Done(
        webhook,
        outcome.whenComplete(
            (end, failure) -> {
              if (end != null) {
                message.ended(end.delivered());
              }
            }));
  }

  private static String text(JsonNode act) {
    String text = Json.text(act, "text");
    if (text == null) {
      throw new ControlRefusal(400, "text is required");
    }
    return text;
  }

  private static ObjectNode object(JsonNode act, String field) {
    if (!(act.path(field) instanceof ObjectNode object)) {
      throw new ControlRefusal(400, field + " must be an object");
    }
    return object;
  }

  private static Bytes decoded(String base64) {
    try {
      return Bytes.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new ControlRefusal(400, "data is no Base64");
    }
  }

  private static String extension(String mime) {
    int end = mime.indexOf(';');
    String type = end < 0 ? mime : mime.substring(0, end);
    return "." + type.substring(type.indexOf('/') + 1);
  }
}
