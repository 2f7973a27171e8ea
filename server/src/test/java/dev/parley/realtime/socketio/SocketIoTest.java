package dev.parley.realtime.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.json.Json;
import dev.parley.realtime.engineio.Browser;
import dev.parley.realtime.engineio.EngineSettings;
import dev.parley.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The rules of Socket.IO, version 5, one by one.
class SocketIoTest {
  private static final EchoServer SERVER =
      new EchoServer(
          EngineSettings.standard(),
          IoSettings.standard().withConnectTimeout(Duration.ofMillis(300)),
          0);

  private final Browser browser = new Browser(SERVER.server());

  @BeforeEach
  void forget() {
    SERVER.left().clear();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /// A client in the main namespace, whose greeting was taken.
  private Browser.Socket joined() {
    Browser.Socket socket = browser.openSocket();
    socket.send("40");
    assertThat(socket.text()).startsWith("40{\"sid\":\"");
    assertThat(socket.text()).isEqualTo("42[\"auth\",{}]");
    return socket;
  }

  private static String left() throws InterruptedException {
    return String.valueOf(SERVER.left().poll(10, TimeUnit.SECONDS));
  }

  @Nested
  class Connecting {
    @Test
    void toTheMainNamespace() {
      Browser.Socket socket = browser.openSocket();

      socket.send("40");

      JsonNode answer = Json.tree(socket.text().substring(2));
      assertThat(answer.path("sid").asText()).matches("[A-Za-z0-9_-]{20}");
      assertThat(answer.path("sid").asText()).isNotEqualTo(socket.sid());
      assertThat(answer.path("pid").isTextual()).isTrue();
    }

    @Test
    void credentialsTravelInThePacket() {
      Browser.Socket socket = browser.openSocket();

      socket.send("40{\"token\":\"123\"}");

      assertThat(socket.text()).startsWith("40{");
      assertThat(socket.text()).isEqualTo("42[\"auth\",{\"token\":\"123\"}]");
    }

    @Test
    void toAnotherNamespaceWithCredentials() {
      Browser.Socket socket = browser.openSocket();

      socket.send("40/custom,{\"token\":\"abc\"}");

      assertThat(socket.text()).startsWith("40/custom,{\"sid\":\"");
      assertThat(socket.text()).isEqualTo("42/custom,[\"auth\",{\"token\":\"abc\"}]");
    }

    @Test
    void toSeveralNamespacesOverOneConnection() {
      Browser.Socket socket = joined();
      socket.send("40/custom,");
      assertThat(socket.text()).startsWith("40/custom,{");
      assertThat(socket.text()).isEqualTo("42/custom,[\"auth\",{}]");

      socket.send("42/custom,[\"message\",1]");
      socket.send("42[\"message\",2]");

      assertThat(socket.text()).isEqualTo("42/custom,[\"message-back\",1]");
      assertThat(socket.text()).isEqualTo("42[\"message-back\",2]");
    }

    @Test
    void anUnknownNamespaceIsRefusedAndTheConnectionGoesOn() {
      Browser.Socket socket = browser.openSocket();

      socket.send("40/random");

      assertThat(socket.text()).isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
      socket.send("40");
      assertThat(socket.text()).startsWith("40{");
    }

    @Test
    void aRefusalHasAMessageAndData() {
      Browser.Socket socket = browser.openSocket();

      socket.send("40/custom,{\"token\":\"wrong\"}");

      assertThat(socket.text())
          .isEqualTo(
              "44/custom,{\"message\":\"Not authorized\",\"data\":{\"code\":\"E42\",\"retry\":false}}");
      socket.send("40/custom,{\"token\":\"right\"}");
      assertThat(socket.text()).startsWith("40/custom,{");
    }

    @Test
    void credentialsThatAreNoObjectEndTheConnection() {
      for (String bad : List.of("40[]", "40\"x\"", "40{", "40{}x", "40abc")) {
        Browser.Socket socket = browser.openSocket();
        socket.send(bad);
        assertThat(socket.closed()).as(bad).isEqualTo(1002);
      }
    }

    @Test
    void whoJoinsNothingIsClosed() {
      Browser.Socket idle = browser.openSocket();
      Browser.Socket refused = browser.openSocket();
      refused.send("40/random");
      Browser.Socket unanswered = browser.openSocket();
      unanswered.send("40{\"later\":true}");
      Browser.Socket there = joined();

      idle.closed();
      refused.closed();
      unanswered.closed();

      there.send("42[\"message\"]");
      assertThat(there.text()).isEqualTo("42[\"message-back\"]");
    }

    @Test
    void noMoreNamespacesThanAllowed() {
      Browser.Socket socket = browser.openSocket();
      for (int i = 0; i < 10; i++) {
        socket.send("40/n" + i + ",{\"quiet\":true}");
        assertThat(socket.text()).startsWith("40/n" + i + ",{");
      }

      socket.send("40/n10,");

      assertThat(socket.text()).isEqualTo("44/n10,{\"message\":\"Too many namespaces\"}");
    }
  }

  @Nested
  class Disconnecting {
    @Test
    void fromOneNamespaceLeavesTheOthers() throws InterruptedException {
      Browser.Socket socket = joined();
      socket.send("40/custom,{\"quiet\":true}");
      assertThat(socket.text()).startsWith("40/custom,{");

      socket.send("41/custom,");
      assertThat(left()).isEqualTo("client namespace disconnect");
      socket.send("42[\"message\",1]");
      assertThat(socket.text()).isEqualTo("42[\"message-back\",1]");
    }

    @Test
    void andComingBack() throws InterruptedException {
      Browser.Socket socket = joined();
      socket.send("41");
      assertThat(left()).isEqualTo("client namespace disconnect");

      socket.send("40");

      assertThat(socket.text()).startsWith("40{");
    }

    @Test
    void withTheConnection() throws InterruptedException {
      Browser.Socket socket = joined();
      socket.send("1");
      assertThat(left()).isEqualTo("transport close");
    }

    @Test
    void byTheServer() throws InterruptedException {
      Browser.Socket socket = joined();

      socket.send("42[\"throw-me-out\",false]");

      assertThat(socket.text()).isEqualTo("41");
      assertThat(left()).isEqualTo("server namespace disconnect");
      socket.send("40{\"quiet\":true}");
      assertThat(socket.text()).startsWith("40{");
    }

    @Test
    void byTheServerWithTheConnection() throws InterruptedException {
      Browser.Socket socket = joined();

      socket.send("42[\"throw-me-out\",true]");

      assertThat(socket.text()).isEqualTo("41");
      assertThat(socket.closed()).isEqualTo(1000);
      assertThat(left()).isEqualTo("server namespace disconnect");
    }

    @Test
    void aHandlerThatFailsCostsItsConnectionOnly() throws InterruptedException {
      Browser.Socket other = joined();
      Browser.Socket socket = joined();

      socket.send("42[\"fail\"]");

      socket.closed();
      assertThat(left()).isEqualTo("forced close");
      other.send("42[\"message\"]");
      assertThat(other.text()).isEqualTo("42[\"message-back\"]");
    }
  }

  @Nested
  class Events {
    @Test
    void withEveryKindOfArgument() {
      Browser.Socket socket = joined();
      String args = "1,-2.5,\"3 ☺\",[true,null],{\"a\":{\"b\":[]}}";

      socket.send("42[\"message\"," + args + "]");

      assertThat(socket.text()).isEqualTo("42[\"message-back\"," + args + "]");
    }

    @Test
    void acknowledged() {
      Browser.Socket socket = joined();

      socket.send("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]");

      assertThat(socket.text()).isEqualTo("43456[1,\"2\",{\"3\":[false]}]");
    }

    @Test
    void acknowledgedInAnotherNamespace() {
      Browser.Socket socket = browser.openSocket();
      socket.send("40/custom,{\"quiet\":true}");
      assertThat(socket.text()).startsWith("40/custom,{");

      socket.send("42/custom,0[\"message-with-ack\",\"x\"]");

      assertThat(socket.text()).isEqualTo("43/custom,0[\"x\"]");
    }

    @Test
    void acknowledgedByTheClient() {
      Browser.Socket socket = joined();

      socket.send("421[\"ask-me\",5000,{\"q\":1}]");
      assertThat(socket.text()).isEqualTo("420[\"question\",{\"q\":1}]");
      socket.send("430[\"answer\"]");

      assertThat(socket.text()).isEqualTo("431[\"answer\"]");
    }

    @Test
    void notAcknowledgedByTheClientInTime() {
      Browser.Socket socket = joined();

      socket.send("421[\"ask-me\",50,1]");
      assertThat(socket.text()).isEqualTo("420[\"question\",1]");
      assertThat(socket.text()).isEqualTo("431[\"no answer\"]");

      socket.send("430[\"too late\"]");
      socket.send("42[\"message\"]");
      assertThat(socket.text()).isEqualTo("42[\"message-back\"]");
    }

    @Test
    void beforeJoiningEndTheConnection() {
      for (String early :
          List.of("42[\"message\"]", "41", "430[]", "42/custom,[\"message\"]", "44{}")) {
        Browser.Socket socket = browser.openSocket();
        socket.send(early);
        assertThat(socket.closed()).as(early).isEqualTo(1002);
      }
    }

    @Test
    void thatAreMalformedEndTheConnection() {
      for (String bad :
          List.of(
              "4",
              "4abc",
              "47",
              "49[\"x\"]",
              "42",
              "42{}",
              "42[]",
              "42[{}]",
              "42[null]",
              "42[true]",
              "42[\"x\"",
              "42[\"x\"]]",
              "42[\"x\"] []",
              "420000000000000001[\"x\"]",
              "42" + "[".repeat(40) + "]".repeat(40),
              "42[\"x\"," + "[".repeat(40) + "]".repeat(40) + "]",
              "43[]",
              "431{}",
              "44{}",
              "40",
              "41{}",
              "45[\"x\"]",
              "450-[\"x\"]",
              "45-[\"x\"]",
              "45x-[\"x\"]",
              "4511-[\"x\"]",
              "4599999-[\"x\"]",
              "42/" + "n".repeat(300) + ",[\"x\"]")) {
        Browser.Socket socket = joined();
        socket.send(bad);
        assertThat(socket.closed()).as(bad).isEqualTo(1002);
      }
    }

    @Test
    void withReservedNamesEndTheConnection() {
      for (String name :
          List.of(
              "connect",
              "connect_error",
              "disconnect",
              "disconnecting",
              "newListener",
              "removeListener")) {
        Browser.Socket socket = joined();
        socket.send("42[\"" + name + "\"]");
        assertThat(socket.closed()).as(name).isEqualTo(1002);
      }
    }

    @Test
    void overPolling() {
      String session = browser.open();
      browser.post(session, "40");
      assertThat(browser.get(session).body()).startsWith("40{").endsWith("42[\"auth\",{}]");

      browser.post(
          session,
          "421[\"message-with-ack\",1]\u001e452-[\"message\","
              + "{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"
              + "\u001ebAQID\u001ebBAUG");

      assertThat(browser.get(session).body())
          .isEqualTo(
              "431[1]\u001e452-[\"message-back\",{\"_placeholder\":true,\"num\":0},"
                  + "{\"_placeholder\":true,\"num\":1}]\u001ebAQID\u001ebBAUG");
    }
  }

  @Nested
  class Binary {
    private static final String HOLE = "{\"_placeholder\":true,\"num\":0}";

    @Test
    void eventsBothWays() {
      Browser.Socket socket = joined();

      socket.send("452-[\"message\",{\"a\":{\"_placeholder\":true,\"num\":1}},[" + HOLE + "]]");
      socket.send(new byte[] {1, 2, 3});
      socket.send(new byte[] {4, 5, 6});

      assertThat(socket.text())
          .isEqualTo(
              "452-[\"message-back\",{\"a\":" + HOLE + "},[{\"_placeholder\":true,\"num\":1}]]");
      assertThat(socket.bytes()).containsExactly(4, 5, 6);
      assertThat(socket.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void acknowledgementsBothWays() {
      Browser.Socket socket = joined();

      socket.send("451-789[\"message-with-ack\"," + HOLE + "]");
      socket.send(new byte[] {1, 2, 3});

      assertThat(socket.text()).isEqualTo("461-789[" + HOLE + "]");
      assertThat(socket.bytes()).containsExactly(1, 2, 3);

      socket.send("421[\"ask-me\",5000,1]");
      assertThat(socket.text()).isEqualTo("420[\"question\",1]");
      socket.send("461-0[" + HOLE + "]");
      socket.send(new byte[] {7});
      assertThat(socket.text()).isEqualTo("461-1[" + HOLE + "]");
      assertThat(socket.bytes()).containsExactly(7);
    }

    @Test
    void partsOutOfPlaceEndTheConnection() {
      Browser.Socket unasked = joined();
      unasked.send(new byte[] {1});
      assertThat(unasked.closed()).isEqualTo(1002);

      Browser.Socket missing = joined();
      missing.send("451-[\"message\"," + HOLE + "]");
      missing.send("42[\"message\"]");
      assertThat(missing.closed()).isEqualTo(1002);

      for (String num : List.of("1", "-1", "\"0\"", "0.5", "null", "{}")) {
        Browser.Socket wrong = joined();
        wrong.send("451-[\"message\",{\"_placeholder\":true,\"num\":" + num + "}]");
        wrong.send(new byte[] {1});
        assertThat(wrong.closed()).as(num).isEqualTo(1002);
      }
    }

    @Test
    void tooManyBytesInAllEndTheConnection() {
      Browser.Socket socket = joined();
      socket.send("459-[\"message\"," + HOLE + "]");
      for (int i = 0; i < 4; i++) {
        socket.send(new byte[1_000_000]);
      }

      socket.send(new byte[1]);

      assertThat(socket.closed()).isEqualTo(1002);
    }
  }

  @Nested
  class Rooms {
    private void join(Browser.Socket socket, String room) {
      socket.send("420[\"join\",\"" + room + "\"]");
      assertThat(socket.text()).isEqualTo("430[]");
    }

    @Test
    void whoIsInHearsWhatIsSaidAndTheSpeakerDoesNot() {
      Browser.Socket speaker = joined();
      Browser.Socket hearer = joined();
      Browser.Socket outside = joined();
      join(speaker, "a");
      join(hearer, "a");
      join(outside, "b");

      speaker.send("427[\"say\",\"a\",{\"x\":1}]");

      assertThat(hearer.text()).isEqualTo("42[\"said\",{\"x\":1}]");
      assertThat(speaker.text()).isEqualTo("437[1]");
      outside.send("42[\"message\"]");
      assertThat(outside.text()).isEqualTo("42[\"message-back\"]");
      assertThat(outside.isSilent()).isTrue();
    }

    @Test
    void whoHasLeftHearsNothing() {
      Browser.Socket speaker = joined();
      Browser.Socket hearer = joined();
      join(speaker, "c");
      join(hearer, "c");
      hearer.send("421[\"leave\",\"c\"]");
      assertThat(hearer.text()).isEqualTo("431[]");

      speaker.send("427[\"say\",\"c\",1]");

      assertThat(speaker.text()).isEqualTo("437[0]");
      hearer.send("42[\"message\"]");
      assertThat(hearer.text()).isEqualTo("42[\"message-back\"]");
    }

    @Test
    void whoIsGoneLeavesNothingBehind() throws InterruptedException {
      Browser.Socket socket = joined();
      join(socket, "d");
      assertThat(SERVER.root().members("d")).isEqualTo(1);

      socket.send("1");

      assertThat(left()).isEqualTo("transport close");
      assertThat(SERVER.root().members("d")).isZero();
      Await.until("the session is gone", () -> SERVER.root().members("d") == 0);
    }
  }

  @Nested
  class Recovery {
    @Test
    void theClientGetsWhatItMissed() {
      Browser.Socket speaker = joined();
      Browser.Socket socket = browser.openSocket();
      socket.send("40{\"quiet\":true}");
      JsonNode answer = Json.tree(socket.text().substring(2));
      socket.send("420[\"join\",\"r\"]");
      assertThat(socket.text()).isEqualTo("430[]");
      speaker.send("42[\"publish\",\"r\",{\"n\":1}]");
      JsonNode first = Json.tree(socket.text().substring(2));
      socket.send("1");
      socket.closed();
      speaker.send("42[\"publish\",\"r\",{\"n\":2}]");
      speaker.send("42[\"publish\",\"other\",{\"n\":3}]");
      speaker.send("420[\"message-with-ack\"]");
      assertThat(speaker.text()).isEqualTo("430[]");

      Browser.Socket again = browser.openSocket();
      again.send(
          "40{\"pid\":\"%s\",\"offset\":\"%s\"}"
              .formatted(answer.path("pid").asText(), first.path(2).asText()));

      assertThat(Json.tree(again.text().substring(2)).path("pid")).isEqualTo(answer.path("pid"));
      assertThat(again.text()).startsWith("42[\"published\",{\"n\":2},\"");
    }

    @Test
    void aPlaceThatIsNotKnownBeginsAnew() {
      Browser.Socket socket = browser.openSocket();

      socket.send("40{\"pid\":\"stranger\",\"offset\":\"1\",\"quiet\":true}");

      assertThat(Json.tree(socket.text().substring(2)).path("pid").asText())
          .isNotEqualTo("stranger");
    }
  }
}
