package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final String TEXT =
      "\"biz_opaque_callback_data\":\"k1\",\"type\":\"text\",\"text\":{\"body\":\"hi\"}";
  private final Bench bench = new Bench();

  @BeforeEach
  void openWindow() {
    bench.openWindow();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void answersWithErrorsAsOftenAsTold() {
    bench.faults(
        """
        [{"on":"messages","mode":"error","code":130429,"httpStatus":429,"retryAfterSeconds":7,"times":1},
         {"on":"messages","mode":"error","code":131016,"times":1}]""");

    Bench.Answer first = bench.send(TEXT);
    assertThat(first.status()).isEqualTo(429);
    assertThat(first.errorCode()).isEqualTo(130429);
    assertThat(first.raw().headers().firstValue("Retry-After")).hasValue("7");
    assertThat(bench.send(TEXT).status()).isEqualTo(500);
    assertThat(bench.send(TEXT).status()).isEqualTo(200);

    JsonNode counts = bench.counts();
    assertThat(counts.path("posts").asInt()).isEqualTo(3);
    assertThat(counts.path("accepted").asInt()).isEqualTo(1);
    assertThat(counts.path("refused").asInt()).isEqualTo(2);
    assertThat(counts.path("byCallbackData").path("duplicates").asInt()).isZero();
  }

  @Test
  void resetAfterAcceptTakesTheMessageAndSaysNothing() {
    bench.faults("[{\"on\":\"messages\",\"mode\":\"resetAfterAccept\",\"times\":1}]");

    assertThatThrownBy(() -> bench.send(TEXT)).isInstanceOf(UncheckedIOException.class);
    Await.until("read", () -> bench.receiver.statuses().contains("read"));
    assertThat(bench.counts().path("accepted").asInt()).isEqualTo(1);

    // Who sends again now has sent twice, and the count says so.
    assertThat(bench.send(TEXT).status()).isEqualTo(200);
    JsonNode values = bench.counts().path("byCallbackData");
    assertThat(values.path("duplicates").asInt()).isEqualTo(1);
    assertThat(values.path("examples").path(0).asText()).isEqualTo("k1");
    JsonNode ledger =
        bench.control("GET", "/sandbox/numbers/" + Bench.NUMBER + "/messages?after=1", null).json();
    assertThat(ledger.path("data")).hasSize(1);
    assertThat(ledger.path("data").path(0).path("callbackData").asText()).isEqualTo("k1");
    assertThat(ledger.path("data").path(0).path("body").path("text").path("body").asText())
        .isEqualTo("hi");
  }

  @Test
  void resetCutsBeforeAnythingHappens() {
    bench.faults("[{\"on\":\"any\",\"mode\":\"reset\",\"times\":1}]");
    assertThatThrownBy(() -> bench.send(TEXT)).isInstanceOf(UncheckedIOException.class);
    assertThat(bench.counts().path("accepted").asInt()).isZero();
    assertThat(bench.counts().path("refused").asInt()).isEqualTo(1);
  }

  @Test
  void truncatesAnAnswerOfAnAcceptedMessage() {
    bench.faults("[{\"on\":\"messages\",\"mode\":\"truncate\",\"times\":1}]");
    assertThatThrownBy(() -> bench.send(TEXT)).isInstanceOf(UncheckedIOException.class);
    assertThat(bench.counts().path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void answers200WithAnErrorInside() {
    bench.faults("[{\"on\":\"messages\",\"mode\":\"okWithError\",\"code\":131000,\"times\":1}]");
    Bench.Answer answer = bench.send(TEXT);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.errorCode()).isEqualTo(131000);
    assertThat(bench.counts().path("accepted").asInt()).isZero();
  }

  @Test
  void waitsWithLatencyAndHang() {
    bench.faults("[{\"on\":\"messages\",\"mode\":\"latency\",\"delayMs\":150,\"times\":1}]");
    long start = System.nanoTime();
    assertThat(bench.send(TEXT).status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));

    bench.faults("[{\"on\":\"messages\",\"mode\":\"hang\",\"delayMs\":50,\"times\":1}]");
    assertThatThrownBy(() -> bench.send(TEXT))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(IOException.class)
        .cause()
        .isNotInstanceOf(HttpTimeoutException.class);
    assertThat(bench.counts().path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void strikesOnlyWhereItIsMeantTo() {
    bench.faults("[{\"on\":\"media\",\"mode\":\"error\",\"code\":131000}]");
    assertThat(bench.send(TEXT).status()).isEqualTo(200);
    assertThat(bench.upload("image/png", new byte[] {1}).status()).isEqualTo(500);
    bench.faults("[]");
    assertThat(bench.upload("image/png", new byte[] {1}).status()).isEqualTo(200);
  }

  @Test
  void refusesARuleThatMakesNoSense() {
    String path = "/sandbox/numbers/" + Bench.NUMBER + "/faults";
    Bench.Answer answer = bench.control("PUT", path, "[{\"mode\":\"explode\"}]");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("error").asText()).contains("mode must be one of");
  }
}
