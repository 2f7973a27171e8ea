package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.EventStream;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.SocketIo;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// How connections end when what opened them is no longer good, at every door. The server's tokens are of short life.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveEndsTest {
  private static final Duration LIFE = Duration.ofSeconds(6);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  /// For a machine that does other things too.
  private static final Duration SLACK = Duration.ofSeconds(8);

  private final Path folder = Folders.temporary("live-ends");
  private final Parley server =
      Parley.start(
          Parley.Options.in(folder)
              .set("token.life", LIFE.toSeconds() + "s")
              .set("realtime.heartbeat", HEARTBEAT.toSeconds() + "s")
              .set("queue.poll", "100ms")
              .set("limit.auth", "0"));
  private final String globex = tenant("globex");

  LiveEndsTest() {
    tenant("acme");
  }

  @AfterAll
  void end() {
    server.close();
    Folders.delete(folder);
  }

  private Api operator() {
    return server.api().login("operator@localhost", server.operatorPassword(), null);
  }

  private String tenant(String slug) {
    String address = "admin@" + slug + ".example";
    return operator().createTenant(slug, slug, address, Tenant.password(slug)).path("id").asText();
  }

  /// Signed in just now.
  private Api admin(String slug) {
    return server.api().login("admin@" + slug + ".example", Tenant.password(slug), slug);
  }

  private static boolean isClosing(JsonNode message) {
    return message.path("event").asText().equals("closing");
  }

  @Test
  void anExpiredTokenEndsTheConnectionWithinOneHeartbeatUnlessAFreshOneIsShown() {
    Api token = admin("acme");
    long begun = System.nanoTime();
    Api other = admin("globex");
    try (Live socket = Live.as(server.url(), token);
        Live renewing = Live.as(server.url(), other);
        SocketIo frames = SocketIo.byWebSocket(server.url(), SocketIo.auth(token, "mine"));
        SocketIo polls = SocketIo.byPolling(server.url(), SocketIo.auth(token, "mine"));
        EventStream stream = EventStream.open(server.url(), "topics=mine", token.headers())) {
      Wait.pause(LIFE.dividedBy(2));
      String fresh = SocketIo.auth(admin("globex")).path("token").asText();
      JsonNode renewed = Live.ok(renewing.call("auth", Json.of("token", fresh)));
      Duration most = LIFE.plus(HEARTBEAT).plus(SLACK);
      assertThat(socket.awaitClosed(most).code()).isEqualTo(4010);
      Duration lasted = Duration.ofNanos(System.nanoTime() - begun);
      // Tokens end with a whole second.
      assertThat(lasted).isBetween(LIFE.minusSeconds(1), most);
      for (SocketIo client : List.of(frames, polls)) {
        JsonNode told = client.await("why", LiveEndsTest::isClosing);
        assertThat(told.path("code").asText()).isEqualTo("token-expired");
        assertThat(told.path("resumable").asBoolean()).isTrue();
      }
      JsonNode told = stream.await("why", LiveEndsTest::isClosing);
      assertThat(told.path("reason").asText()).isEqualTo("token-expired");
      // The one that showed another in time went on when its first one was over.
      assertThat(renewing.awaitClosed(most).code()).isEqualTo(4010);
      assertThat(Instant.now()).isAfter(Instant.parse(renewed.path("expiresAt").asText()));
    }
    try (Live late = Live.open(server.url(), "/ws", token.headers())) {
      assertThat(late.awaitClosed(SLACK).code()).isEqualTo(4010);
    }
  }

  @Test
  void aSuspendedTenantIsCutAtEveryDoorAndNobodyElseIs() {
    String key =
        admin("acme").createKey("watches", List.of("conversations:read")).path("secret").asText();
    Api token = admin("globex");
    try (Live neighbour = Live.as(server.url(), server.api().withKey(key));
        Live socket = Live.as(server.url(), token);
        SocketIo frames = SocketIo.byWebSocket(server.url(), SocketIo.auth(token, "mine"));
        SocketIo polls = SocketIo.byPolling(server.url(), SocketIo.auth(token, "mine"));
        EventStream stream = EventStream.open(server.url(), "topics=mine", token.headers())) {
      neighbour.follow("inbox");
      operator().post("/api/v1/tenants/" + globex + "/suspend", Json.of()).expect(200);
      Live.Closed closed = socket.awaitClosed(SLACK);
      assertThat(closed.code()).isEqualTo(4012);
      assertThat(closed.reason()).isEqualTo("tenant-suspended");
      for (SocketIo client : List.of(frames, polls)) {
        JsonNode told = client.await("why", LiveEndsTest::isClosing);
        assertThat(told.path("code").asText()).isEqualTo("tenant-suspended");
        assertThat(told.path("resumable").asBoolean()).isFalse();
      }
      JsonNode told = stream.await("why", LiveEndsTest::isClosing);
      assertThat(told.path("reason").asText()).isEqualTo("tenant-suspended");
      try (Live again = Live.open(server.url(), "/ws", token.headers())) {
        assertThat(again.awaitClosed(SLACK).code()).isEqualTo(4012);
      }
      assertThatThrownBy(
              () -> SocketIo.byWebSocket(server.url(), SocketIo.auth(token, "mine")).close())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("tenant-suspended");
      Live.ok(neighbour.call("ping", Json.of()));
    } finally {
      operator().post("/api/v1/tenants/" + globex + "/resume", Json.of()).expect(200);
    }
  }
}
