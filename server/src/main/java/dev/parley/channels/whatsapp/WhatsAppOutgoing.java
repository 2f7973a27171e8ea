package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Content;
import dev.parley.platform.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a content as the Graph API wants it: `type` and the object of that name.
final class WhatsAppOutgoing {
  private WhatsAppOutgoing() {}

  static ObjectNode write(Content content) {
    return switch (content) {
      case Content.Text(String body, Boolean previewUrl) -> {
        ObjectNode text = object().put("body", body);
        text.put("preview_url", previewUrl != null && previewUrl);
        yield typed("text", text);
      }
      case Content.Image(var attachment, String caption) ->
          typed("image", captioned(file(attachment), caption));
      case Content.Video(var attachment, String caption) ->
          typed("video", captioned(file(attachment), caption));
      case Content.Audio(var attachment) -> typed("audio", file(attachment));
      case Content.Voice(var attachment) -> typed("audio", file(attachment).put("voice", true));
      case Content.Document(var attachment, String caption) -> {
        ObjectNode document = captioned(file(attachment), caption);
        if (attachment.filename() != null) {
          document.put("filename", attachment.filename());
        }
        yield typed("document", document);
      }
      case Content.Sticker(var attachment, _) -> typed("sticker", file(attachment));
      case Content.Location location -> typed("location", location(location));
      case Content.Contacts(var cards) -> contacts(cards);
      case Content.Buttons buttons -> typed("interactive", buttons(buttons));
      case Content.Menu menu -> typed("interactive", menu(menu));
      case Content.Link link -> typed("interactive", link(link));
      case Content.LocationRequest(String body) -> {
        ObjectNode interactive = interactive("location_request_message", body, null, null);
        interactive.putObject("action").put("name", "send_location");
        yield typed("interactive", interactive);
      }
      case Content.Reaction(_, String target, String emoji) -> {
        ObjectNode reaction = object().put("message_id", target);
        yield typed("reaction", reaction.put("emoji", emoji == null ? "" : emoji));
      }
      case Content.Template(String name, String language, List<JsonNode> components) -> {
        ObjectNode template = object().put("name", name);
        template.putObject("language").put("code", language);
        if (!components.isEmpty()) {
          template.putArray("components").addAll(components);
        }
        yield typed("template", template);
      }
      case Content.Answer _, Content.Order _, Content.Notice _, Content.Unsupported _ ->
          throw new IllegalArgumentException("only customers send this");
    };
  }

  private static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  private static ObjectNode typed(String type, ObjectNode body) {
    ObjectNode message = object().put("type", type);
    message.set(type, body);
    return message;
  }

  private static ObjectNode file(Content.Attachment attachment) {
    ObjectNode file = object();
    if (attachment.providerId() != null) {
      file.put("id", attachment.providerId());
    } else {
      file.put("link", attachment.link());
    }
    return file;
  }

  private static ObjectNode captioned(ObjectNode file, @Nullable String caption) {
    return caption == null ? file : file.put("caption", caption);
  }

  private static ObjectNode location(Content.Location location) {
    ObjectNode node = object();
    node.put("latitude", location.latitude());
    node.put("longitude", location.longitude());
    if (location.name() != null) {
      node.put("name", location.name());
    }
    if (location.address() != null) {
      node.put("address", location.address());
    }
    return node;
  }

  private static ObjectNode contacts(List<JsonNode> cards) {
    ObjectNode message = object().put("type", "contacts");
    message.putArray("contacts").addAll(cards);
    return message;
  }

  private static ObjectNode interactive(
      String type, String body, Content.@Nullable Header header, @Nullable String footer) {
    ObjectNode interactive = object().put("type", type);
    if (header != null) {
      interactive.set("header", header(header));
    }
    interactive.putObject("body").put("text", body);
    if (footer != null) {
      interactive.putObject("footer").put("text", footer);
    }
    return interactive;
  }

  private static ObjectNode header(Content.Header header) {
    if (header.text() != null) {
      return object().put("type", "text").put("text", header.text());
    }
    if (header.image() != null) {
      return typed("image", file(header.image()));
    }
    if (header.video() != null) {
      return typed("video", file(header.video()));
    }
    Content.Attachment document = header.document();
    if (document == null) {
      throw new IllegalArgumentException("a header is a text or a file");
    }
    return typed("document", file(document));
  }

  private static ObjectNode buttons(Content.Buttons buttons) {
    ObjectNode interactive =
        interactive("button", buttons.body(), buttons.header(), buttons.footer());
    ArrayNode array = interactive.putObject("action").putArray("buttons");
    for (Content.Button button : buttons.buttons()) {
      array
          .addObject()
          .put("type", "reply")
          .putObject("reply")
          .put("id", button.id())
          .put("title", button.title());
    }
    return interactive;
  }

  private static ObjectNode menu(Content.Menu menu) {
    ObjectNode interactive = interactive("list", menu.body(), menu.header(), menu.footer());
    ObjectNode action = interactive.putObject("action").put("button", menu.button());
    ArrayNode sections = action.putArray("sections");
    for (Content.Section section : menu.sections()) {
      ObjectNode node = sections.addObject();
      if (section.title() != null) {
        node.put("title", section.title());
      }
      ArrayNode rows = node.putArray("rows");
      for (Content.Row row : section.rows()) {
        ObjectNode entry = rows.addObject().put("id", row.id()).put("title", row.title());
        if (row.description() != null) {
          entry.put("description", row.description());
        }
      }
    }
    return interactive;
  }

  private static ObjectNode link(Content.Link link) {
    ObjectNode interactive = interactive("cta_url", link.body(), link.header(), link.footer());
    interactive
        .putObject("action")
        .put("name", "cta_url")
        .putObject("parameters")
        .put("display_text", link.label())
        .put("url", link.url());
    return interactive;
  }
}
