package dev.parley.realtime.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testing.Await;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The rules of Engine.IO, version 4, one by one. The server sends every message back.
class EngineIoTest {
  private static final int MAX_PAYLOAD = 100_000;
  private static final String POLLING = "EIO=4&transport=polling";
  private static final String WEBSOCKET = "EIO=4&transport=websocket";
  private static final BlockingQueue<CloseReason> CLOSED = new LinkedBlockingQueue<>();
  private static final AtomicInteger ROUND = new AtomicInteger();

  private static final EngineSettings SETTINGS =
      EngineSettings.standard()
          .withHeartbeat(Duration.ofMillis(300), Duration.ofMillis(200))
          .withBytes(MAX_PAYLOAD, 500_000)
          .withUpgradeTimeout(Duration.ofMillis(500));
  private static final EioServer SERVER =
      new EioServer(SETTINGS, (origin, _) -> !origin.contains("evil"), EngineIoTest::echo, 0);

  /// With the usual heartbeats, for what must not be disturbed by them.
  private static final EioServer CALM =
      new EioServer(
          EngineSettings.standard()
              .withBytes(MAX_PAYLOAD, 500_000)
              .withUpgradeTimeout(Duration.ofMillis(500))
              .withNumbers(300, 10_000),
          OriginPolicy.ANY,
          EngineIoTest::echo,
          0);

  private final Browser quick = new Browser(SERVER);
  private final Browser browser = new Browser(CALM);

  private static EngineListener echo(EngineSocket socket) {
    int begun = ROUND.get();
    return new EngineListener() {
      @Override
      public void text(String message) {
        if (message.startsWith("flood")) {
          String much = "x".repeat(10_000);
          for (int i = 0; i < Integer.parseInt(message.substring(5)); i++) {
            socket.send(Outgoing.text(much));
          }
        } else if (message.equals("end")) {
          socket.send(Outgoing.text("last"));
          socket.end();
          socket.send(Outgoing.text("too late"));
        } else {
          socket.send(Outgoing.text(message));
        }
      }

      @Override
      public void binary(byte[] message) {
        socket.send(Outgoing.binary(message));
      }

      @Override
      public void closed(CloseReason reason) {
        if (begun == ROUND.get()) {
          CLOSED.add(reason);
        }
      }
    };
  }

  /// From here on [#reason] tells of sessions that begin from here on: those of other tests may end at any time.
  private static void listen() {
    ROUND.incrementAndGet();
    CLOSED.clear();
  }

  private static CloseReason reason() throws InterruptedException {
    CloseReason reason = CLOSED.poll(10, TimeUnit.SECONDS);
    assertThat(reason).isNotNull();
    return reason;
  }

  @AfterAll
  static void stop() {
    SERVER.close();
    CALM.close();
  }

  private void isGone(String session) {
    HttpResponse<String> answer = browser.get(session);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
  }

  @Nested
  class Handshakes {
    @Test
    void pollingTellsAllThatTheClientMustKnow() {
      HttpResponse<String> answer = quick.get(POLLING);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=UTF-8");
      JsonNode open = Browser.openPacket(answer.body());
      assertThat(open.path("sid").asText()).matches("[A-Za-z0-9_-]{20}");
      assertThat(open.path("upgrades").toString()).isEqualTo("[\"websocket\"]");
      assertThat(open.path("pingInterval").asInt()).isEqualTo(300);
      assertThat(open.path("pingTimeout").asInt()).isEqualTo(200);
      assertThat(open.path("maxPayload").asInt()).isEqualTo(MAX_PAYLOAD);
    }

    @Test
    void aWebSocketHasNothingToUpgradeTo() {
      JsonNode open = Browser.openPacket(quick.connect(WEBSOCKET).raw());

      assertThat(open.path("upgrades").isEmpty()).isTrue();
      assertThat(open.path("upgrades").isArray()).isTrue();
      assertThat(open.path("maxPayload").asInt()).isEqualTo(MAX_PAYLOAD);
    }

    @Test
    void unknownOrMissingTransport() {
      for (String query : List.of("EIO=4", "EIO=4&transport=abc", "EIO=4&transport=")) {
        HttpResponse<String> answer = browser.get(query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body()).isEqualTo("{\"code\":0,\"message\":\"Transport unknown\"}");
        assertThat(browser.refusal(query)).isEqualTo(400);
      }
    }

    @Test
    void onlyGetOpensASession() {
      for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
        HttpResponse<String> answer = browser.method(method, POLLING);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"code\":2,\"message\":\"Bad handshake method\"}");
      }
    }

    @Test
    void otherVersionsOfTheProtocol() {
      for (String version : List.of("EIO=3&", "EIO=5&", "EIO=abc&", "")) {
        HttpResponse<String> answer = browser.get(version + "transport=polling");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
            .isEqualTo("{\"code\":5,\"message\":\"Unsupported protocol version\"}");
        assertThat(browser.refusal(version + "transport=websocket")).isEqualTo(400);
      }
    }

    @Test
    void aTransportThatIsNotTheRequests() {
      String bad = "{\"code\":3,\"message\":\"Bad request\"}";
      assertThat(browser.get(WEBSOCKET).body()).isEqualTo(bad);
      assertThat(browser.refusal(POLLING)).isEqualTo(400);
    }

    @Test
    void answersAsScriptsAreNotGiven() {
      assertThat(browser.get(POLLING + "&j=0").statusCode()).isEqualTo(400);
    }

    @Test
    void unknownSession() {
      isGone(POLLING + "&sid=abc");
      assertThat(browser.post(POLLING + "&sid=abc", "4x").body())
          .isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
      assertThat(browser.refusal(WEBSOCKET + "&sid=abc")).isEqualTo(400);
    }

    @Test
    void noMoreSessionsThanAllowed() {
      try (var full =
          new EioServer(SETTINGS.withNumbers(10, 1), OriginPolicy.ANY, EngineIoTest::echo, 0)) {
        var crowd = new Browser(full);
        crowd.openSocket();

        assertThat(crowd.get(POLLING).statusCode()).isEqualTo(503);
        assertThat(crowd.refusal(WEBSOCKET)).isEqualTo(503);
      }
    }
  }

  @Nested
  class Polling {
    @Test
    void messagesGoBothWays() {
      String session = browser.open();

      HttpResponse<String> posted = browser.post(session, "4hello");
      HttpResponse<String> polled = browser.get(session);

      assertThat(posted.statusCode()).isEqualTo(200);
      assertThat(posted.body()).isEqualTo("ok");
      assertThat(polled.statusCode()).isEqualTo(200);
      assertThat(polled.headers().firstValue("Content-Type")).hasValue("text/plain; charset=UTF-8");
      assertThat(polled.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(polled.body()).isEqualTo("4hello");
    }

    @Test
    void severalPacketsInOnePayload() {
      String session = browser.open();

      browser.post(session, "4test1\u001e4test2\u001e4tëst3 ☺ 𝄞");

      assertThat(browser.get(session).body()).isEqualTo("4test1\u001e4test2\u001e4tëst3 ☺ 𝄞");
    }

    @Test
    void aPollWaitsForItsAnswer() {
      String session = browser.open();
      CompletableFuture<HttpResponse<String>> poll = browser.getLater(session);
      browser.post(session, "4first");

      assertThat(Browser.join(poll).body()).isEqualTo("4first");
    }

    @Test
    void binaryIsBase64() {
      String session = browser.open();
      String packet = "b" + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4, -1});

      browser.post(session, packet + "\u001e4text");

      assertThat(browser.get(session).body()).isEqualTo(packet + "\u001e4text");
    }

    @Test
    void payloadsThatCannotBeReadEndTheSession() throws InterruptedException {
      for (String payload : List.of("abc", "", "4ok\u001e", "b!!!", "9", "2")) {
        listen();
        String session = browser.open();

        assertThat(browser.post(session, payload).statusCode()).as(payload).isEqualTo(400);

        assertThat(reason())
            .isEqualTo(payload.equals("2") ? CloseReason.TRANSPORT_ERROR : CloseReason.PARSE_ERROR);
        isGone(session);
      }
    }

    @Test
    void binaryBodiesAreNotOfThisVersion() {
      String session = browser.open();

      HttpResponse<String> answer =
          browser.post(session, "4x", "Content-Type", "application/octet-stream");

      assertThat(answer.statusCode()).isEqualTo(400);
      isGone(session);
    }

    @Test
    void payloadsMayHaveTheirMost() {
      String session = browser.open();
      String most = "4" + "x".repeat(MAX_PAYLOAD - 1);

      assertThat(browser.post(session, most).statusCode()).isEqualTo(200);
      assertThat(browser.get(session).body()).isEqualTo(most);
    }

    @Test
    void largerPayloadsAreRefusedWhetherDeclaredOrNot() {
      byte[] much = ("4" + "x".repeat(MAX_PAYLOAD)).getBytes(StandardCharsets.US_ASCII);
      for (HttpRequest.BodyPublisher body :
          List.of(
              HttpRequest.BodyPublishers.ofByteArray(much),
              HttpRequest.BodyPublishers.fromPublisher(
                  HttpRequest.BodyPublishers.ofByteArray(much)))) {
        String session = browser.open();

        assertThat(Browser.join(browser.postLater(session, body)).statusCode()).isEqualTo(413);
        isGone(session);
      }
    }

    @Test
    void twoPollsAtATimeEndTheSession() {
      String session = browser.open();
      CompletableFuture<HttpResponse<String>> first = browser.getLater(session);
      Await.until(
          "the first poll waits",
          () -> CALM.engine().sessions().stream().anyMatch(s -> waits(s, session)));

      assertThat(browser.get(session).statusCode()).isEqualTo(400);
      assertThat(Browser.join(first).statusCode()).isEqualTo(200);
      assertThat(Browser.join(first).body()).isEqualTo("1");
      isGone(session);
    }

    private boolean waits(EngineSocket socket, String session) {
      PollingLine line = socket.polling();
      synchronized (socket) {
        return session.endsWith(socket.id()) && line != null && line.writable() != null;
      }
    }

    @Test
    void twoPostsAtATimeEndTheSession() throws Exception {
      String session = browser.open();
      try (var slow = new java.net.Socket(InetAddress.getLoopbackAddress(), CALM.port())) {
        slow.getOutputStream()
            .write(
                "POST /socket.io/?%s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4begun"
                    .formatted(session)
                    .getBytes(StandardCharsets.US_ASCII));
        Await.until("the first is under way", () -> isPosting(session));

        assertThat(browser.post(session, "4second").statusCode()).isEqualTo(400);
        isGone(session);
      }
    }

    private boolean isPosting(String session) {
      for (EngineSocket socket : CALM.engine().sessions()) {
        PollingLine line = socket.polling();
        if (session.endsWith(socket.id()) && line != null) {
          if (!line.beginPost()) {
            return true;
          }
          line.endPost();
        }
      }
      return false;
    }

    @Test
    void otherMethodsAreRefused() {
      String session = browser.open();

      assertThat(browser.method("PUT", session).statusCode()).isEqualTo(400);
      assertThat(browser.post(session, "4still there").statusCode()).isEqualTo(200);
    }

    @Test
    void aCutPollEndsTheSession() throws InterruptedException {
      listen();
      String session = browser.open();
      CompletableFuture<HttpResponse<String>> poll = browser.getLater(session);
      Await.until(
          "the poll waits",
          () -> CALM.engine().sessions().stream().anyMatch(s -> waits(s, session)));

      poll.cancel(true);

      assertThat(reason()).isEqualTo(CloseReason.TRANSPORT_CLOSE);
      isGone(session);
    }

    @Test
    void theClientSaysGoodbye() throws InterruptedException {
      listen();
      String session = browser.open();
      CompletableFuture<HttpResponse<String>> poll = browser.getLater(session);
      Await.until(
          "the poll waits",
          () -> CALM.engine().sessions().stream().anyMatch(s -> waits(s, session)));

      assertThat(browser.post(session, "1").body()).isEqualTo("ok");

      assertThat(Browser.join(poll).body()).isEqualTo("6");
      assertThat(reason()).isEqualTo(CloseReason.TRANSPORT_CLOSE);
      isGone(session);
    }

    @Test
    void theServerSaysGoodbyeAfterItsLastMessage() throws InterruptedException {
      listen();
      String session = browser.open();

      browser.post(session, "4end");

      // Alone, because clients act on a goodbye before they do on what came with it.
      assertThat(browser.get(session).body()).isEqualTo("4last");
      assertThat(browser.get(session).body()).isEqualTo("1");
      assertThat(reason()).isEqualTo(CloseReason.FORCED_CLOSE);
      isGone(session);
    }

    @Test
    void packetsThatMeanNothingAreLetPass() {
      String session = browser.open();

      assertThat(browser.post(session, "6\u001e5\u001e4x").statusCode()).isEqualTo(200);
      assertThat(browser.get(session).body()).isEqualTo("4x");
    }

    /// Over two connections, which belong to different event loops.
    @Test
    void aPollThatMeetsTheEndOfItsSessionIsAnswered() {
      for (int round = 0; round < 1000; round++) {
        String session = browser.open();
        var goodbye = browser.postLater(session, HttpRequest.BodyPublishers.ofString("1"));
        var poll = browser.getLater(session);

        assertThat(Browser.join(goodbye).statusCode()).isIn(200, 400);
        assertThat(Browser.join(poll).statusCode()).isIn(200, 400);
      }
    }
  }

  @Nested
  class WebSockets {
    @Test
    void messagesGoBothWays() {
      Browser.Socket socket = browser.openSocket();

      socket.send("4hello ☺");

      assertThat(socket.text()).isEqualTo("4hello ☺");
    }

    @Test
    void framesOfEverySizeOfHeader() {
      Browser.Socket socket = browser.openSocket();

      for (int length : List.of(0, 1, 124, 125, 126, 65_534, 65_535, 65_536, 99_999)) {
        String message = "4" + "x".repeat(length);
        socket.send(message);
        assertThat(socket.text()).isEqualTo(message);
      }
    }

    @Test
    void binaryFramesHaveNoTypeByte() {
      Browser.Socket socket = browser.openSocket();
      byte[] bytes = {0, 1, 2, 3, -1};

      socket.send(bytes);

      assertThat(socket.bytes()).isEqualTo(bytes);
    }

    @Test
    void aMessageInSeveralFrames() {
      Browser.Socket socket = browser.openSocket();

      socket.sendParts("4hel", "lo");

      assertThat(socket.text()).isEqualTo("4hello");
    }

    @Test
    void badPacketsEndTheSession() throws InterruptedException {
      for (String packet : List.of("abc", "9", "")) {
        listen();
        Browser.Socket socket = browser.openSocket();

        socket.send(packet);

        assertThat(socket.closed()).isEqualTo(1002);
        assertThat(reason()).isEqualTo(CloseReason.PARSE_ERROR);
      }
    }

    @Test
    void messagesOverTheLimitEndTheSession() throws InterruptedException {
      listen();
      Browser.Socket whole = browser.openSocket();
      whole.send("4" + "x".repeat(MAX_PAYLOAD));
      whole.closed();
      reason();

      Browser.Socket parts = browser.openSocket();
      parts.sendParts("4" + "x".repeat(MAX_PAYLOAD / 2), "x".repeat(MAX_PAYLOAD / 2));
      parts.closed();
      assertThat(reason()).isEqualTo(CloseReason.TRANSPORT_ERROR);
    }

    @Test
    void goodbyes() throws InterruptedException {
      listen();
      Browser.Socket client = browser.openSocket();
      client.send("1");
      client.closed();
      assertThat(reason()).isEqualTo(CloseReason.TRANSPORT_CLOSE);

      Browser.Socket cut = browser.openSocket();
      cut.abort();
      assertThat(reason()).isEqualTo(CloseReason.TRANSPORT_CLOSE);

      Browser.Socket server = browser.openSocket();
      server.send("4end");
      assertThat(server.text()).isEqualTo("4last");
      assertThat(server.closed()).isEqualTo(1000);
      assertThat(reason()).isEqualTo(CloseReason.FORCED_CLOSE);
    }

    @Test
    void aClientThatDoesNotReadIsClosedAndItsMemoryGivenBack() throws Exception {
      listen();
      // A socket of its own: the JDK's client reads ahead.
      try (var frozen = new java.net.Socket()) {
        frozen.setReceiveBufferSize(4096);
        frozen.connect(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), CALM.port()));
        frozen
            .getOutputStream()
            .write(
                ("GET /socket.io/?%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                            .formatted(WEBSOCKET)
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          head.append((char) frozen.getInputStream().read());
        }
        Browser.Socket other = browser.openSocket();
        // Masked with zeros: 4flood2000, twenty megabytes.
        byte[] packet = "4flood2000".getBytes(StandardCharsets.US_ASCII);
        var frame = new byte[6 + packet.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | packet.length);
        System.arraycopy(packet, 0, frame, 6, packet.length);
        frozen.getOutputStream().write(frame);

        assertThat(reason()).isEqualTo(CloseReason.TOO_SLOW);
        other.send("4unharmed");
        assertThat(other.text()).isEqualTo("4unharmed");
      }
    }

    @Test
    void tooManyPacketsEndTheSession() throws InterruptedException {
      listen();
      Browser.Socket socket = browser.openSocket();

      for (int i = 0; i < 700 && CLOSED.isEmpty(); i++) {
        try {
          socket.send("6");
        } catch (java.util.concurrent.CompletionException e) {
          break;
        }
      }

      assertThat(reason()).isEqualTo(CloseReason.TOO_MANY);
    }
  }

  @Nested
  class Heartbeats {
    @Test
    void theServerPingsAndThePongKeepsTheSession() {
      Browser.Socket socket = quick.openSocket();

      for (int i = 0; i < 3; i++) {
        assertThat(socket.raw()).isEqualTo("2");
        socket.send("3");
      }
      socket.send("4still here");

      assertThat(socket.text()).isEqualTo("4still here");
    }

    @Test
    void pollingIsPingedToo() {
      String session = quick.open();

      for (int i = 0; i < 3; i++) {
        assertThat(quick.get(session).body()).isEqualTo("2");
        assertThat(quick.post(session, "3").statusCode()).isEqualTo(200);
      }
    }

    @Test
    void withoutAPongTheSessionEnds() throws InterruptedException {
      listen();
      Browser.Socket socket = quick.openSocket();
      String polling = quick.open();
      long begun = System.nanoTime();

      assertThat(socket.closed()).isEqualTo(1006);

      assertThat(System.nanoTime() - begun).isGreaterThan(400_000_000L);
      assertThat(reason()).isEqualTo(CloseReason.PING_TIMEOUT);
      Await.until(
          "the one that does not even poll is gone", () -> quick.get(polling).statusCode() == 400);
    }

    @Test
    void onlyServersPing() throws InterruptedException {
      listen();
      Browser.Socket socket = browser.openSocket();

      socket.send("2");

      socket.closed();
      assertThat(reason()).isEqualTo(CloseReason.TRANSPORT_ERROR);
    }
  }

  @Nested
  class Upgrades {
    private Browser.Socket probed(String session) {
      Browser.Socket socket = browser.connect(session.replace("polling", "websocket"));
      socket.send("2probe");
      assertThat(socket.text()).isEqualTo("3probe");
      return socket;
    }

    @Test
    void fromPollingToWebSocket() {
      String session = browser.open();

      Browser.Socket socket = probed(session);
      socket.send("5");
      socket.send("4hello");

      assertThat(socket.text()).isEqualTo("4hello");
    }

    @Test
    void aWaitingPollComesBackAtOnce() {
      String session = browser.open();
      CompletableFuture<HttpResponse<String>> poll = browser.getLater(session);

      Browser.Socket socket = probed(session);

      assertThat(Browser.join(poll).body()).isEqualTo("6");
      socket.send("5");
      socket.send("4x");
      assertThat(socket.text()).isEqualTo("4x");
    }

    @Test
    void aPollDuringTheProbeComesBackSoon() {
      String session = browser.open();
      probed(session);

      assertThat(browser.get(session).body()).isEqualTo("6");
    }

    @Test
    void whatWaitsGoesOutOnTheNewTransport() {
      String session = browser.open();
      Browser.Socket socket = probed(session);
      browser.post(session, "4one\u001e4two");

      socket.send("5");

      assertThat(socket.text()).isEqualTo("4one");
      assertThat(socket.text()).isEqualTo("4two");
    }

    @Test
    void pollingIsOverAfterwards() {
      String session = browser.open();
      Browser.Socket socket = probed(session);
      socket.send("5");
      socket.send("4x");
      assertThat(socket.text()).isEqualTo("4x");

      assertThat(browser.get(session).statusCode()).isEqualTo(400);
      assertThat(browser.get(session).body()).isEqualTo("{\"code\":3,\"message\":\"Bad request\"}");
      assertThat(browser.post(session, "4y").statusCode()).isEqualTo(400);
      socket.send("4z");
      assertThat(socket.text()).isEqualTo("4z");
    }

    @Test
    void aSecondWebSocketIsClosed() {
      String session = browser.open();
      Browser.Socket first = probed(session);

      assertThat(browser.connect(session.replace("polling", "websocket")).closed()).isEqualTo(1000);
      first.send("5");
      assertThat(browser.connect(session.replace("polling", "websocket")).closed()).isEqualTo(1000);
      first.send("4x");
      assertThat(first.text()).isEqualTo("4x");
    }

    @Test
    void aSessionThatBeganAsWebSocketTakesNoOther() {
      Browser.Socket first = browser.openSocket();

      assertThat(browser.connect(WEBSOCKET + "&sid=" + first.sid()).closed()).isEqualTo(1000);
      assertThat(browser.get(POLLING + "&sid=" + first.sid()).statusCode()).isEqualTo(400);
      first.send("4x");
      assertThat(first.text()).isEqualTo("4x");
    }

    @Test
    void aProbeThatIsNoneFailsAndPollingGoesOn() {
      String session = browser.open();
      for (String packet : List.of("4hello", "2", "2pobe", "abc")) {
        Browser.Socket socket = browser.connect(session.replace("polling", "websocket"));
        socket.send(packet);
        assertThat(socket.closed()).isEqualTo(1000);
      }
      browser.connect(session.replace("polling", "websocket")).abort();

      browser.post(session, "4x");
      assertThat(browser.get(session).body()).isEqualTo("4x");
    }

    @Test
    void aProbeThatStopsHalfwayEndsAndPollingGoesOn() {
      String session = browser.open();

      assertThat(probed(session).closed()).isEqualTo(1000);

      browser.post(session, "4x");
      assertThat(browser.get(session).body()).isEqualTo("4x");
      Browser.Socket again = probed(session);
      again.send("5");
      again.send("4y");
      assertThat(again.text()).isEqualTo("4y");
    }
  }

  @Nested
  class Origins {
    @Test
    void allowedPagesMayPollWithCredentials() {
      HttpResponse<String> answer = quick.get(POLLING, "Origin", "https://app.example.com");

      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
          .hasValue("https://app.example.com");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).hasValue("true");
      assertThat(answer.headers().firstValue("Vary")).hasValue("Origin");
    }

    @Test
    void refusalsCanBeReadByPagesToo() {
      HttpResponse<String> answer =
          quick.get("EIO=3&transport=polling", "Origin", "https://app.example.com");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
          .hasValue("https://app.example.com");
    }

    @Test
    void browsersMayAskBefore() {
      HttpResponse<String> answer =
          quick.method(
              "OPTIONS",
              POLLING,
              "Origin",
              "https://app.example.com",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              "content-type,x-custom");

      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Methods")).hasValue("GET, POST");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
          .hasValue("content-type,x-custom");
    }

    @Test
    void otherPagesAreRefusedOnBothTransports() {
      HttpResponse<String> answer = quick.get(POLLING, "Origin", "https://evil.example.com");

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("{\"code\":4,\"message\":\"Forbidden\"}");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(quick.refusal(WEBSOCKET, "Origin", "https://evil.example.com")).isEqualTo(403);
    }

    @Test
    void withoutAnOriginThereIsNothingToAllow() {
      assertThat(quick.get(POLLING).headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }
}
