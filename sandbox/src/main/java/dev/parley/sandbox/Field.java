package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value of a request together with its path, so that every refusal can name the field the way
/// Meta does: `interactive['body']['text']`.
record Field(JsonNode node, String path) {

  static Field root(JsonNode message) {
    return new Field(message, "");
  }

  Field at(String name) {
    return new Field(node.path(name), path.isEmpty() ? name : path + "['" + name + "']");
  }

  Field at(int index) {
    return new Field(node.path(index), path + "[" + index + "]");
  }

  boolean present() {
    return !node.isMissingNode() && !node.isNull();
  }

  GraphRefusal missing() {
    String details = "The parameter %s is required.".formatted(path);
    return new GraphRefusal(
        topLevel() ? GraphError.invalid(details) : GraphError.of(131008, details));
  }

  GraphRefusal invalid(String why) {
    String details = "Param %s %s.".formatted(path, why);
    return new GraphRefusal(
        topLevel() ? GraphError.invalid(details) : GraphError.of(131009, details));
  }

  Field required() {
    if (!present()) {
      throw missing();
    }
    return this;
  }

  Field object() {
    if (!required().node.isObject()) {
      throw invalid("must be an object");
    }
    return this;
  }

  /// A text of 1 to `max` characters.
  String text(int max) {
    required();
    if (!node.isTextual()) {
      throw invalid("must be a string");
    }
    String text = node.textValue();
    if (text.isBlank()) {
      throw missing();
    }
    if (text.codePointCount(0, text.length()) > max) {
      throw invalid("must be at most %d characters long".formatted(max));
    }
    return text;
  }

  @Nullable String optionalText(int max) {
    return present() ? text(max) : null;
  }

  String oneOf(Set<String> allowed) {
    String text = text(1000);
    if (!allowed.contains(text)) {
      throw invalid(
          "must be one of {%s}".formatted(String.join(", ", allowed.stream().sorted().toList())));
    }
    return text;
  }

  /// An id, which Meta takes as string or number.
  String id() {
    required();
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw invalid("must be an id");
    }
    if (node.asText().isBlank()) {
      throw missing();
    }
    return node.asText();
  }

  /// An http or https address.
  String link() {
    String link = text(2048);
    try {
      URI uri = URI.create(link);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return link;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // falls through to the refusal
    }
    throw invalid("must be a valid http or https URL");
  }

  /// A number, also written as string, within the bounds.
  double number(double min, double max) {
    required();
    try {
      double value = node.isNumber() ? node.doubleValue() : Double.parseDouble(node.asText());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // falls through to the refusal
    }
    throw invalid("must be a number from %s to %s".formatted(min, max));
  }

  /// The elements of an array that must have `min` to `max` of them.
  List<Field> items(int min, int max) {
    required();
    if (!node.isArray()) {
      throw invalid("must be an array");
    }
    if (node.size() < min || node.size() > max) {
      throw invalid("must have %d to %d elements, has %d".formatted(min, max, node.size()));
    }
    List<Field> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(at(i));
    }
    return items;
  }

  // Meta reports the fields of the envelope and of text with code 100, deeper ones with
  // 131008/131009.
  private boolean topLevel() {
    return path.indexOf('[') < 0 || path.startsWith("text[");
  }
}
