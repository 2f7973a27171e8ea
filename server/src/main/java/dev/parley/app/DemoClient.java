package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls a server by HTTP as any program outside would. The demo does all that it does through this.
final class DemoClient {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String base;
  private final Map<String, String> headers;

  /// Sends these headers with every call.
  DemoClient(String base, Map<String, String> headers) {
    this.base = base;
    this.headers = headers;
  }

  /// An answer; the body is a missing node when there is none or it is no JSON.
  record Answer(int status, JsonNode body) {
    boolean ok() {
      return status >= 200 && status < 300;
    }
  }

  static ObjectNode json() {
    return Json.MAPPER.createObjectNode();
  }

  /// The answer's body; throws `IllegalStateException` with the answer when that is an error.
  JsonNode get(String path) throws InterruptedException {
    return require("GET", path, send("GET", path, null));
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return require("POST", path, send("POST", path, body));
  }

  JsonNode put(String path, JsonNode body) throws InterruptedException {
    return require("PUT", path, send("PUT", path, body));
  }

  private static JsonNode require(String method, String path, Answer answer) {
    if (!answer.ok()) {
      throw new IllegalStateException(
          "%s %s was answered %d: %s".formatted(method, path, answer.status(), answer.body()));
    }
    return answer.body();
  }

  /// Any answer; throws `IllegalStateException` when there is none.
  Answer send(String method, String path, @Nullable JsonNode body) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    headers.forEach(request::header);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(Json.write(body)));
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), tree(response));
    } catch (IOException e) {
      throw new IllegalStateException("%s %s%s: no answer".formatted(method, base, path), e);
    }
  }

  private static JsonNode tree(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    return type.contains("json") && !response.body().isEmpty()
        ? Json.tree(response.body())
        : Json.MAPPER.missingNode();
  }
}
