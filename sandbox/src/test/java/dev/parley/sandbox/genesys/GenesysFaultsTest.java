package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GenesysFaultsTest {
  private final GenesysBench bench = new GenesysBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void answersWithErrorsAsOftenAsTold() {
    bench.faults(
        """
        [{"on":"inbound","mode":"error","httpStatus":429,"retryAfterSeconds":7,"times":1},
         {"on":"message","mode":"error","httpStatus":401,"times":1},
         {"on":"message","mode":"error","times":1},
         {"on":"receipt","mode":"error","httpStatus":500}]""");

    GenesysBench.Answer first = bench.write("a");
    assertThat(first.status()).isEqualTo(429);
    assertThat(first.header("Retry-After")).isEqualTo("7");
    assertThat(first.code()).isEqualTo("too.many.requests");
    assertThat(bench.write("a").code()).isEqualTo("bad.credentials");
    assertThat(bench.write("a").code()).isEqualTo("service.unavailable");
    assertThat(bench.write("a").status()).isEqualTo(200);

    List<JsonNode> calls = bench.ledger("calls?kind=message");
    assertThat(calls)
        .extracting(call -> call.path("status").asInt() + " " + call.path("accepted").asBoolean())
        .containsExactly("429 false", "401 false", "503 false", "200 true");
    assertThat(bench.counts().at("/byMessageId/duplicates").asInt()).isZero();
  }

  @Test
  void anErrorOrACutMayHideThatTheMessageWasTaken() {
    bench.faults(
        """
        [{"on":"message","mode":"errorAfterAccept","httpStatus":504,"times":1},
         {"on":"message","mode":"resetAfterAccept","times":1},
         {"on":"message","mode":"truncate","times":1},
         {"on":"message","mode":"reset","times":1}]""");

    assertThat(bench.write("a").status()).isEqualTo(504);
    assertThatThrownBy(() -> bench.write("b")).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> bench.write("c")).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> bench.write("d")).isInstanceOf(UncheckedIOException.class);

    Await.until("three outcomes", () -> bench.hooks.of("Receipt").size() == 3);
    assertThat(bench.ledger("calls?kind=message"))
        .extracting(call -> call.path("accepted").asBoolean())
        .containsExactly(true, true, true, false);
    // Whoever sends the first again has sent it twice, and the count says so.
    assertThat(bench.write("a").status()).isEqualTo(200);
    assertThat(bench.counts().at("/byMessageId/duplicates").asInt()).isEqualTo(1);
  }

  @Test
  void hangsAndIsSlow() {
    bench.faults(
        """
        [{"on":"message","mode":"hang","times":1},
         {"on":"message","mode":"latency","delayMs":300,"times":1}]""");
    String path = "/api/v2/conversations/messages/" + bench.integration + "/inbound/open/message";

    assertThatThrownBy(
            () ->
                bench.exchange(
                    bench
                        .request(path)
                        .timeout(Duration.ofMillis(300))
                        .header("Authorization", "Bearer " + bench.token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))))
        .isInstanceOf(HttpTimeoutException.class);
    long start = System.nanoTime();
    assertThat(bench.write("slow").status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void tokensAndDownloadsHaveFaultsOfTheirOwn() throws IOException {
    bench.faults(
        """
        [{"on":"token","mode":"error","httpStatus":503,"times":1},
         {"on":"download","mode":"truncate","times":1},
         {"on":"download","mode":"error","httpStatus":500,"times":1}]""");
    assertThat(bench.grant().status()).isEqualTo(503);
    assertThat(bench.grant().status()).isEqualTo(200);
    String conversation = bench.open("hi");
    JsonNode act = bench.act(conversation, "{\"type\":\"attachment\"}").json();
    String url = act.at("/webhook/content/0/attachment/url").asText();

    assertThatThrownBy(() -> bench.exchange(bench.request(url))).isInstanceOf(IOException.class);
    assertThat(bench.exchange(bench.request(url)).status()).isEqualTo(500);
    assertThat(bench.exchange(bench.request(url)).status()).isEqualTo(200);
  }

  @Test
  void refusesRulesThatMakeNoSense() {
    for (String rule :
        List.of(
            "{}",
            "[{\"on\":\"nothing\",\"mode\":\"error\"}]",
            "[{\"mode\":\"explode\"}]",
            "[{\"mode\":\"error\",\"httpStatus\":200}]",
            "[{\"on\":\"message\",\"mode\":\"drip\"}]",
            "[{\"mode\":\"error\",\"color\":\"red\"}]")) {
      assertThat(bench.control("PUT", GenesysBench.ORGANIZATION + "/faults", rule).status())
          .as(rule)
          .isEqualTo(400);
    }
    for (String change : List.of("{\"order\":\"some\"}", "{\"nothing\":1}", "{\"processMs\":-1}")) {
      assertThat(bench.control("PUT", GenesysBench.ORGANIZATION + "/behaviour", change).status())
          .as(change)
          .isEqualTo(400);
    }
  }
}
