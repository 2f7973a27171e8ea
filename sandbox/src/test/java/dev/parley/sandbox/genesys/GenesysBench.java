package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Await;
import dev.parley.sandbox.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A sandbox with an organisation, an integration and a receiver of its webhooks, driven over HTTP.
final class GenesysBench implements AutoCloseable {
  static final String ORGANIZATION = "/sandbox/organizations/acme";
  static final String SECRET = "a secret of enough length";
  static final String CUSTOMER = "+351912345678";

  final GenesysSandbox sandbox = GenesysSandbox.start("127.0.0.1", 0);
  final Hooks hooks = new Hooks();
  final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  String token;
  final String integration;

  /// An answer with its body read as JSON.
  record Answer(int status, JsonNode json, HttpResponse<byte[]> raw) {
    String code() {
      return json.path("code").asText();
    }

    @Nullable String header(String name) {
      return raw.headers().firstValue(name).orElse(null);
    }
  }

  GenesysBench() {
    must(control("PUT", ORGANIZATION, "{\"clientId\":\"client\",\"clientSecret\":\"hush\"}"));
    behaviour("{\"integrationMs\":0,\"processMs\":1,\"webhookRetryMs\":5,\"ratePerMinute\":0}");
    token = grant().json().path("access_token").asText();
    integration = must(integrate(hooks.url())).json().path("id").asText();
  }

  /// Asks for a token with the right secret.
  Answer grant() {
    return grant("client", "hush");
  }

  Answer grant(String client, String secret) {
    String pair =
        Base64.getEncoder()
            .encodeToString((client + ":" + secret).getBytes(StandardCharsets.ISO_8859_1));
    return send(
        request("/oauth/token")
            .header("Authorization", "Basic " + pair)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials")));
  }

  Answer integrate(String url) {
    return api(
        "POST",
        "/conversations/messaging/integrations/open",
        """
        {"name":"Shop","outboundNotificationWebhookUrl":"%s",
         "outboundNotificationWebhookSignatureSecretToken":"%s",
         "webhookHeaders":{"X-Tenant":"acme"}}"""
            .formatted(url, SECRET));
  }

  /// A call of the Platform API.
  Answer api(String method, String path, @Nullable String body) {
    return api(method, path, body, token);
  }

  Answer api(String method, String path, @Nullable String body, @Nullable String bearer) {
    HttpRequest.Builder request = request("/api/v2" + path);
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return send(with(request, method, body));
  }

  Answer control(String method, String path, @Nullable String body) {
    return send(with(request(path), method, body));
  }

  void behaviour(String json) {
    must(control("PUT", ORGANIZATION + "/behaviour", json));
  }

  void faults(String json) {
    must(control("PUT", ORGANIZATION + "/faults", json));
  }

  JsonNode counts() {
    return must(control("GET", ORGANIZATION + "/counts", null)).json();
  }

  /// The entries of a ledger.
  List<JsonNode> ledger(String path) {
    JsonNode data = must(control("GET", ORGANIZATION + "/" + path, null)).json().path("data");
    return StreamSupport.stream(data.spliterator(), false).toList();
  }

  /// The inbound endpoint of that name.
  Answer inbound(String endpoint, String body) {
    return api(
        "POST", "/conversations/messages/" + integration + "/inbound/open/" + endpoint, body);
  }

  /// A customer's text, with the conversation asked for.
  Answer write(String text) {
    return inbound("message?prefetchConversationId=true", message(CUSTOMER, "wamid." + text, text));
  }

  /// Writes, and answers the conversation once the message is published.
  String open(String text) {
    Answer answer = must(write(text));
    String id = answer.json().path("id").asText();
    Await.until(
        "published",
        () -> hooks.of("Receipt").stream().anyMatch(r -> r.path("id").asText().equals(id)));
    return answer.json().path("conversationId").asText();
  }

  static String message(String customer, String messageId, String text) {
    ObjectNode json = Json.object();
    ObjectNode channel = json.putObject("channel").put("time", "2026-01-02T03:04:05.678Z");
    channel.put("messageId", messageId);
    channel.putObject("from").put("id", customer).put("idType", "Phone").put("nickname", "Ana");
    return json.put("text", text).toString();
  }

  /// The agent does something in a conversation; answers when it was delivered, or not.
  Answer act(String conversation, String act) {
    return control(
        "POST", ORGANIZATION + "/conversations/" + conversation + "/acts?wait=true", act);
  }

  JsonNode conversation(String id) {
    return must(control("GET", ORGANIZATION + "/conversations/" + id, null)).json();
  }

  HttpRequest.Builder request(String path) {
    URI uri = URI.create(path.startsWith("http") ? path : sandbox.url() + path);
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return exchange(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer exchange(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      String text = new String(response.body(), StandardCharsets.UTF_8);
      return new Answer(response.statusCode(), Json.parseOrText(text), response);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static Answer must(Answer answer) {
    if (answer.status() / 100 != 2) {
      throw new AssertionError(answer.status() + " " + answer.json());
    }
    return answer;
  }

  private static HttpRequest.Builder with(
      HttpRequest.Builder request, String method, @Nullable String body) {
    return request
        .header("Content-Type", "application/json")
        .method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
  }

  @Override
  public void close() {
    sandbox.close();
    hooks.close();
    http.shutdownNow();
  }
}
