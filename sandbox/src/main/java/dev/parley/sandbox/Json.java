package dev.parley.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Reading and writing of JSON, in the two forms that Meta uses.
public final class Json {
  private static final JsonMapper PLAIN =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  // Webhook bodies are signed over the escaped text: non-ASCII as lower-case hex escapes, slashes
  // escaped.
  // A receiver that parses and re-serialises before it checks the signature must fail here too.
  private static final JsonMapper ESCAPED =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII, JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  private Json() {}

  /// A new object with nothing in it.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// A new array with nothing in it.
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /// The body as JSON; an `IOException` that says where it is none.
  public static JsonNode parse(Bytes body) throws IOException {
    return PLAIN.readTree(body.array());
  }

  /// The text as JSON where it is JSON, else as a string value: ledgers show what came, whatever it
  /// was.
  public static JsonNode parseOrText(String body) {
    try {
      return PLAIN.readTree(body);
    } catch (JsonProcessingException notJson) {
      return JsonNodeFactory.instance.textNode(body);
    }
  }

  /// In UTF-8, on one line, with nothing escaped that need not be.
  public static byte[] bytes(JsonNode node) {
    return write(PLAIN, node);
  }

  /// The exact bytes that Meta would put on the wire for a webhook.
  static Bytes webhookBytes(JsonNode node) {
    return Bytes.of(write(ESCAPED, node));
  }

  /// The text of a field, or null when it is absent, null or empty.
  public static @Nullable String text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return text.isEmpty() ? null : text;
  }

  private static byte[] write(JsonMapper mapper, JsonNode node) {
    try {
      return mapper.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
