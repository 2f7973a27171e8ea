package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An Open Messaging integration.
///
/// @param webhookUrl where its webhooks go
/// @param secret what they are signed with
/// @param headers what else they carry
/// @param readyAt when its creation is over
/// @param error whether it ends badly
record Integration(
    String id,
    String name,
    String webhookUrl,
    String secret,
    TreeMap<String, String> headers,
    @Nullable String supportedContent,
    @Nullable String messagingSetting,
    Instant created,
    Instant modified,
    Instant readyAt,
    boolean error) {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int SHORTEST_SECRET = 16;

  /// The integration that this request asks for.
  static Integration create(String id, JsonNode json, Behaviour behaviour) {
    Part body = Part.root(json).object();
    Instant now = Instant.now();
    return new Integration(
        id,
        body.at("name").text(),
        url(body.at("outboundNotificationWebhookUrl").required()),
        secret(body.at("outboundNotificationWebhookSignatureSecretToken").required()),
        headers(body.at("webhookHeaders")),
        reference(body.at("supportedContent")),
        reference(body.at("messagingSetting")),
        now,
        now,
        now.plus(Duration.ofMillis(behaviour.get(Knob.INTEGRATION_MS))),
        behaviour.choice(Knob.INTEGRATION_ENDS).equals("Error"));
  }

  /// This integration with what the request changes.
  Integration patched(JsonNode json) {
    Part body = Part.root(json).object();
    Part url = body.at("outboundNotificationWebhookUrl");
    Part token = body.at("outboundNotificationWebhookSignatureSecretToken");
    Part more = body.at("webhookHeaders");
    Part content = body.at("supportedContent");
    Part setting = body.at("messagingSetting");
    return new Integration(
        id,
        body.at("name").text(),
        url.present() ? url(url) : webhookUrl,
        token.present() ? secret(token) : secret,
        more.present() ? headers(more) : headers,
        content.present() ? reference(content) : supportedContent,
        setting.present() ? reference(setting) : messagingSetting,
        created,
        Instant.now(),
        readyAt,
        error);
  }

  /// Whether messages can be sent to it by now.
  boolean usable(Instant now) {
    return !error && !now.isBefore(readyAt);
  }

  ObjectNode json(Instant now) {
    ObjectNode json = Json.object().put("id", id).put("name", name);
    if (supportedContent != null) {
      json.putObject("supportedContent").put("id", supportedContent);
    }
    if (messagingSetting != null) {
      json.putObject("messagingSetting").put("id", messagingSetting);
    }
    json.put("outboundNotificationWebhookUrl", webhookUrl);
    json.put("outboundNotificationWebhookSignatureSecretToken", secret);
    ObjectNode more = json.putObject("webhookHeaders");
    headers.forEach(more::put);
    boolean over = !now.isBefore(readyAt);
    json.put("status", usable(now) ? "Active" : "Inactive");
    json.putObject("recipient")
        .put("id", id)
        .put("selfUri", "/api/v2/routing/message/recipients/" + id);
    json.put("dateCreated", Moment.text(created)).put("dateModified", Moment.text(modified));
    json.put("createStatus", !over ? "Initiated" : error ? "Error" : "Completed");
    if (over && error) {
      json.set("createError", ApiError.of(500).body(id));
    }
    json.put("version", 1);
    return json.put("selfUri", "/api/v2/conversations/messaging/integrations/open/" + id);
  }

  /// An https address on the common port; on the machine itself, which Genesys could never reach,
  /// any http address.
  private static String url(Part url) {
    URI uri = url.address();
    boolean own = LOOPBACK.contains(uri.getHost());
    if (!own && !"https".equals(uri.getScheme())) {
      throw url.invalid("should be an https URL");
    }
    if (!own && uri.getPort() != -1 && uri.getPort() != 443) {
      throw url.invalid("should not have a custom port");
    }
    return uri.toString();
  }

  private static String secret(Part token) {
    if (token.text().length() < SHORTEST_SECRET) {
      throw token.invalid("must be longer than 15 characters");
    }
    return token.text();
  }

  private static TreeMap<String, String> headers(Part json) {
    json.optionalTexts();
    TreeMap<String, String> headers = new TreeMap<>();
    json.node().properties().forEach(e -> headers.put(e.getKey(), e.getValue().textValue()));
    return headers;
  }

  private static @Nullable String reference(Part json) {
    return json.present() ? json.object().at("id").text() : null;
  }
}
