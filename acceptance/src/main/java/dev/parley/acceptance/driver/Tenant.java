package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// One tenant of a [Fixture].
///
/// @param api by an API key with every scope
/// @param users a signed-in caller for each role
/// @param channelId its WhatsApp channel
public record Tenant(
    String slug,
    String id,
    String key,
    Api api,
    Map<String, Api> users,
    Map<String, String> userIds,
    String channelId,
    PhoneNumber number) {
  /// All that an API key may be given.
  public static final List<String> SCOPES =
      List.of(
          "settings:manage",
          "settings:read",
          "users:manage",
          "users:read",
          "api-keys:manage",
          "audit:read",
          "channels:manage",
          "channels:read",
          "templates:manage",
          "contacts:write",
          "contacts:read",
          "conversations:write",
          "conversations:read",
          "inbox:manage",
          "files:write",
          "files:read",
          "files:manage",
          "events:read",
          "health:read",
          "api-log:read",
          "dead-letters:manage");

  /// The roles of users.
  public static final List<String> ROLES = List.of("admin", "manager", "agent", "read-only");

  /// The password of all its users.
  public static String password(String slug) {
    return "passwordcanary-of-" + slug;
  }

  /// The signed-in user of that role.
  public Api as(String role) {
    Api user = users.get(role);
    if (user == null) {
      throw new IllegalArgumentException("no user has the role " + role);
    }
    return user;
  }

  /// Where the number's webhooks go.
  public URI webhook(URI server) {
    return URI.create(server + "/webhooks/whatsapp/" + channelId);
  }

  /// Posts a signed body to the channel's address.
  public Answer post(URI server, byte[] body) {
    return Http.call("POST", webhook(server), signed(body), body);
  }

  /// The headers of a signed body.
  public Map<String, String> signed(byte[] body) {
    return Map.of(
        "Content-Type",
        "application/json",
        "X-Hub-Signature-256",
        Webhook.signature(number.appSecret(), body));
  }

  /// The items of a list of this tenant.
  public List<JsonNode> list(String path) {
    return Api.items(api.get(path).ok());
  }
}
