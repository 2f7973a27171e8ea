package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/// What the caller gets to see; some of the kinds are no proper answer at all.
public sealed interface Reply
    permits Reply.Body, Reply.Empty, Reply.Content, Reply.Cut, Reply.Truncated, SpoiledFile {

  /// A JSON answer.
  record Body(int status, JsonNode json, Map<String, String> headers) implements Reply {}

  /// An answer with nothing in it.
  record Empty(int status, Map<String, String> headers) implements Reply {}

  /// A file.
  record Content(int status, String contentType, Bytes bytes) implements Reply {}

  /// The connection is cut with no answer: the caller can't know what happened to its request.
  record Cut() implements Reply {}

  /// The head of the answer and half of its body, then the connection is cut.
  record Truncated(Body whole) implements Reply {}

  /// Status 200 with this body.
  static Body ok(JsonNode json) {
    return json(200, json);
  }

  /// This body with that status.
  static Body json(int status, JsonNode json) {
    return new Body(status, json, Map.of());
  }

  /// What Meta answers when there is nothing to tell.
  static Body success() {
    return ok(Json.object().put("success", true));
  }

  /// Writes the reply; the exchange is over afterwards.
  default void send(HttpExchange exchange) throws IOException {
    switch (this) {
      case Body(int status, JsonNode json, Map<String, String> headers) -> {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        write(exchange, status, "application/json; charset=UTF-8", Json.bytes(json));
      }
      case Empty(int status, Map<String, String> headers) -> {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(status, -1);
      }
      case Content(int status, String contentType, Bytes bytes) ->
          write(exchange, status, contentType, bytes.array());
      case Cut() -> {
        // Closing without headers makes the server drop the connection.
      }
      case SpoiledFile spoiled -> spoiled.write(exchange);
      case Truncated(Body whole) -> {
        byte[] bytes = Json.bytes(whole.json());
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(whole.status(), bytes.length);
        exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
        exchange.getResponseBody().flush();
      }
    }
  }

  private static void write(HttpExchange exchange, int status, String type, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }
}
