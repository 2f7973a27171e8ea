package dev.parley.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What goes along with a customer's message for Genesys' flows to read, as `channel.metadata.customAttributes`: names
/// and values are texts, and all of it stays below a size that Genesys is known to take.
final class CustomAttributes {
  /// Most bytes of all of it as JSON.
  static final int MOST = 1900;

  private static final int VALUE = 500;

  private final Map<String, String> values = new LinkedHashMap<>();

  /// Adds one; null and blank are left out, long values are cut. What is added first stays when there is too much.
  CustomAttributes with(String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      values.put(name, Texts.cut(value.strip(), VALUE));
    }
    return this;
  }

  /// As many of them as fit.
  ObjectNode json() {
    ObjectNode node = Json.MAPPER.createObjectNode();
    values.forEach(
        (name, value) -> {
          node.put(name, value);
          if (node.toString().getBytes(StandardCharsets.UTF_8).length > MOST) {
            node.remove(name);
          }
        });
    return node;
  }
}
