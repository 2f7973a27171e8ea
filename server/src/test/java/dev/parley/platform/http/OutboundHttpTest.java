package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHttpTest {
  private final AtomicInteger connections = new AtomicInteger();
  private HttpServer server = listen();

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
    server.createContext(
        "/",
        exchange -> {
          connections.incrementAndGet();
          switch (exchange.getRequestURI().getPath()) {
            case "/redirect" -> {
              exchange.getResponseHeaders().add("Location", "/target");
              exchange.sendResponseHeaders(302, -1);
            }
            case "/large" -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] part = new byte[10_000];
              for (int i = 0; i < 50; i++) {
                exchange.getResponseBody().write(part);
              }
            }
            case "/slow" -> {
              exchange.sendResponseHeaders(200, 0);
              for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(50_000_000);
              }
            }
            default -> {
              byte[] body = exchange.getRequestBody().readAllBytes();
              exchange.getResponseHeaders().add("X-Echo", "Yes");
              exchange.sendResponseHeaders(201, body.length == 0 ? -1 : body.length);
              exchange.getResponseBody().write(body);
            }
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private static OutboundHttp.Request get(String uri) {
    return new OutboundHttp.Request(
        "GET", URI.create(uri), Map.of(), null, Duration.ofSeconds(2), 100_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "2130706433",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "localhost"
      })
  void whatIsNotPublicIsNotCalled(String host) throws Exception {
    for (InetAddress address : InetAddress.getAllByName(host)) {
      assertThat(PublicAddress.isPublic(address)).as(host).isFalse();
    }
    String shown = host.contains(":") ? "[" + host + "]" : host;
    try (var http = new OutboundHttp(List.of())) {
      for (String uri :
          List.of("https://" + shown + "/", "https://" + shown + ":" + port() + "/")) {
        assertThatThrownBy(() -> http.send(get(uri)))
            .as(uri)
            .isInstanceOfSatisfying(
                OutboundHttp.NotMade.class, e -> assertThat(e.forbidden()).isTrue());
      }
    }
    assertThat(connections.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2a03:2880::1"
      })
  void whatIsPublicMayBeCalled(String host) throws Exception {
    assertThat(PublicAddress.isPublic(InetAddress.getByName(host))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://example.com:8443/",
        "https://user:pass@example.com/",
        "gopher://127.0.0.1/",
        "jar:https://example.com!/",
        "mailto:a@example.com",
        "https:///path",
        "/relative"
      })
  void onlyHttpsOnItsPort(String uri) {
    try (var http = new OutboundHttp(List.of())) {
      assertThatThrownBy(() -> http.send(get(uri)))
          .isInstanceOfSatisfying(
              OutboundHttp.NotMade.class, e -> assertThat(e.forbidden()).isTrue());
    }
  }

  @Test
  void anExceptionIsOneHostAndPort() throws Exception {
    try (var http = new OutboundHttp(List.of("localhost:" + port()))) {
      OutboundHttp.Reply reply =
          http.send(
              new OutboundHttp.Request(
                  "POST",
                  URI.create("http://localhost:" + port() + "/echo"),
                  Map.of("Content-Type", "text/plain"),
                  "hello".getBytes(StandardCharsets.UTF_8),
                  Duration.ofSeconds(2),
                  100));
      assertThat(reply.status()).isEqualTo(201);
      assertThat(reply.headers()).containsEntry("x-echo", "Yes");
      assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
      for (String other :
          List.of(
              "http://127.0.0.1:" + port() + "/", "http://localhost:1/", "https://localhost/")) {
        assertThatThrownBy(() -> http.send(get(other)))
            .as(other)
            .isInstanceOfSatisfying(
                OutboundHttp.NotMade.class, e -> assertThat(e.forbidden()).as(other).isTrue());
      }
    }
    assertThat(connections.get()).isEqualTo(1);
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    try (var http = new OutboundHttp(List.of("localhost:" + port()))) {
      assertThat(http.send(get("http://localhost:" + port() + "/redirect")).status())
          .isEqualTo(302);
    }
    assertThat(connections.get()).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsTooLargeOrTooSlowIsNone() {
    try (var http = new OutboundHttp(List.of("localhost:" + port()))) {
      assertThatThrownBy(() -> http.send(get("http://localhost:" + port() + "/large")))
          .isInstanceOf(OutboundHttp.Unanswered.class)
          .hasMessageContaining("larger");
      long begun = System.nanoTime();
      assertThatThrownBy(
              () ->
                  http.send(
                      new OutboundHttp.Request(
                          "GET",
                          URI.create("http://localhost:" + port() + "/slow"),
                          Map.of(),
                          null,
                          Duration.ofMillis(400),
                          1000)))
          .isInstanceOf(OutboundHttp.Unanswered.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void headersThatDripDoNotKeepACallOpen() throws IOException {
    try (var dripping = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var http = new OutboundHttp(List.of("localhost:" + dripping.getLocalPort()))) {
      Thread.ofVirtual().start(() -> drip(dripping));
      long begun = System.nanoTime();
      assertThatThrownBy(
              () ->
                  http.send(
                      new OutboundHttp.Request(
                          "GET",
                          URI.create("http://localhost:" + dripping.getLocalPort() + "/"),
                          Map.of(),
                          null,
                          Duration.ofMillis(500),
                          1000)))
          .isInstanceOf(OutboundHttp.Unanswered.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    }
  }

  private static void drip(ServerSocket server) {
    try (Socket socket = server.accept()) {
      var out = socket.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 80; i++) {
        out.write('x');
        out.flush();
        LockSupport.parkNanos(100_000_000);
      }
    } catch (IOException e) {
      // The client has hung up, as it should.
    }
  }

  @Test
  void nobodyThereIsACallThatWasNotMade() throws IOException {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    try (var http = new OutboundHttp(List.of("localhost:" + free, "localhost:443"))) {
      for (String uri : List.of("http://localhost:" + free + "/", "https://localhost/")) {
        assertThatThrownBy(() -> http.send(get(uri)))
            .isInstanceOfSatisfying(
                OutboundHttp.NotMade.class, e -> assertThat(e.forbidden()).isFalse());
      }
    }
  }
}
