package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.ControlRefusal;
import dev.parley.sandbox.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who may call in the name of an organisation, and who works there.
///
/// @param clientId of the client with the grant Client Credentials
/// @param permissions what the roles of that client allow
/// @param widgetClientId of the client with the grant Authorization Code, with PKCE and no secret
/// @param redirectUris where that one may send codes
/// @param users the agents; the first one takes conversations
/// @param widgetUrl what the interaction widget opens, with `{{gcConversationId}}` and the like; empty for none
/// @param signedIn the user who has a session in the browser; null when nobody has
record OrganizationSettings(
    String name,
    String clientId,
    String clientSecret,
    Set<String> permissions,
    String widgetClientId,
    List<String> redirectUris,
    String widgetUrl,
    List<User> users,
    @Nullable String signedIn) {

  private static final Set<String> NAMES =
      Set.of(
          "name",
          "clientId",
          "clientSecret",
          "permissions",
          "widgetClientId",
          "redirectUris",
          "widgetUrl",
          "users",
          "signedIn");
  private static final List<String> PERMISSIONS =
      List.of(
          "conversation:message:receive",
          "conversation:message:create",
          "conversation:message:view",
          "conversation:communication:view",
          "conversation:communication:disconnect",
          "messaging:integration:add",
          "messaging:integration:delete",
          "messaging:integration:edit",
          "messaging:integration:view",
          "routing:message:manage");

  /// An agent.
  record User(String id, String name, String email) {
    ObjectNode json() {
      ObjectNode json = Json.object().put("id", id).put("name", name).put("email", email);
      json.put("username", email).put("state", "active");
      return json.put("selfUri", "/api/v2/users/" + id);
    }
  }

  /// The settings that the control call asks for; what it leaves out stays, or is made.
  static OrganizationSettings of(
      String key, JsonNode json, @Nullable OrganizationSettings present) {
    for (var field : json.properties()) {
      if (!NAMES.contains(field.getKey())) {
        throw new ControlRefusal(400, "unknown field of an organisation: " + field.getKey());
      }
    }
    OrganizationSettings old = present == null ? initial(key) : present;
    List<User> users = json.has("users") ? users(json.get("users")) : old.users();
    String signedIn = old.signedIn();
    if (json.has("signedIn")) {
      signedIn = Json.text(json, "signedIn");
    } else if (json.has("users")) {
      signedIn = users.isEmpty() ? null : users.getFirst().id();
    }
    return new OrganizationSettings(
        json.path("name").asText(old.name()),
        json.path("clientId").asText(old.clientId()),
        json.path("clientSecret").asText(old.clientSecret()),
        json.has("permissions") ? Set.copyOf(texts(json, "permissions")) : old.permissions(),
        json.path("widgetClientId").asText(old.widgetClientId()),
        json.has("redirectUris") ? texts(json, "redirectUris") : old.redirectUris(),
        json.path("widgetUrl").asText(old.widgetUrl()),
        users,
        signedIn);
  }

  private static OrganizationSettings initial(String key) {
    User agent = new User(uuid(key, "agent"), "Sandbox Agent", "agent@" + key + ".example");
    return new OrganizationSettings(
        key,
        uuid(key, "client"),
        "secret-of-" + key,
        Set.copyOf(PERMISSIONS),
        uuid(key, "widget"),
        List.of(),
        "",
        List.of(agent),
        agent.id());
  }

  private static List<User> users(JsonNode json) {
    List<User> users = new ArrayList<>();
    for (JsonNode user : json) {
      String email = Json.text(user, "email");
      if (email == null) {
        throw new ControlRefusal(400, "a user has an email");
      }
      users.add(
          new User(
              user.path("id").asText(uuid(email, "user")), user.path("name").asText(email), email));
    }
    return List.copyOf(users);
  }

  private static List<String> texts(JsonNode json, String field) {
    Set<String> texts = new LinkedHashSet<>();
    json.path(field).elements().forEachRemaining(element -> texts.add(element.asText()));
    return List.copyOf(texts);
  }

  private static String uuid(String key, String what) {
    return UUID.nameUUIDFromBytes((what + " of " + key).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  @Nullable User user(@Nullable String id) {
    return users.stream().filter(user -> user.id().equals(id)).findFirst().orElse(null);
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("name", name).put("clientId", clientId);
    json.put("clientSecret", clientSecret).put("widgetClientId", widgetClientId);
    var allowed = json.putArray("permissions");
    permissions.stream().sorted().forEach(allowed::add);
    var addresses = json.putArray("redirectUris");
    redirectUris.forEach(addresses::add);
    json.put("widgetUrl", widgetUrl);
    var people = json.putArray("users");
    users.forEach(user -> people.add(user.json()));
    return json.put("signedIn", signedIn);
  }
}
