package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the demo needs to be there before anybody writes: a tenant with a user, an API key, a channel, and the number
/// in the sandbox. Each is made when it is missing, through the public API.
final class DemoWorld {
  static final String TENANT = "demo";
  static final String USER = "ada@demo.example";
  static final String NUMBER = "106540352242922";
  static final String ACCOUNT = "102290129340398";

  private static final List<String> SCOPES =
      List.of(
          "conversations:read",
          "conversations:write",
          "contacts:read",
          "contacts:write",
          "channels:read",
          "channels:manage",
          "events:read",
          "files:read",
          "files:write",
          "dead-letters:manage");

  private final String server;
  private final DemoSecrets secrets;
  private final String operator;

  DemoWorld(String server, DemoSecrets secrets, String operator) {
    this.server = server;
    this.secrets = secrets;
    this.operator = operator;
  }

  /// A client that holds a good API key of the tenant.
  DemoClient prepare() throws InterruptedException {
    Optional<String> key = secrets.find("apiKey");
    if (key.isPresent()) {
      var client = withKey(key.get());
      // A key of an earlier version of the demo may do less.
      if (client.send("GET", "/api/v1/channels", null).ok()
          && client.send("GET", "/api/v1/files", null).ok()) {
        return client;
      }
    }
    String token = signIn();
    ensureTenant(new DemoClient(server, Map.of("Authorization", token)));
    var inTenant = new DemoClient(server, Map.of("Authorization", token, "X-Tenant", TENANT));
    ObjectNode draft = DemoClient.json().put("name", "demo");
    SCOPES.forEach(draft.putArray("scopes")::add);
    String fresh = inTenant.post("/api/v1/api-keys", draft).path("secret").asText();
    secrets.keep("apiKey", fresh);
    return withKey(fresh);
  }

  private DemoClient withKey(String key) {
    return new DemoClient(server, Map.of("X-API-Key", key));
  }

  private String signIn() throws InterruptedException {
    JsonNode grant =
        new DemoClient(server, Map.of())
            .post(
                "/api/v1/auth/login",
                DemoClient.json()
                    .put("email", operator)
                    .put("password", secrets.orRandom("operatorPassword")));
    return "Bearer " + grant.path("accessToken").asText();
  }

  private void ensureTenant(DemoClient asOperator) throws InterruptedException {
    ObjectNode draft = DemoClient.json().put("slug", TENANT).put("name", "Demo shop");
    draft
        .putObject("admin")
        .put("email", USER)
        .put("name", "Ada Demo")
        .put("password", secrets.orRandom("userPassword"));
    DemoClient.Answer answer = asOperator.send("POST", "/api/v1/tenants", draft);
    // 409: it is there already.
    if (!answer.ok() && answer.status() != 409) {
      throw new IllegalStateException("the tenant was not made: " + answer.body());
    }
  }

  /// The channel's id; connects it when the tenant has none with these credentials, and introduces its number to the
  /// sandbox.
  String connect(DemoClient client, DemoClient sandbox) throws InterruptedException {
    String token = secrets.orRandom("accessToken");
    String appSecret = secrets.orRandom("appSecret");
    String verify = secrets.orRandom("verifyToken");
    Optional<String> known = secrets.find("channelId");
    JsonNode channel =
        known.isPresent()
            ? client.send("GET", "/api/v1/channels/" + known.get(), null).body()
            : DemoClient.json();
    if (channel.path("webhookUrl").isMissingNode()) {
      ObjectNode draft = DemoClient.json().put("kind", "whatsapp").put("name", "WhatsApp sandbox");
      draft.putObject("settings").put("phoneNumberId", NUMBER).put("wabaId", ACCOUNT);
      ObjectNode credentials = draft.putObject("credentials");
      credentials.put("accessToken", token).put("verifyToken", verify);
      credentials.putArray("appSecrets").add(appSecret);
      channel = client.post("/api/v1/channels", draft);
      secrets.keep("channelId", channel.path("id").asText());
    }
    JsonNode registered =
        sandbox.put(
            "/sandbox/numbers/" + NUMBER,
            DemoClient.json()
                .put("displayPhoneNumber", "+1 555-078-3881")
                .put("wabaId", ACCOUNT)
                .put("accessToken", token)
                .put("appSecret", appSecret)
                .put("verifyToken", verify)
                .put("webhookUrl", channel.path("webhookUrl").asText()));
    String handshake = registered.path("handshake").asText();
    if (!handshake.equals("ok")) {
      throw new IllegalStateException("the webhook's handshake " + handshake);
    }
    return channel.path("id").asText();
  }
}
