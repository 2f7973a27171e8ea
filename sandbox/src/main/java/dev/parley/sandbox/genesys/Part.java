package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A value of a request together with its path, so that every refusal can name the field.
record Part(JsonNode node, String path) {

  static Part root(JsonNode body) {
    return new Part(body, "");
  }

  Part at(String name) {
    return new Part(node.path(name), path.isEmpty() ? name : path + "." + name);
  }

  boolean present() {
    return !node.isMissingNode() && !node.isNull();
  }

  ApiRefusal invalid(String why) {
    return new ApiRefusal(ApiError.badRequest((path.isEmpty() ? "The body" : path) + " " + why));
  }

  Part required() {
    if (!present()) {
      int dot = path.lastIndexOf('.');
      String parent = dot < 0 ? "The body" : path.substring(0, dot);
      throw new ApiRefusal(
          ApiError.badRequest(
              "%s should have required property '%s'".formatted(parent, path.substring(dot + 1))));
    }
    return this;
  }

  Part object() {
    if (!required().node.isObject()) {
      throw invalid("should be object");
    }
    return this;
  }

  /// A text that is not empty.
  String text() {
    required();
    if (!node.isTextual()) {
      throw invalid("should be string");
    }
    if (node.textValue().isEmpty()) {
      throw invalid("should NOT be shorter than 1 characters");
    }
    return node.textValue();
  }

  @Nullable String optionalText() {
    return present() ? text() : null;
  }

  /// One of these, in any case; answers it as it stands in the set.
  String oneOf(Set<String> allowed) {
    String text = text();
    for (String value : allowed) {
      if (value.equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new ApiRefusal(ApiError.invalidValue(text, path, new TreeSet<>(allowed).toString()));
  }

  /// A moment in ISO-8601 with its offset.
  Instant time() {
    try {
      return OffsetDateTime.parse(text()).toInstant();
    } catch (DateTimeParseException e) {
      throw new ApiRefusal(ApiError.invalidDate());
    }
  }

  /// An https or http address.
  URI address() {
    String text = text();
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // falls through to the refusal
    }
    throw invalid("should match format \"uri\"");
  }

  /// The elements of an array with at least `min`.
  List<Part> items(int min) {
    required();
    if (!node.isArray()) {
      throw invalid("should be array");
    }
    if (node.size() < min) {
      throw invalid("should NOT have fewer than %d items".formatted(min));
    }
    List<Part> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new Part(node.get(i), path + "[" + i + "]"));
    }
    return items;
  }

  /// An object whose values are all texts, when it is there.
  void optionalTexts() {
    if (!present()) {
      return;
    }
    object();
    node.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isTextual()) {
                throw at(entry.getKey()).invalid("should be string");
              }
            });
  }
}
