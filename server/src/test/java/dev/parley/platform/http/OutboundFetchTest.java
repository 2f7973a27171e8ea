package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What comes in as a stream: caps, time, cut connections, redirects hop by hop; and files that go out as one.
class OutboundFetchTest {
  private static final byte[] BYTES = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);

  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server = listen();
  private OutboundHttp http = new OutboundHttp(List.of());

  private static HttpServer listen() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    int port = server.getAddress().getPort();
    http = new OutboundHttp(List.of("localhost:" + port, "127.0.0.1:" + port));
  }

  @AfterEach
  void stop() {
    http.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    seen.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    try (exchange) {
      if (path.startsWith("/to/")) {
        String target = exchange.getRequestURI().getQuery();
        exchange.getResponseHeaders().add("Location", target == null ? path : target);
        exchange.sendResponseHeaders(Integer.parseInt(path.substring(4)), -1);
        return;
      }
      switch (path) {
        case "/file" -> {
          exchange.sendResponseHeaders(200, BYTES.length);
          exchange.getResponseBody().write(BYTES);
        }
        case "/cut" -> {
          exchange.sendResponseHeaders(200, BYTES.length);
          exchange.getResponseBody().write(BYTES, 0, 4000);
          exchange.getResponseBody().flush();
        }
        case "/stall" -> {
          exchange.sendResponseHeaders(200, BYTES.length);
          exchange.getResponseBody().write(BYTES, 0, 4000);
          exchange.getResponseBody().flush();
          LockSupport.parkNanos(3_000_000_000L);
        }
        case "/endless" -> {
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write(BYTES);
          }
        }
        case "/told" -> {
          exchange.sendResponseHeaders(200, 1L << 40);
          exchange.getResponseBody().write(BYTES);
          exchange.getResponseBody().flush();
        }
        case "/packed" -> {
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, BYTES.length);
          exchange.getResponseBody().write(BYTES);
        }
        case "/heads" -> {
          for (int i = 0; i < 1000; i++) {
            exchange.getResponseHeaders().add("X-" + i, "x");
          }
          exchange.sendResponseHeaders(200, -1);
        }
        case "/line" -> {
          exchange.getResponseHeaders().add("X-Long", "x".repeat(200_000));
          exchange.sendResponseHeaders(200, -1);
        }
        case "/form" -> {
          byte[] form = exchange.getRequestBody().readAllBytes();
          seen.add(exchange.getRequestHeaders().getFirst("Content-Length"));
          exchange.sendResponseHeaders(200, form.length);
          exchange.getResponseBody().write(form);
        }
        default -> exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private String at(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  private byte[] fetch(String path, int redirects, long maxBytes)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered, OutboundHttp.TooLarge {
    return http.fetch(
        new OutboundHttp.Fetch(
            URI.create(path.startsWith("http") ? path : at(path)),
            Map.of("Authorization", "secret"),
            Duration.ofMillis(600),
            Duration.ofSeconds(5),
            maxBytes,
            redirects),
        (head, body) -> {
          assertThat(head.status()).isEqualTo(200);
          return body.readAllBytes();
        });
  }

  @Test
  void aFileComesWhole() throws Exception {
    assertThat(fetch("/file", 0, BYTES.length)).isEqualTo(BYTES);
  }

  @Test
  void tooLongIsToldBeforeItIsHere() {
    assertThatThrownBy(() -> fetch("/file", 0, BYTES.length - 1))
        .isInstanceOf(OutboundHttp.TooLarge.class);
    assertThatThrownBy(() -> fetch("/told", 0, 1 << 20)).isInstanceOf(OutboundHttp.TooLarge.class);
    assertThatThrownBy(() -> fetch("/endless", 0, 1_000_000))
        .isInstanceOf(OutboundHttp.TooLarge.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/cut", "/stall"})
  void halfAFileIsNone(String path) {
    long begun = System.nanoTime();
    assertThatThrownBy(() -> fetch(path, 0, 1 << 20)).isInstanceOf(OutboundHttp.Unanswered.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void nothingIsUnpacked() throws Exception {
    assertThat(fetch("/packed", 0, BYTES.length)).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/heads", "/line"})
  void headsWithoutEndAreNotRead(String path) {
    assertThatThrownBy(() -> fetch(path, 0, 1000)).isInstanceOf(OutboundHttp.Unanswered.class);
  }

  @Test
  void aReaderThatHasEnoughEndsTheCall() throws Exception {
    int status =
        http.fetch(
            new OutboundHttp.Fetch(
                URI.create(at("/endless")),
                Map.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Long.MAX_VALUE,
                0),
            (head, body) -> head.status());
    assertThat(status).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreFollowedWhereTheyMayBe(int status) throws Exception {
    assertThat(fetch("/to/" + status + "?/file", 1, BYTES.length)).isEqualTo(BYTES);
    assertThatThrownBy(() -> fetch("/to/" + status + "?/to/302?/file", 0, 1000))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void redirectsComeToAnEnd() {
    assertThatThrownBy(() -> fetch("/to/302", 2, 1000))
        .isInstanceOf(OutboundHttp.Unanswered.class)
        .hasMessageContaining("redirected");
    assertThat(seen).hasSize(3);
  }

  @Test
  void aTokenGoesToNoOtherHost() throws Exception {
    int port = server.getAddress().getPort();
    fetch("/to/302?http://127.0.0.1:" + port + "/file", 1, BYTES.length);
    assertThat(seen).containsExactly("/to/302 secret", "/file null");
    seen.clear();
    fetch("/to/302?" + at("/file"), 1, BYTES.length);
    assertThat(seen).containsExactly("/to/302 secret", "/file secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "http://127.0.0.1:1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "http://example.com/",
        "file:///etc/passwd",
        "gopher://localhost/",
        "https://user@localhost/",
        "//10.0.0.1/"
      })
  void everyHopIsChecked(String target) {
    assertThatThrownBy(() -> fetch("/to/302?" + target, 3, 1000))
        .isInstanceOfSatisfying(
            OutboundHttp.NotMade.class, e -> assertThat(e.forbidden()).as(target).isTrue());
    assertThat(seen).hasSize(1);
  }

  @Test
  void aFormIsSentWithItsLength() throws Exception {
    InputStream file = new ByteArrayInputStream(BYTES);
    OutboundHttp.Reply reply =
        http.upload(
            new OutboundHttp.Upload(
                URI.create(at("/form")),
                Map.of("Authorization", "secret"),
                Map.of("messaging_product", "whatsapp"),
                "note.ogg",
                "audio/ogg; codecs=opus",
                BYTES.length,
                file,
                Duration.ofSeconds(5),
                1 << 20));
    String form = new String(reply.body(), StandardCharsets.US_ASCII);
    assertThat(form)
        .contains("name=\"messaging_product\"")
        .contains("name=\"file\"; filename=\"note.ogg\"")
        .contains("Content-Type: audio/ogg; codecs=opus")
        .contains(new String(BYTES, StandardCharsets.US_ASCII));
    assertThat(seen).containsExactly("/form secret", Integer.toString(reply.body().length));
  }
}
