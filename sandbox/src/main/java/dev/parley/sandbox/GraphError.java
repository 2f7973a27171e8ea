package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// An error as the Graph API words it.
///
/// @param httpStatus the status of the answer when it is told at once
/// @param code Meta's error code, the one thing a client should build on
/// @param subcode Meta's error_subcode, or 0
/// @param title the message without its `(#code)`
/// @param details what exactly is wrong, naming the field; null when the title says it all
record GraphError(int httpStatus, int code, int subcode, String title, @Nullable String details) {

  private static final String TRACE_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  private record Known(int httpStatus, String title) {}

  private static final Map<Integer, Known> KNOWN =
      Map.ofEntries(
          Map.entry(0, new Known(401, "AuthException")),
          Map.entry(1, new Known(400, "API Unknown")),
          Map.entry(2, new Known(503, "API Service")),
          Map.entry(3, new Known(500, "API Method")),
          Map.entry(4, new Known(400, "Application request limit reached")),
          Map.entry(10, new Known(403, "Application does not have permission for this action")),
          Map.entry(33, new Known(400, "Parameter value is not valid")),
          Map.entry(100, new Known(400, "Invalid parameter")),
          Map.entry(190, new Known(401, "Invalid OAuth access token - Cannot parse access token")),
          Map.entry(200, new Known(403, "Permissions error")),
          Map.entry(368, new Known(403, "Temporarily blocked for policies violations")),
          Map.entry(80007, new Known(400, "Rate limit issues")),
          Map.entry(130429, new Known(400, "Rate limit hit")),
          Map.entry(130472, new Known(400, "User's number is part of an experiment")),
          Map.entry(
              130497,
              new Known(
                  403, "Business account is restricted from messaging users in this country")),
          Map.entry(131000, new Known(500, "Something went wrong")),
          Map.entry(131005, new Known(403, "Access denied")),
          Map.entry(131008, new Known(400, "Required parameter is missing")),
          Map.entry(131009, new Known(400, "Parameter value is not valid")),
          Map.entry(131016, new Known(500, "Service unavailable")),
          Map.entry(131021, new Known(400, "Recipient cannot be sender")),
          Map.entry(131026, new Known(400, "Message undeliverable")),
          Map.entry(131031, new Known(403, "Business Account locked")),
          Map.entry(131037, new Known(400, "WhatsApp provided number needs display name approval")),
          Map.entry(131042, new Known(400, "Business eligibility payment issue")),
          Map.entry(131045, new Known(500, "Incorrect certificate")),
          Map.entry(131047, new Known(400, "Re-engagement message")),
          Map.entry(131048, new Known(400, "Spam rate limit hit")),
          Map.entry(
              131049,
              new Known(
                  400, "This message was not delivered to maintain healthy ecosystem engagement")),
          Map.entry(131050, new Known(400, "User has stopped marketing messages")),
          Map.entry(131051, new Known(400, "Unsupported message type")),
          Map.entry(131052, new Known(400, "Media download error")),
          Map.entry(131053, new Known(400, "Media upload error")),
          Map.entry(
              131056, new Known(400, "(Business Account, Consumer Account) pair rate limit hit")),
          Map.entry(131057, new Known(500, "Account in maintenance mode")),
          Map.entry(131059, new Known(400, "Invalid cursor")),
          Map.entry(
              131062, new Known(400, "Business-scoped user ID is not supported for this message")),
          Map.entry(
              132000,
              new Known(400, "Number of parameters does not match the expected number of params")),
          Map.entry(132001, new Known(404, "Template name does not exist in the translation")),
          Map.entry(132005, new Known(400, "Translated text too long")),
          Map.entry(132007, new Known(400, "Template format character policy violated")),
          Map.entry(
              132012,
              new Known(400, "Parameter format does not match format in the created template")),
          Map.entry(132015, new Known(400, "Template is paused")),
          Map.entry(132016, new Known(400, "Template is disabled")),
          Map.entry(132068, new Known(400, "Flow is blocked")),
          Map.entry(132069, new Known(400, "Flow is throttled")),
          Map.entry(133004, new Known(503, "Server temporarily unavailable")),
          Map.entry(133005, new Known(400, "Two step verification PIN mismatch")),
          Map.entry(133010, new Known(400, "Phone number not registered")),
          Map.entry(133016, new Known(400, "Account register / deregister rate limit exceeded")),
          Map.entry(135000, new Known(400, "Generic user error")),
          Map.entry(136025, new Known(400, "Verify code error")));

  /// The error of a code with Meta's own status and title.
  static GraphError of(int code, @Nullable String details) {
    Known known = KNOWN.getOrDefault(code, new Known(400, "Unknown error"));
    return new GraphError(known.httpStatus(), code, 0, known.title(), details);
  }

  /// Code 100 with a text of its own, as Meta does for top-level parameters.
  static GraphError invalid(String message) {
    return new GraphError(400, 100, 0, message, message);
  }

  /// What Meta says of an object that is not there, or that the token may not see.
  static GraphError noSuchObject(String method, String id) {
    String text =
        ("Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing "
                + "permissions, or does not support this operation.")
            .formatted(
                method.equals("GET") ? "get" : method.equals("DELETE") ? "delete" : "post", id);
    return new GraphError(400, 100, 33, text, null);
  }

  GraphError withHttpStatus(int status) {
    return new GraphError(status, code, subcode, title, details);
  }

  /// The form of a synchronous answer.
  ObjectNode body() {
    ObjectNode error = Json.object();
    // Meta leaves the (#code) away where the subcode tells the kind.
    error.put("message", subcode == 33 || code == 190 ? title : "(#%d) %s".formatted(code, title));
    error.put("type", subcode == 33 ? "GraphMethodException" : "OAuthException");
    error.put("code", code);
    if (details != null) {
      error.putObject("error_data").put("messaging_product", "whatsapp").put("details", details);
    }
    if (subcode != 0) {
      error.put("error_subcode", subcode);
    }
    if (httpStatus >= 500) {
      error.put("is_transient", true);
    }
    error.put("fbtrace_id", traceId());
    return Json.object().set("error", error);
  }

  Reply.Body reply() {
    return Reply.json(httpStatus, body());
  }

  /// The form of `errors[]` in a webhook.
  ObjectNode webhookForm() {
    ObjectNode error = Json.object().put("code", code).put("title", title).put("message", title);
    error.putObject("error_data").put("details", details == null ? title : details);
    return error.put(
        "href", "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/");
  }

  private static String traceId() {
    var random = ThreadLocalRandom.current();
    StringBuilder id = new StringBuilder(23).append('A');
    for (int i = 0; i < 22; i++) {
      id.append(TRACE_ALPHABET.charAt(random.nextInt(TRACE_ALPHABET.length())));
    }
    return id.toString();
  }
}
