package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Genesys Cloud's login and inbound endpoints as far as the tests need them: it keeps what it was asked, and answers as
/// it is told, or else well.
final class GenesysDouble implements AutoCloseable {
  /// A call of the API.
  record Asked(String path, String token, JsonNode body) {}

  /// An answer; status 0 closes the connection without one.
  record Told(int status, String body, Map<String, String> headers) {
    static Told of(int status) {
      return new Told(status, "{\"code\":\"bad\",\"message\":\"told to\"}", Map.of());
    }
  }

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger tokens = new AtomicInteger();
  volatile int expiresIn = 86_400;
  volatile String refusedToken = "";
  volatile @Nullable Told everything;
  private final Deque<Told> answers = new ArrayDeque<>();
  private final HttpServer server;

  GenesysDouble() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// What the next call of the API is answered.
  synchronized void next(Told told) {
    answers.add(told);
  }

  private synchronized Told told() {
    Told always = everything;
    if (always != null) {
      return always;
    }
    Told told = answers.poll();
    return told != null
        ? told
        : new Told(
            200, "{\"id\":\"g-" + asked.size() + "\",\"conversationId\":\"gc-1\"}", Map.of());
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().toString();
    if (path.equals("/oauth/token")) {
      send(
          exchange,
          new Told(
              200,
              "{\"access_token\":\"t-%d\",\"token_type\":\"bearer\",\"expires_in\":%d}"
                  .formatted(tokens.incrementAndGet(), expiresIn),
              Map.of()));
      return;
    }
    String token =
        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
            .replace("Bearer ", "");
    if (token.equals(refusedToken)) {
      send(exchange, Told.of(401));
      return;
    }
    asked.add(new Asked(path, token, body.length == 0 ? Json.tree("{}") : Json.tree(body)));
    send(exchange, told());
  }

  private static void send(HttpExchange exchange, Told told) throws IOException {
    if (told.status() == 0) {
      exchange.close();
      return;
    }
    told.headers().forEach(exchange.getResponseHeaders()::add);
    byte[] bytes = told.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(told.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
