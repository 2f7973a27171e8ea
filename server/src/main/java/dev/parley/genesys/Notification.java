package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Content;
import dev.parley.platform.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A canned response of Genesys with a messaging template, as a template message of WhatsApp: the template's name may
/// stand behind a namespace, parameters of the body are in their order or have names.
final class Notification {
  private Notification() {}

  /// Null when it names no template.
  static @Nullable Step of(JsonNode template) {
    String id = template.path("id").asText("").strip();
    String name = id.substring(id.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    String language = template.path("language").asText("").strip().replace('-', '_');
    if (name.isEmpty() || language.isEmpty()) {
      return null;
    }
    var components = new ArrayList<JsonNode>();
    header(template.path("header"), components);
    JsonNode parameters = template.path("body").path("parameters");
    if (!parameters.isEmpty()) {
      ObjectNode body = component("body", components);
      texts(body.putArray("parameters"), parameters);
    }
    for (JsonNode button : template.path("buttons")) {
      button(button, components);
    }
    return Step.Say.plain(new Content.Template(name, language, components));
  }

  private static ObjectNode component(String type, List<JsonNode> components) {
    ObjectNode component = Json.MAPPER.createObjectNode().put("type", type);
    components.add(component);
    return component;
  }

  private static void header(JsonNode header, List<JsonNode> components) {
    JsonNode media = header.path("media");
    String url = Cards.address(media.path("url"));
    if (url != null) {
      String kind =
          switch (media.path("mediaType").asText("")) {
            case "Image" -> "image";
            case "Video" -> "video";
            default -> "document";
          };
      ObjectNode parameter =
          component("header", components).putArray("parameters").addObject().put("type", kind);
      parameter.putObject(kind).put("link", url);
    } else if (!header.path("parameters").isEmpty()) {
      texts(component("header", components).putArray("parameters"), header.path("parameters"));
    }
  }

  private static void button(JsonNode button, List<JsonNode> components) {
    JsonNode parameters = button.path("parameters");
    String index = button.path("index").asText("0");
    String type = button.path("type").asText("").toLowerCase(Locale.ROOT).replace("_", "");
    if (type.equals("quickreply") && !button.path("payload").asText("").isEmpty()) {
      component("button", components)
          .put("sub_type", "quick_reply")
          .put("index", index)
          .putArray("parameters")
          .addObject()
          .put("type", "payload")
          .put("payload", button.path("payload").asText());
    } else if (!parameters.isEmpty()) {
      texts(
          component("button", components)
              .put("sub_type", "url")
              .put("index", index)
              .putArray("parameters"),
          parameters);
    }
  }

  /// Named where any of the names is not a number, else in their order.
  private static void texts(ArrayNode into, JsonNode parameters) {
    boolean named =
        StreamSupport.stream(parameters.spliterator(), false)
            .anyMatch(parameter -> !parameter.path("name").asText("1").matches("[0-9]+"));
    for (JsonNode parameter : parameters) {
      ObjectNode text = into.addObject().put("type", "text");
      if (named) {
        text.put("parameter_name", parameter.path("name").asText(""));
      }
      text.put("text", parameter.path("text").asText(""));
    }
  }
}
