package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Call;
import dev.parley.sandbox.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One call of the Platform API on its way through.
final class Visit {
  private final Call call;
  private final String correlationId = UUID.randomUUID().toString();
  private final Instant at = Instant.now();
  private final Tokens.Token token;
  private boolean accepted;
  private @Nullable String id;
  private @Nullable String conversationId;

  Visit(Call call, Tokens.Token token) {
    this.call = call;
    this.token = token;
  }

  Call call() {
    return call;
  }

  String correlationId() {
    return correlationId;
  }

  /// When it came.
  Instant at() {
    return at;
  }

  Tokens.Token token() {
    return token;
  }

  Organization organization() {
    return token.organization();
  }

  /// The path behind `/api/v2`.
  List<String> path() {
    return call.segments().subList(2, call.segments().size());
  }

  /// The body as a JSON object.
  JsonNode body() {
    JsonNode json = anyBody();
    if (!json.isObject()) {
      throw new ApiRefusal(ApiError.badRequest("The body should be object"));
    }
    return json;
  }

  /// The body as JSON of any kind.
  JsonNode anyBody() {
    String type = call.headers().getFirst("Content-Type");
    if (type == null || !type.regionMatches(true, 0, "application/json", 0, 16)) {
      throw new ApiRefusal(ApiError.unsupportedMediaType());
    }
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new ApiRefusal(
          ApiError.badRequest(
              "The request could not be understood by the server due to malformed syntax."));
    }
  }

  /// Refuses the call when it has another method.
  void requireMethod(String method) {
    if (!call.method().equals(method)) {
      throw new ApiRefusal(ApiError.notFound());
    }
  }

  /// Refuses the call when the client's roles lack this permission.
  void require(String permission) {
    if (!organization().settings().permissions().contains(permission)) {
      throw new ApiRefusal(ApiError.missingPermissions(permission));
    }
  }

  /// Notes that Genesys has taken what came, whatever the caller gets to see.
  void accept(String acceptedId, @Nullable String conversation) {
    accepted = true;
    id = acceptedId;
    conversationId = conversation;
  }

  boolean accepted() {
    return accepted;
  }

  @Nullable String id() {
    return id;
  }

  @Nullable String conversationId() {
    return conversationId;
  }
}
