package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A receiver of webhooks that keeps what it gets.
final class Receiver implements AutoCloseable {

  /// One POST as it came.
  record Hook(Bytes body, @Nullable String signature) {

    JsonNode json() {
      return Json.parseOrText(body.text());
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Hook> hooks = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final String verifyToken;

  Receiver(String verifyToken) {
    this.verifyToken = verifyToken;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/hook", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /// Answers the next `n` POSTs with 500.
  void refuseNext(int n) {
    refusals.set(n);
  }

  List<Hook> hooks() {
    return List.copyOf(hooks);
  }

  /// All elements of all `statuses` or `messages` lists got so far, in the order of arrival.
  List<JsonNode> elements(String list) {
    List<JsonNode> elements = new ArrayList<>();
    for (Hook hook : hooks) {
      for (JsonNode entry : hook.json().path("entry")) {
        for (JsonNode change : entry.path("changes")) {
          change.path("value").path(list).forEach(elements::add);
        }
      }
    }
    return elements;
  }

  List<String> statuses() {
    return elements("statuses").stream().map(status -> status.path("status").asText()).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = Call.read(exchange);
      if (call.method().equals("GET")) {
        boolean good = verifyToken.equals(call.query().get("hub.verify_token"));
        answer(exchange, good ? 200 : 403, call.query().getOrDefault("hub.challenge", ""));
        return;
      }
      if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        answer(exchange, 500, "no");
        return;
      }
      hooks.add(new Hook(call.body(), call.headers().getFirst("X-Hub-Signature-256")));
      answer(exchange, 200, "ok");
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = Bytes.of(text).array();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
