package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parley's REST API as one caller sees it. Immutable: the `with…` methods answer another caller.
public final class Api {
  private final URI server;
  private final Map<String, String> headers;

  private Api(URI server, Map<String, String> headers) {
    this.server = server;
    this.headers = Map.copyOf(headers);
  }

  /// A caller without credentials.
  public static Api of(URI server) {
    return new Api(server, Map.of());
  }

  /// This caller with one more header.
  public Api with(String header, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Api(server, all);
  }

  /// What this caller sends with everything.
  public Map<String, String> headers() {
    return headers;
  }

  /// With an access token in place of other credentials.
  public Api withToken(String token) {
    return of(server).with("Authorization", "Bearer " + token);
  }

  /// With an API key in place of other credentials.
  public Api withKey(String key) {
    return of(server).with("X-API-Key", key);
  }

  /// Acting in that tenant, which the operator may.
  public Api in(String slug) {
    return with("X-Tenant", slug);
  }

  /// The same caller at another server.
  public Api at(URI other) {
    return new Api(other, headers);
  }

  /// Sends anything. `body` goes out as `application/json` unless this caller has another content type.
  public Answer call(String method, String path, @Nullable String body) {
    var all = new LinkedHashMap<>(headers);
    if (body != null) {
      all.putIfAbsent("Content-Type", "application/json");
    }
    return Http.call(
        method,
        URI.create(server + path),
        all,
        body == null ? null : body.getBytes(StandardCharsets.UTF_8));
  }

  public Answer get(String path) {
    return call("GET", path, null);
  }

  public Answer post(String path, JsonNode body) {
    return call("POST", path, Json.write(body));
  }

  public Answer patch(String path, JsonNode body) {
    return call("PATCH", path, Json.write(body));
  }

  public Answer delete(String path) {
    return call("DELETE", path, null);
  }

  /// Signs in; `tenant` is null for the operator.
  public Api login(String email, String password, @Nullable String tenant) {
    JsonNode grant =
        post("/api/v1/auth/login", Json.of("email", email, "password", password, "tenant", tenant))
            .ok();
    return withToken(grant.path("accessToken").asText());
  }

  /// Makes a tenant with an administrator; answers the tenant.
  public JsonNode createTenant(String slug, String name, String email, String password) {
    return post(
            "/api/v1/tenants",
            Json.of(
                "slug",
                slug,
                "name",
                name,
                "admin",
                Json.of("email", email, "name", "Admin of " + name, "password", password)))
        .ok()
        .path("tenant");
  }

  /// Makes a user; answers the user.
  public JsonNode createUser(String email, String name, String role, String password) {
    return post(
            "/api/v1/users",
            Json.of("email", email, "name", name, "role", role, "password", password))
        .ok();
  }

  /// Makes an API key; answers it with its `secret`.
  public JsonNode createKey(String name, Collection<String> scopes) {
    return post("/api/v1/api-keys", Json.of("name", name, "scopes", List.copyOf(scopes))).ok();
  }

  /// The body of a request that connects a WhatsApp number.
  public static JsonNode whatsApp(String name, PhoneNumber number) {
    return Json.of(
        "kind",
        "whatsapp",
        "name",
        name,
        "settings",
        Json.of("phoneNumberId", number.id(), "wabaId", number.wabaId()),
        "credentials",
        Json.of(
            "accessToken",
            number.accessToken(),
            "appSecrets",
            List.of(number.appSecret()),
            "verifyToken",
            number.verifyToken()));
  }

  /// Sends a message and answers it; an idempotency key is optional.
  public Answer send(String conversation, JsonNode content, @Nullable String key) {
    Api caller = key == null ? this : with("Idempotency-Key", key);
    return caller.post(
        "/api/v1/conversations/" + conversation + "/messages", Json.of("content", content));
  }

  /// Sends a text and answers the message.
  public JsonNode sendText(String conversation, String text) {
    return send(conversation, Json.of("type", "text", "body", text), null).ok();
  }

  /// Uploads a file in one request and answers it.
  public JsonNode upload(String name, String type, byte[] bytes) {
    String boundary = "----acceptance" + name.hashCode();
    byte[] head =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(boundary, name, type)
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    var body = new byte[head.length + bytes.length + tail.length];
    System.arraycopy(head, 0, body, 0, head.length);
    System.arraycopy(bytes, 0, body, head.length, bytes.length);
    System.arraycopy(tail, 0, body, head.length + bytes.length, tail.length);
    var all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "multipart/form-data; boundary=" + boundary);
    return Http.call("POST", URI.create(server + "/api/v1/files"), all, body).ok();
  }

  /// The messages of a conversation, the oldest first, at most 200.
  public List<JsonNode> messages(String conversation) {
    return items(
        get("/api/v1/conversations/" + conversation + "/messages?order=oldest&limit=200").ok());
  }

  /// One message.
  public JsonNode message(String conversation, String id) {
    return get("/api/v1/conversations/" + conversation + "/messages/" + id).ok();
  }

  /// Waits until the message has one of these states.
  public JsonNode awaitState(String conversation, String id, Duration most, String... states) {
    List<String> wanted = List.of(states);
    return Wait.until(
        "message " + id + " is one of " + wanted,
        most,
        () -> message(conversation, id),
        message -> wanted.contains(message.path("state").asText()));
  }

  /// The first 200 conversations.
  public List<JsonNode> conversations() {
    return items(get("/api/v1/conversations?limit=200").ok());
  }

  /// The conversation with the contact that has that phone number, as soon as there is one.
  public JsonNode awaitConversation(String phone, Duration most) {
    return Wait.until(
            "a conversation with " + phone,
            most,
            () -> {
              List<JsonNode> contacts =
                  items(get("/api/v1/contacts?limit=1&identity=" + phone).ok());
              if (contacts.isEmpty()) {
                return List.<JsonNode>of();
              }
              String id = contacts.getFirst().path("id").asText();
              return items(get("/api/v1/conversations?contactId=" + id).ok());
            },
            found -> !found.isEmpty())
        .getFirst();
  }

  /// A reader of the event log from its beginning.
  public Events events() {
    return new Events(this);
  }

  /// The items of a page.
  public static List<JsonNode> items(JsonNode page) {
    var items = new ArrayList<JsonNode>();
    page.path("items").forEach(items::add);
    return items;
  }
}
