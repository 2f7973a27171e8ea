package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks a message of type `template` against the template it names.
final class TemplateSend {
  private static final int MAX_BODY = 1024;
  private static final Set<String> TEXT_TYPES = Set.of("text", "currency", "date_time");
  private static final Set<String> MEDIA_HEADERS = Set.of("IMAGE", "VIDEO", "DOCUMENT", "LOCATION");

  private TemplateSend() {}

  /// The template that is sent.
  ///
  /// @throws GraphRefusal with one of Meta's 132xxx codes when it can't be sent so
  static Template check(Templates templates, Field message) {
    Field sent = message.at("template").object();
    String name = sent.at("name").text(512);
    String language = sent.at("language").object().at("code").text(100);
    Template template = templates.find(name, language);
    if (template == null
        || template.status().equals("PENDING")
        || template.status().equals("REJECTED")) {
      throw refuse(132001, "template name (%s) does not exist in %s".formatted(name, language));
    }
    switch (template.status()) {
      case "PAUSED" -> throw refuse(132015, "Template %s is paused".formatted(name));
      case "DISABLED" -> throw refuse(132016, "Template %s is disabled".formatted(name));
      default -> checkComponents(template, sent);
    }
    return template;
  }

  private static void checkComponents(Template template, Field sent) {
    List<Field> components =
        sent.at("components").present() ? sent.at("components").items(0, 20) : List.of();
    Map<String, Field> byType = new HashMap<>();
    for (Field component : components) {
      String type = component.at("type").text(50).toLowerCase(Locale.ROOT);
      byType.put(type.equals("button") ? "button" + index(component) : type, component);
    }
    checkHeader(template, byType.get("header"));
    JsonNode body = template.component("BODY");
    if (!template.category().equals("AUTHENTICATION")) {
      String filled =
          fill("body", body.path("text").asText(""), template.named(), byType.get("body"));
      if (filled.codePointCount(0, filled.length()) > MAX_BODY) {
        throw refuse(
            132005, "body: the filled text has more than %d characters".formatted(MAX_BODY));
      }
    }
    JsonNode buttons = template.component("BUTTONS").path("buttons");
    for (int i = 0; i < buttons.size(); i++) {
      checkButton(buttons.path(i), i, byType.remove("button" + i));
    }
    byType.keySet().stream()
        .filter(type -> type.startsWith("button"))
        .findFirst()
        .ifPresent(
            type -> {
              throw refuse(
                  132012, "buttons: the template has no button at index " + type.substring(6));
            });
  }

  private static void checkHeader(Template template, @Nullable Field sent) {
    JsonNode header = template.component("HEADER");
    String format = header.path("format").asText("").toUpperCase(Locale.ROOT);
    if (!MEDIA_HEADERS.contains(format)) {
      fill("header", header.path("text").asText(""), template.named(), sent);
      return;
    }
    String type = sent == null ? "" : sent.at("parameters").at(0).at("type").node().asText("");
    if (sent == null || !type.equalsIgnoreCase(format)) {
      String received = type.isEmpty() ? "UNKNOWN" : type.toUpperCase(Locale.ROOT);
      throw refuse(
          132012, "header: Format mismatch, expected %s, received %s".formatted(format, received));
    }
    Field value = sent.at("parameters").at(0).at(type).object();
    if (!format.equals("LOCATION") && !value.at("id").present()) {
      value.at("link").link();
    }
  }

  /// The text with the parameters in it; refuses when they are not the ones that it needs.
  private static String fill(String where, String text, boolean named, @Nullable Field sent) {
    List<String> wanted = Template.placeholders(text);
    List<Field> given =
        sent == null || !sent.at("parameters").present()
            ? List.of()
            : sent.at("parameters").items(0, 100);
    if (given.size() != wanted.size()) {
      throw refuse(
          132000,
          "%s: number of localizable_params (%d) does not match the expected number of params (%d)"
              .formatted(where, given.size(), wanted.size()));
    }
    List<String> names = new ArrayList<>(wanted);
    String filled = text;
    for (int i = 0; i < given.size(); i++) {
      Field parameter = given.get(i);
      String name = named ? parameter.at("parameter_name").node().asText("") : wanted.get(i);
      if (!names.remove(name)) {
        throw refuse(
            132012,
            "%s: Parameter name is missing, unknown or doubled: '%s'".formatted(where, name));
      }
      filled = filled.replace("{{" + name + "}}", value(where, parameter));
    }
    return filled;
  }

  private static String value(String where, Field parameter) {
    String type = parameter.at("type").text(50);
    if (!TEXT_TYPES.contains(type)) {
      throw refuse(
          132012, "%s: Format mismatch, expected TEXT, received %s".formatted(where, type));
    }
    if (type.equals("text")) {
      return parameter.at("text").text(32_768);
    }
    return parameter.at(type).object().at("fallback_value").text(1024);
  }

  private static void checkButton(JsonNode button, int index, @Nullable Field sent) {
    String type = button.path("type").asText("").toUpperCase(Locale.ROOT);
    boolean needsValue =
        (type.equals("URL") && !Template.placeholders(button.path("url").asText("")).isEmpty())
            || type.equals("COPY_CODE")
            || type.equals("OTP");
    if (needsValue && (sent == null || sent.at("parameters").node().isEmpty())) {
      throw refuse(
          131008,
          "buttons: Button at index %d of type %s requires a parameter".formatted(index, type));
    }
    if (sent == null) {
      return;
    }
    // An OTP button is filled like a URL button.
    String expected = type.equals("OTP") ? "URL" : type;
    String given = sent.at("sub_type").text(50).toUpperCase(Locale.ROOT);
    if (!given.equals(expected) && !given.equals(type)) {
      throw refuse(
          132012,
          "buttons: Button at index %d is of type %s, not %s".formatted(index, type, given));
    }
  }

  private static String index(Field component) {
    return component.at("index").id();
  }

  private static GraphRefusal refuse(int code, String details) {
    return new GraphRefusal(GraphError.of(code, details));
  }
}
