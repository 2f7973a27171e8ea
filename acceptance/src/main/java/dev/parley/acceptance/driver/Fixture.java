package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/// Two tenants with everything in them: a user of each role, an API key, a WhatsApp number at the sandbox.
///
/// @param operator signed in, outside any tenant
public record Fixture(Api operator, Tenant acme, Tenant globex) {
  /// Makes both on a fresh server. `ingress` is where webhooks go, which is the server itself unless roles are split.
  public static Fixture make(Api anybody, String operatorPassword, Sandbox sandbox, URI ingress) {
    Api operator = anybody.login("operator@localhost", operatorPassword, null);
    return new Fixture(
        operator,
        tenant(anybody, operator, "acme", 0, sandbox, ingress),
        tenant(anybody, operator, "globex", 1, sandbox, ingress));
  }

  /// Makes both on a server that runs all roles.
  public static Fixture make(Parley server, Sandbox sandbox) {
    return make(server.api(), server.operatorPassword(), sandbox, server.url());
  }

  /// One more tenant; `n` tells its number from others.
  public static Tenant tenant(
      Api anybody, Api operator, String slug, int n, Sandbox sandbox, URI ingress) {
    String password = Tenant.password(slug);
    String domain = "@" + slug + ".example";
    JsonNode tenant = operator.createTenant(slug, slug, "admin" + domain, password);
    Map<String, Api> users = new LinkedHashMap<>();
    Map<String, String> ids = new LinkedHashMap<>();
    Api admin = anybody.login("admin" + domain, password, slug);
    users.put("admin", admin);
    ids.put("admin", admin.get("/api/v1/auth/me").ok().path("id").asText());
    for (String role : Tenant.ROLES.subList(1, Tenant.ROLES.size())) {
      JsonNode user = admin.createUser(role + domain, role + " of " + slug, role, password);
      ids.put(role, user.path("id").asText());
      users.put(role, anybody.login(role + domain, password, slug));
    }
    String key = admin.createKey("all", Tenant.SCOPES).path("secret").asText();
    PhoneNumber number = PhoneNumber.of(n);
    String channel =
        admin
            .post("/api/v1/channels", Api.whatsApp("Support of " + slug, number))
            .ok()
            .path("id")
            .asText();
    var made =
        new Tenant(
            slug,
            tenant.path("id").asText(),
            key,
            anybody.withKey(key),
            users,
            ids,
            channel,
            number);
    String handshake = sandbox.register(number, made.webhook(ingress));
    if (!handshake.equals("ok")) {
      throw new AssertionError("the handshake of " + slug + ": " + handshake);
    }
    return made;
  }
}
