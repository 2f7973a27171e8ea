package dev.parley.acceptance.driver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON in as few words as possible.
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /// An object of names and values by turns; a value is anything that Jackson writes.
  public static ObjectNode of(@Nullable Object... namesAndValues) {
    ObjectNode json = MAPPER.createObjectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json.set(String.valueOf(namesAndValues[i]), MAPPER.valueToTree(namesAndValues[i + 1]));
    }
    return json;
  }

  /// An array of anything that Jackson writes.
  public static ArrayNode array(List<?> values) {
    return MAPPER.valueToTree(values);
  }

  /// Throws `IllegalArgumentException` with the text when it is no JSON.
  public static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is no JSON: " + text, e);
    }
  }

  /// On one line.
  public static String write(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
