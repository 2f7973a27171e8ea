package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.Call;
import dev.parley.sandbox.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A receiver of webhooks that keeps what it gets, and has files to be fetched.
final class Hooks implements AutoCloseable {

  /// One POST as it came.
  record Hook(Bytes body, Map<String, List<String>> headers) {

    JsonNode json() {
      return Json.parseOrText(body.text());
    }

    @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst()
          .orElse(null);
    }
  }

  /// A file at `/files/...`.
  record File(String type, byte[] bytes) {}

  /// Answers nothing until the receiver is closed.
  static final int SILENCE = -1;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Hook> hooks = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final Map<String, File> files = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  Hooks() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String url() {
    return base() + "/hook";
  }

  /// Puts a file up and answers its address.
  String file(String name, String type, byte[] bytes) {
    files.put("/files/" + name, new File(type, bytes));
    return base() + "/files/" + name;
  }

  /// Answers the next POSTs with these; after them with 200.
  void answer(Integer... statuses) {
    answers.addAll(List.of(statuses));
  }

  /// All that came, whatever it was answered.
  List<Hook> hooks() {
    return List.copyOf(hooks);
  }

  /// Those of a type, in the order of arrival.
  List<JsonNode> of(String type) {
    return hooks.stream()
        .map(Hook::json)
        .filter(json -> json.path("type").asText().equals(type))
        .toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = Call.read(exchange);
      File file = files.get(call.path());
      if (call.method().equals("GET")) {
        if (file != null) {
          exchange.getResponseHeaders().set("Content-Type", file.type());
        }
        byte[] bytes = file == null ? Bytes.of("none").array() : file.bytes();
        exchange.sendResponseHeaders(
            file == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        return;
      }
      hooks.add(new Hook(call.body(), Map.copyOf(call.headers())));
      Integer status = answers.poll();
      if (status != null && status == SILENCE) {
        closing.await();
      }
      exchange.sendResponseHeaders(status == null ? 200 : status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
