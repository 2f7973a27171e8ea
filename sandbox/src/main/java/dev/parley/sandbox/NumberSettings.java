package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a business number is and how it is reached.
///
/// @param displayPhoneNumber as shown to people, e.g. `+1 555-078-3881`
/// @param verifiedName the business name shown to customers
/// @param wabaId the WhatsApp Business Account it belongs to
/// @param accessToken the token that Graph calls must bear
/// @param appSecret the key of webhook signatures
/// @param verifyToken what the handshake shows
/// @param webhookUrl where webhooks go; null for nowhere
/// @param mediaBaseUrl the base of download addresses in webhooks; null for the sandbox's own
record NumberSettings(
    String displayPhoneNumber,
    String verifiedName,
    String wabaId,
    String accessToken,
    String appSecret,
    String verifyToken,
    @Nullable String webhookUrl,
    @Nullable String mediaBaseUrl) {

  private static final Set<String> NAMES =
      Set.of(
          "displayPhoneNumber",
          "verifiedName",
          "wabaId",
          "accessToken",
          "appSecret",
          "verifyToken",
          "webhookUrl",
          "mediaBaseUrl");

  /// The settings in `json`; what it leaves out stays as in `present`. The webhook URL is not taken
  /// over: it needs a handshake first.
  ///
  /// @throws ControlRefusal when a required one is in neither, or one is unknown
  static NumberSettings of(JsonNode json, @Nullable NumberSettings present) {
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!NAMES.contains(field)) {
                throw new ControlRefusal(400, "unknown setting: " + field);
              }
            });
    String mediaBaseUrl = Json.text(json, "mediaBaseUrl");
    return new NumberSettings(
        required(json, "displayPhoneNumber", present == null ? null : present.displayPhoneNumber),
        required(json, "verifiedName", present == null ? "Sandbox Business" : present.verifiedName),
        required(json, "wabaId", present == null ? null : present.wabaId),
        required(json, "accessToken", present == null ? null : present.accessToken),
        required(json, "appSecret", present == null ? null : present.appSecret),
        required(json, "verifyToken", present == null ? null : present.verifyToken),
        present == null ? null : present.webhookUrl,
        mediaBaseUrl != null || present == null ? mediaBaseUrl : present.mediaBaseUrl);
  }

  NumberSettings withWebhookUrl(@Nullable String url) {
    return new NumberSettings(
        displayPhoneNumber,
        verifiedName,
        wabaId,
        accessToken,
        appSecret,
        verifyToken,
        url,
        mediaBaseUrl);
  }

  /// The number in digits, as webhooks and ids write it.
  String digits() {
    return displayPhoneNumber.replaceAll("\\D", "");
  }

  /// For the control API: everything but the secrets.
  ObjectNode json() {
    return Json.object()
        .put("displayPhoneNumber", displayPhoneNumber)
        .put("verifiedName", verifiedName)
        .put("wabaId", wabaId)
        .put("webhookUrl", webhookUrl)
        .put("mediaBaseUrl", mediaBaseUrl);
  }

  private static String required(JsonNode json, String field, @Nullable String fallback) {
    String value = Json.text(json, field);
    if (value != null) {
      return value;
    }
    if (fallback == null) {
      throw new ControlRefusal(400, field + " is required");
    }
    return fallback;
  }
}
