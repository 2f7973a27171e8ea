package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.util.Map;

/// An error of the Platform API in the form that Genesys writes it (`ErrorBody`).
///
/// @param code the stable code, such as `bad.request`
/// @param params what the message was made of
record ApiError(int status, String code, String message, Map<String, String> params) {

  /// The error that an endpoint answers with this status when there is nothing more to say.
  static ApiError of(int status) {
    return switch (status) {
      case 400 -> badRequest("The request could not be understood by the server.");
      case 401 -> badCredentials();
      case 403 ->
          plain(403, "not.authorized", "You are not authorized to perform the requested action.");
      case 404 -> notFound();
      case 408 -> plain(408, "request.timeout", "The client did not produce a request in time.");
      case 409 -> plain(409, "conflict", "The request conflicts with the resource's state.");
      case 413 -> plain(413, "request.entity.too.large", "The request is over the size limit.");
      case 429 -> tooMany(300, 60);
      case 502 -> plain(502, "bad.gateway", "Bad gateway.");
      case 503 ->
          plain(
              503,
              "service.unavailable",
              "Service Unavailable - The server is currently unavailable (because it is overloaded"
                  + " or down for maintenance).");
      case 504 -> plain(504, "request.timeout", "The request timed out.");
      default ->
          plain(
              status,
              "internal.server.error",
              "The server encountered an unexpected condition which prevented it from fulfilling"
                  + " the request.");
    };
  }

  static ApiError badRequest(String message) {
    return plain(400, "bad.request", message);
  }

  static ApiError invalidDate() {
    return plain(
        400,
        "invalid.date",
        "Dates must be specified as ISO-8601 strings. For example: yyyy-MM-ddTHH:mm:ss.SSSZ");
  }

  static ApiError invalidValue(String value, String field, String allowed) {
    return new ApiError(
        400,
        "invalid.value",
        "Value [%s] is not valid for field type [%s]. Allowable values are: %s"
            .formatted(value, field, allowed),
        Map.of("value", value, "field", field, "allowed", allowed));
  }

  static ApiError authenticationRequired() {
    return plain(
        401,
        "authentication.required",
        "No authentication bearer token specified in authorization header.");
  }

  static ApiError badCredentials() {
    return plain(401, "bad.credentials", "Invalid login credentials.");
  }

  static ApiError expired() {
    return plain(
        401, "credentials.expired", "The supplied credentials are expired and cannot be used.");
  }

  static ApiError missingPermissions(String permissions) {
    return new ApiError(
        403,
        "missing.permissions",
        "Unable to perform the requested action. You are missing the following permission(s): "
            + permissions,
        Map.of("permissions", permissions));
  }

  static ApiError notFound() {
    return plain(404, "not.found", "The requested resource was not found.");
  }

  static ApiError unsupportedMediaType() {
    return plain(
        415,
        "unsupported.media.type",
        "Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect"
            + " Content-Type value in the header.");
  }

  static ApiError tooMany(long allowed, long seconds) {
    return new ApiError(
        429,
        "too.many.requests",
        "Rate limit exceeded the maximum [%d] requests within [%d] seconds"
            .formatted(allowed, seconds),
        Map.of("max", Long.toString(allowed), "duration", Long.toString(seconds)));
  }

  private static ApiError plain(int status, String code, String message) {
    return new ApiError(status, code, message, Map.of());
  }

  /// The body of the answer.
  ///
  /// @param contextId the correlation id of the call
  ObjectNode body(String contextId) {
    ObjectNode json = Json.object().put("message", message).put("code", code).put("status", status);
    if (!params.isEmpty()) {
      json.put("messageWithParams", message);
    }
    ObjectNode named = json.putObject("messageParams");
    params.forEach(named::put);
    json.put("contextId", contextId);
    json.putArray("details");
    json.putArray("errors");
    return json;
  }
}
