package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of forged addresses: whatever is written or resolved, a listener on this machine sees no connection. The
/// listener's port stands in for 443, so that nothing but the address itself can be what refuses the call.
class OutboundGuardTest {
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger lookUps = new AtomicInteger();
  private ServerSocket listener = listen();

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void accept() {
    Thread.ofVirtual().start(this::count);
  }

  private void count() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        accepted.incrementAndGet();
        socket.close();
      } catch (IOException e) {
        // Closed at the end of the test.
      }
    }
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private OutboundHttp real() {
    return client(InetAddress::getAllByName);
  }

  private OutboundHttp client(OutboundGuard.Names names, String... allow) {
    return new OutboundHttp(
        new OutboundGuard(
            List.of(allow),
            host -> {
              lookUps.incrementAndGet();
              return names.resolve(host);
            },
            listener.getLocalPort()));
  }

  private static OutboundHttp.Request get(String uri) {
    return new OutboundHttp.Request(
        "GET", URI.create(uri), Map.of(), null, Duration.ofSeconds(2), 1000);
  }

  private void refused(OutboundHttp http, String uri) {
    assertThatThrownBy(() -> http.send(get(uri)))
        .as(uri)
        .isInstanceOfSatisfying(
            OutboundHttp.NotMade.class,
            // With a dot at its end the name is unknown to some resolvers.
            e -> assertThat(e.forbidden() || uri.contains("localhost.")).as(uri).isTrue());
    assertThatThrownBy(
            () ->
                http.fetch(
                    new OutboundHttp.Fetch(
                        URI.create(uri),
                        Map.of(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        1000,
                        3),
                    (head, body) -> head.status()))
        .as(uri)
        .isInstanceOf(OutboundHttp.NotMade.class);
    assertThat(accepted.get()).as(uri).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // this machine
        "https://127.0.0.1:%d/",
        "https://127.0.0.2:%d/",
        "https://127.255.255.254:%d/",
        "https://localhost:%d/",
        "https://LOCALHOST:%d/",
        "https://localhost.:%d/",
        "https://[::1]:%d/",
        "https://[0:0:0:0:0:0:0:1]:%d/",
        "https://0.0.0.0:%d/",
        "https://[::]:%d/",
        // the same, written as no browser shows it
        "https://127.1:%d/",
        "https://127.0.1:%d/",
        "https://0:%d/",
        "https://2130706433:%d/",
        "https://0x7f000001:%d/",
        "https://0x7f.0.0.1:%d/",
        "https://0177.0.0.1:%d/",
        "https://017700000001:%d/",
        "https://127.0.0.01:%d/",
        "https://%%31%%32%%37.0.0.1:%d/",
        "https://①②⑦.0.0.1:%d/",
        "https://127。0。0。1:%d/",
        // IPv4 inside IPv6
        "https://[::ffff:127.0.0.1]:%d/",
        "https://[::ffff:7f00:1]:%d/",
        "https://[::127.0.0.1]:%d/",
        "https://[64:ff9b::127.0.0.1]:%d/",
        "https://[64:ff9b::7f00:1]:%d/",
        "https://[64:ff9b:1::127.0.0.1]:%d/",
        "https://[2002:7f00:1::]:%d/",
        "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]:%d/",
        // networks inside
        "https://10.0.0.1:%d/",
        "https://172.16.0.1:%d/",
        "https://172.31.255.255:%d/",
        "https://192.168.0.1:%d/",
        "https://100.64.0.1:%d/",
        "https://[::ffff:10.0.0.1]:%d/",
        "https://[64:ff9b::10.0.0.1]:%d/",
        "https://[2002:a00:1::]:%d/",
        "https://[fc00::1]:%d/",
        "https://[fd12:3456:789a::1]:%d/",
        "https://[fec0::1]:%d/",
        // clouds' own data
        "https://169.254.169.254:%d/latest/meta-data/",
        "https://169.254.170.2:%d/",
        "https://[::ffff:169.254.169.254]:%d/",
        "https://[fe80::1]:%d/",
        "https://[fe80::a9fe:a9fe]:%d/",
        "https://[fd00:ec2::254]:%d/",
        "https://2852039166:%d/",
        "https://0xa9fea9fe:%d/",
        // nobody's, everybody's
        "https://192.0.0.1:%d/",
        "https://192.0.2.1:%d/",
        "https://198.18.0.1:%d/",
        "https://203.0.113.1:%d/",
        "https://224.0.0.1:%d/",
        "https://240.0.0.1:%d/",
        "https://255.255.255.255:%d/",
        "https://[ff02::1]:%d/",
        "https://[100::1]:%d/",
        "https://[2001:db8::1]:%d/",
        // another scheme, another port, somebody's name in front
        "http://localhost:%d/",
        "ftp://localhost:%d/",
        "file:///etc/passwd?%d",
        "gopher://localhost:%d/_x",
        "https://localhost:22/?%d",
        "https://example.com@127.0.0.1:%d/",
        "https://user:password@localhost:%d/",
        "https://127.0.0.1:%d#@example.com/",
        "//localhost:%d/",
        "https:///localhost:%d/"
      })
  void nothingHereIsReached(String pattern) {
    String address = pattern.formatted(listener.getLocalPort());
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      // Not even an address: nobody could ask for it.
      return;
    }
    try (OutboundHttp http = real()) {
      refused(http, uri.toString());
    }
  }

  @Test
  void aNameThatLeadsInsideIsRefused() {
    for (String inside :
        List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1")) {
      try (OutboundHttp http = client(_ -> InetAddress.getAllByName(inside))) {
        refused(http, "https://innocent.example:" + listener.getLocalPort() + "/");
      }
    }
  }

  @Test
  void oneBadAddressAmongGoodOnesIsEnough() {
    OutboundGuard.Names both =
        _ -> new InetAddress[] {address("1.1.1.1"), address("127.0.0.1"), address("8.8.8.8")};
    try (OutboundHttp http = client(both)) {
      refused(http, "https://both.example:" + listener.getLocalPort() + "/");
    }
  }

  /// The name server says something public when it is asked to check and this machine a moment later.
  @Test
  void aNameIsAskedOnceAndConnectedToWhatWasChecked() {
    var answers = new ArrayDeque<>(List.of("192.31.196.1", "127.0.0.1", "127.0.0.1"));
    try (OutboundHttp http = client(_ -> lie(answers))) {
      assertThatThrownBy(
              () -> http.send(get("https://rebinding.example:" + listener.getLocalPort() + "/")))
          .isInstanceOfAny(OutboundHttp.NotMade.class, OutboundHttp.Unanswered.class);
    }
    assertThat(lookUps.get()).isEqualTo(1);
    assertThat(accepted.get()).isZero();
  }

  private static InetAddress[] lie(Deque<String> answers) throws UnknownHostException {
    return new InetAddress[] {address(answers.remove())};
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @ParameterizedTest
  @CsvSource({
    "files.example:%d, https://files.example:%d/, true",
    "files.example:%d, https://other.example:%d/, false",
    "files.example:%d, http://files.example:%d/, true",
    "files.example:%d, ftp://files.example:%d/, false",
    "files.example:1, https://files.example:%d/, false"
  })
  void anExceptionIsForOneHostAndPort(String allow, String uri, boolean reached) {
    String exception = allow.replace("%d", Integer.toString(listener.getLocalPort()));
    try (OutboundHttp http = client(_ -> InetAddress.getAllByName("127.0.0.1"), exception)) {
      assertThatThrownBy(() -> http.send(get(uri.formatted(listener.getLocalPort()))))
          .isInstanceOf(reached ? OutboundHttp.Unanswered.class : OutboundHttp.NotMade.class);
    }
    assertThat(accepted.get() > 0).isEqualTo(reached);
  }
}
