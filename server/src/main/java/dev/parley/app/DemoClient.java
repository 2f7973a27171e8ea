package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.db.Ids;
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

  /// The bytes at an address, asked for without credentials; throws `IllegalStateException` when they do not come.
  byte[] bytes(String address) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(address + " was answered " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new IllegalStateException(address + ": no answer", e);
    }
  }

  /// Uploads a file; answers what the server knows of it.
  JsonNode upload(String path, String name, String type, byte[] bytes) throws InterruptedException {
    String boundary = "demo" + Ids.next();
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(boundary, name, type);
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    headers.forEach(request::header);
    request
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .POST(
            HttpRequest.BodyPublishers.concat(
                HttpRequest.BodyPublishers.ofString(head),
                HttpRequest.BodyPublishers.ofByteArray(bytes),
                HttpRequest.BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")));
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return require("POST", path, new Answer(response.statusCode(), tree(response)));
    } catch (IOException e) {
      throw new IllegalStateException("POST %s%s: no answer".formatted(base, path), e);
    }
  }

  private static JsonNode tree(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    return type.contains("json") && !response.body().isEmpty()
        ? Json.tree(response.body())
        : Json.MAPPER.missingNode();
  }
}
