package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.MessageTemplate;
import dev.parley.channels.ProviderTemplates;
import dev.parley.conversations.Content;
import dev.parley.platform.http.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The values for a template's variables, held against the template: as many as it has, by their names where it has
/// names, the file that its header wants, and what its buttons need.
final class WhatsAppVariables {
  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_]+)\\s*}}");
  private static final Set<String> FILES = Set.of("IMAGE", "VIDEO", "DOCUMENT", "LOCATION");
  private static final int BODY = 1024;

  private final MessageTemplate template;
  private final List<JsonNode> sent;
  private final List<Problem.FieldError> errors = new ArrayList<>();

  WhatsAppVariables(MessageTemplate template, Content.Template sent) {
    this.template = template;
    this.sent = sent.components() == null ? List.of() : sent.components();
  }

  /// The variables of a text, each once, in order.
  static List<String> places(String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return List.copyOf(found);
  }

  List<Problem.FieldError> errors() {
    errors.clear();
    header();
    if (!template.category().equals("authentication")) {
      String filled = text("body", template.component("BODY").path("text").asText(""));
      if (filled.codePointCount(0, filled.length()) > BODY) {
        error("body", "has more than " + BODY + " characters with its values");
      }
    }
    buttons();
    return List.copyOf(errors);
  }

  ProviderTemplates.Shown shown() {
    JsonNode header = template.component("HEADER");
    String format = header.path("format").asText("").toUpperCase(Locale.ROOT);
    String head =
        header.isMissingNode()
            ? null
            : FILES.contains(format)
                ? "[" + format.toLowerCase(Locale.ROOT) + "]"
                : filled(header.path("text").asText(""), values("header"));
    String footer = template.component("FOOTER").path("text").asText("");
    var labels = new ArrayList<String>();
    template
        .component("BUTTONS")
        .path("buttons")
        .forEach(button -> labels.add(button.path("text").asText("")));
    return new ProviderTemplates.Shown(
        head,
        filled(template.component("BODY").path("text").asText(""), values("body")),
        footer.isEmpty() ? null : footer,
        labels);
  }

  private void header() {
    JsonNode header = template.component("HEADER");
    String format = header.path("format").asText("").toUpperCase(Locale.ROOT);
    if (!FILES.contains(format)) {
      text("header", header.path("text").asText(""));
      return;
    }
    String wanted = format.toLowerCase(Locale.ROOT);
    JsonNode parameter = parameters("header").path(0);
    if (!parameter.path("type").asText("").equalsIgnoreCase(wanted)) {
      error("header", "needs one parameter of type " + wanted);
    } else if (!format.equals("LOCATION")
        && !parameter.path(wanted).hasNonNull("id")
        && !parameter.path(wanted).hasNonNull("link")) {
      error("header", "needs an id or a link of the " + wanted);
    }
  }

  /// Answers the text with its values.
  private String text(String component, String text) {
    List<String> places = places(text);
    Map<String, String> values = values(component);
    JsonNode parameters = parameters(component);
    if (!template.named() && parameters.size() != places.size()) {
      error(
          component,
          "has %d values; the template has %d variables"
              .formatted(parameters.size(), places.size()));
    }
    for (String place : places) {
      String value = values.get(place);
      if (template.named() && value == null) {
        error(component, "has no value for " + place + "; name it by parameter_name");
      } else if (value != null && value.isBlank()) {
        error(component, "has an empty value for " + place);
      } else if (value != null && value.matches("(?s).*(\\n|\\t| {5}).*")) {
        // Meta's error 132018 says so.
        error(component, "may have no line break, tab or run of spaces in the value for " + place);
      }
    }
    for (String name : values.keySet()) {
      if (template.named() && !places.contains(name)) {
        error(component, "has a value for " + name + ", which the template does not have");
      }
    }
    return filled(text, values);
  }

  private static String filled(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
  }

  /// By the variable's name, or its number.
  private Map<String, String> values(String component) {
    var values = new LinkedHashMap<String, String>();
    JsonNode parameters = parameters(component);
    for (int i = 0; i < parameters.size(); i++) {
      JsonNode parameter = parameters.get(i);
      String name = parameter.path("parameter_name").asText(Integer.toString(i + 1));
      values.put(name, value(parameter));
    }
    return values;
  }

  private static String value(JsonNode parameter) {
    return switch (parameter.path("type").asText("")) {
      case "currency" -> parameter.path("currency").path("fallback_value").asText("");
      case "date_time" -> parameter.path("date_time").path("fallback_value").asText("");
      default -> parameter.path("text").asText("");
    };
  }

  private JsonNode parameters(String type) {
    JsonNode component = component(type);
    return component == null ? template.components().path("none") : component.path("parameters");
  }

  private @Nullable JsonNode component(String type) {
    for (JsonNode component : sent) {
      if (component.path("type").asText("").equalsIgnoreCase(type)) {
        return component;
      }
    }
    return null;
  }

  private void buttons() {
    Map<Integer, JsonNode> given = new HashMap<>();
    for (JsonNode component : sent) {
      if (component.path("type").asText("").equalsIgnoreCase("button")) {
        // Written as a number or as text; both are taken.
        given.put(component.path("index").asInt(-1), component);
      }
    }
    JsonNode buttons = template.component("BUTTONS").path("buttons");
    for (int i = 0; i < buttons.size(); i++) {
      button(i, buttons.get(i), given.remove(i));
    }
    given
        .keySet()
        .forEach(index -> error("button", "at index " + index + " is not in the template"));
  }

  private void button(int index, JsonNode button, @Nullable JsonNode given) {
    String type = button.path("type").asText("").toUpperCase(Locale.ROOT);
    boolean needed =
        switch (type) {
          case "URL" -> !places(button.path("url").asText("")).isEmpty();
          case "COPY_CODE", "OTP" -> true;
          default -> false;
        };
    if (needed && (given == null || given.path("parameters").isEmpty())) {
      error("button", "at index " + index + " needs its value");
    }
  }

  private void error(String component, String detail) {
    errors.add(new Problem.FieldError("content.components." + component, detail));
  }
}
