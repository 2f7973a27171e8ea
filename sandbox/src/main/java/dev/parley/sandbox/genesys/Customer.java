package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The person on the other side, as `channel.from` tells it.
record Customer(
    String id,
    String idType,
    @Nullable String nickname,
    @Nullable String firstName,
    @Nullable String lastName) {

  static final Set<String> ID_TYPES = Set.of("Email", "Phone", "Opaque");

  /// Reads `channel.from`.
  static Customer of(Part from) {
    from.object();
    return new Customer(
        from.at("id").text(),
        from.at("idType").oneOf(ID_TYPES),
        from.at("nickname").optionalText(),
        from.at("firstName").optionalText(),
        from.at("lastName").optionalText());
  }

  /// What threads messages into conversations.
  String key(String integrationId) {
    return integrationId + " " + idType + " " + id;
  }

  String name() {
    return nickname != null ? nickname : firstName != null ? firstName : id;
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("id", id).put("idType", idType);
    put(json, "nickname", nickname);
    put(json, "firstName", firstName);
    put(json, "lastName", lastName);
    return json;
  }

  private static void put(ObjectNode json, String field, @Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }
}
