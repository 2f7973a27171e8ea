package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.StubbornSocket;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What sockets go through with a server that restarts, drains, has small limits, and clients that do not read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveFaultsTest {
  private static final Duration SOON = World.SOON;
  private final Path folder = Folders.temporary("live-faults");
  private final Sandbox sandbox = Sandbox.start();
  private final Parley server =
      Parley.start(
          Parley.Options.in(folder)
              .sandbox(sandbox)
              .set("queue.poll", "100ms")
              .set("realtime.queue", "65536")
              .set("realtime.heartbeat", "3s")
              .set("realtime.connections.user", "5")
              .set("realtime.resume", "200"));
  private final Tenant acme = Fixture.make(server, sandbox).acme();
  private final Api manager = acme.as("manager");

  @AfterAll
  void end() {
    server.close();
    sandbox.close();
    Folders.delete(folder);
  }

  private String group() {
    var agent = Json.of("userId", acme.userIds().get("agent"));
    return manager
        .post(
            "/api/v1/chats",
            Json.of("kind", "group", "title", "Live", "participants", List.of(agent)))
        .ok()
        .path("id")
        .asText();
  }

  private static boolean says(JsonNode event, String text) {
    return event.path("data").path("message").path("content").path("body").asText().equals(text);
  }

  private static List<String> bodies(List<JsonNode> events) {
    return events.stream()
        .map(e -> e.path("data").path("message").path("content").path("body").asText())
        .filter(body -> !body.isEmpty())
        .toList();
  }

  @Test
  void aClientResumesAcrossAKilledServer() {
    String group = group();
    Live before = Live.as(server.url(), acme.as("agent"));
    before.follow("mine");
    manager.sendText(group, "before");
    before.await("before", e -> says(e, "before"));
    String cursor = before.cursor().orElseThrow();
    manager.sendText(group, "last words");
    server.kill();
    assertThat(before.awaitClosed(SOON).code()).isEqualTo(1006);
    server.start();
    manager.sendText(group, "after");
    try (Live after = Live.as(server.url(), acme.as("agent"))) {
      after.resume(cursor, "mine");
      after.await("after", e -> says(e, "after"));
      assertThat(bodies(after.events(group))).containsExactly("last words", "after");
    }
  }

  @Test
  void aServerThatStopsTellsItsClientsToMove() {
    try (Live client = Live.as(server.url(), acme.as("agent"))) {
      client.follow("mine");
      server.stop();
      server.start();
      JsonNode told =
          client.await("that it goes", e -> e.path("event").asText().equals("server.draining"));
      assertThat(told.path("retryAfterMs").asLong()).isPositive();
      Live.Closed closed = client.awaitClosed(SOON);
      assertThat(closed.code()).isEqualTo(4000);
      assertThat(closed.reason()).startsWith("draining retryAfterMs=");
    }
  }

  @Test
  void whoDoesNotReadIsClosedAndResumesAndNobodyElseWaits() {
    String group = group();
    // Together more than what the system's own buffers take on a loopback interface.
    String filler = "\u20ac".repeat(9_500);
    int messages = 160;
    var follow = Json.of("op", "subscribe", "topics", List.of("mine"));
    try (Live reads = Live.as(server.url(), acme.as("agent"));
        StubbornSocket frozen = StubbornSocket.open(server.url(), acme.as("agent"), follow)) {
      String cursor = reads.follow("mine").path("cursor").asText();
      for (int i = 0; i < messages; i++) {
        manager.sendText(group, "#" + i + " " + filler);
      }
      reads.await("the last one", e -> says(e, "#" + (messages - 1) + " " + filler));
      assertThat(bodies(reads.events(group))).hasSize(messages);
      Wait.until("it is seen to be slow", SOON, () -> closedAsSlow() > 0);
      StubbornSocket.Read read = frozen.readToTheEnd();
      assertThat(read.code()).isIn(4001, 1006);
      List<String> got = new ArrayList<>(bodies(read.messages()));
      assertThat(got).hasSizeLessThan(messages);
      String last =
          read.messages().stream()
              .filter(m -> m.has("cursor"))
              .map(m -> m.path("cursor").asText())
              .reduce(cursor, (_, next) -> next);
      try (Live back = Live.as(server.url(), acme.as("agent"))) {
        back.resume(last, "mine");
        back.await("the last one", e -> says(e, "#" + (messages - 1) + " " + filler));
        got.addAll(bodies(back.events(group)));
      }
      assertThat(got)
          .containsExactlyElementsOf(
              IntStream.range(0, messages).mapToObj(i -> "#" + i + " " + filler).toList());
    }
  }

  private long closedAsSlow() {
    return server
        .api()
        .get("/metrics")
        .text()
        .lines()
        .filter(l -> l.startsWith("parley_realtime_closed_total") && l.contains("\"slow\""))
        .mapToLong(l -> (long) Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void whoWasAwayForTooLongIsToldToLookAnew() {
    String group = group();
    String start;
    try (Live client = Live.as(server.url(), acme.as("agent"))) {
      start = client.follow("mine").path("cursor").asText();
    }
    for (int i = 0; i < 210; i++) {
      manager.sendText(group, "while away " + i);
    }
    try (Live client = Live.as(server.url(), acme.as("agent"))) {
      JsonNode answer = client.resume(start, "mine");
      assertThat(answer.path("snapshotRequired").asBoolean()).isTrue();
      manager.sendText(group, "from now on");
      client.await("what comes", e -> says(e, "from now on"));
      assertThat(bodies(client.events(group))).containsExactly("from now on");
    }
  }

  @Test
  void aUserHasSoManyConnectionsAndNoMore() {
    var open = new ArrayList<Live>();
    try {
      for (int i = 0; i < 5; i++) {
        open.add(Live.as(server.url(), acme.as("read-only")));
      }
      try (Live more = Live.open(server.url(), "/ws", acme.as("read-only").headers())) {
        assertThat(more.awaitClosed(SOON).code()).isEqualTo(4020);
      }
      open.removeLast().drop();
      Wait.until(
          "there is room again",
          SOON,
          () -> {
            try (Live again = Live.as(server.url(), acme.as("read-only"))) {
              return !again.isClosed();
            } catch (AssertionError e) {
              return false;
            }
          });
    } finally {
      open.forEach(Live::close);
    }
  }

  @Test
  void aClientThatIsSilentIsClosed() {
    var ping = Json.of("op", "ping");
    try (Live idle = Live.as(server.url(), acme.as("agent"));
        StubbornSocket silent = StubbornSocket.open(server.url(), acme.as("agent"), ping)) {
      // It answers no pings; the other one does, and says nothing for as long.
      assertThat(silent.readToTheEnd().code()).isEqualTo(4002);
      Live.ok(idle.call("ping", Json.of()));
    }
  }
}
