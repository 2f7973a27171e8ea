package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A message template in one language.
///
/// @param status `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` or `DISABLED`
/// @param named whether its parameters have names instead of numbers
/// @param components as created
record Template(
    String id,
    String name,
    String language,
    String category,
    String status,
    boolean named,
    JsonNode components) {

  static final Set<String> FIELDS =
      Set.of(
          "id",
          "name",
          "language",
          "category",
          "status",
          "parameter_format",
          "components",
          "quality_score",
          "rejected_reason",
          "previous_category",
          "sub_category",
          "message_send_ttl_seconds",
          "cta_url_link_tracking_opted_out",
          "correct_category");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_]+)\\s*}}");

  /// The placeholders of a text, each once, in order.
  static List<String> placeholders(String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return List.copyOf(found);
  }

  Template withStatus(String next) {
    return new Template(id, name, language, category, next, named, components);
  }

  /// The first component of this type (in upper case), or a missing node.
  JsonNode component(String type) {
    for (JsonNode component : components) {
      if (component.path("type").asText("").toUpperCase(Locale.ROOT).equals(type)) {
        return component;
      }
    }
    return components.path("none");
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("name", name);
    json.put("parameter_format", named ? "NAMED" : "POSITIONAL");
    json.set("components", components);
    json.put("language", language).put("status", status).put("category", category);
    json.putObject("quality_score").put("score", status.equals("APPROVED") ? "GREEN" : "UNKNOWN");
    json.put("rejected_reason", status.equals("REJECTED") ? "INVALID_FORMAT" : "NONE");
    return json.put("id", id);
  }
}
