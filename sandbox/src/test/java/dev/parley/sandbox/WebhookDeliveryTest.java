package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookDeliveryTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void signsTheExactBytesAndEscapesThemAsMetaDoes() throws Exception {
    bench.customerWrites(
        "{\"type\":\"text\",\"text\":{\"body\":\"Grüße 👍 a/b\"},\"profileName\":\"Zoë\"}");

    Receiver.Hook hook = bench.receiver.hooks().getFirst();
    assertThat(hook.body().text())
        .contains("Gr\\u00fc\\u00dfe \\ud83d\\udc4d a\\/b")
        .contains("Zo\\u00eb");
    assertThat(hook.signature()).isEqualTo("sha256=" + hmac(hook.body().array()));
    JsonNode value = hook.json().path("entry").path(0).path("changes").path(0).path("value");
    assertThat(hook.json().path("entry").path(0).path("id").asText()).isEqualTo(Bench.WABA);
    assertThat(value.path("metadata").path("display_phone_number").asText())
        .isEqualTo("15550783881");
    assertThat(value.path("metadata").path("phone_number_id").asText()).isEqualTo(Bench.NUMBER);
    assertThat(value.path("contacts").path(0).path("wa_id").asText()).isEqualTo(Bench.CUSTOMER);
    assertThat(value.path("contacts").path(0).path("user_id").asText()).matches("US\\.\\d{16}");
    assertThat(value.path("messages").path(0).path("text").path("body").asText())
        .isEqualTo("Grüße 👍 a/b");
  }

  @Test
  void triesAgainUntilTheAnswerIs200() {
    bench.receiver.refuseNext(4);

    JsonNode answer = bench.customerWrites("{\"type\":\"text\",\"text\":{\"body\":\"hi\"}}");

    assertThat(answer.path("delivered").asBoolean()).isTrue();
    assertThat(bench.receiver.hooks()).hasSize(1);
    JsonNode attempts =
        bench
            .control("GET", "/sandbox/numbers/" + Bench.NUMBER + "/deliveries", null)
            .json()
            .path("data");
    assertThat(attempts)
        .extracting(attempt -> attempt.path("status").asInt())
        .containsExactly(500, 500, 500, 500, 200);
    assertThat(attempts).extracting(attempt -> attempt.path("delivery").asInt()).containsOnly(1);
  }

  @Test
  void givesUpAfterTheLastTry() {
    bench.behaviour("{\"webhookMaxTries\":2}");
    bench.receiver.refuseNext(10);

    JsonNode answer = bench.customerWrites("{\"type\":\"text\",\"text\":{\"body\":\"hi\"}}");

    assertThat(answer.path("delivered").asBoolean()).isFalse();
    assertThat(answer.path("status").asInt()).isEqualTo(500);
    Await.until("nothing pending", () -> bench.counts().path("webhooksPending").asInt() == 0);
    assertThat(bench.counts().path("webhooksLost").asInt()).isEqualTo(1);
  }

  @Test
  void deliversEveryWebhookMoreThanOnceWhenTold() {
    bench.behaviour("{\"duplicates\":2}");
    bench.openWindow();
    Await.until("three copies", () -> bench.receiver.hooks().size() == 3);
    assertThat(bench.receiver.hooks())
        .extracting(hook -> hook.body().text())
        .containsOnly(bench.receiver.hooks().getFirst().body().text());
  }

  @Test
  void gathersUpdatesInOnePost() {
    bench.openWindow();
    bench.behaviour("{\"batchSize\":4,\"batchLingerMs\":5000,\"statuses\":[\"sent\"]}");
    for (int i = 0; i < 3; i++) {
      assertThat(bench.send("\"type\":\"text\",\"text\":{\"body\":\"n\"}").status()).isEqualTo(200);
    }
    bench.customerWrites("{\"type\":\"text\",\"text\":{\"body\":\"fourth\"}}");

    assertThat(bench.receiver.hooks()).hasSize(2);
    JsonNode batch = bench.receiver.hooks().getLast().json();
    assertThat(batch.path("entry")).hasSize(2);
    assertThat(bench.receiver.elements("statuses")).hasSize(3);
    assertThat(bench.receiver.elements("messages")).hasSize(2);
  }

  @Test
  void flushesAnUnfilledBatchAfterItsLinger() {
    bench.behaviour("{\"batchSize\":100,\"batchLingerMs\":10}");
    bench.openWindow();
    assertThat(bench.receiver.hooks()).hasSize(1);
  }

  @Test
  void deliversAnyPayloadWithAnySignature() {
    String path = "/sandbox/numbers/" + Bench.NUMBER + "/webhooks?wait=true";
    String change =
        "{\"changes\":[{\"field\":\"account_update\",\"value\":{\"event\":\"PARTNER_ADDED\"}}]}";

    assertThat(bench.control("POST", path, change).json().path("status").asInt()).isEqualTo(200);
    bench.control("POST", path + "&signature=wrong", change);
    bench.control("POST", path + "&signature=none", change);
    bench.control("POST", path, "{\"raw\":\"{not json\"}");

    List<Receiver.Hook> hooks = bench.receiver.hooks();
    assertThat(
            hooks
                .get(0)
                .json()
                .path("entry")
                .path(0)
                .path("changes")
                .path(0)
                .path("field")
                .asText())
        .isEqualTo("account_update");
    assertThat(hooks.get(1).signature())
        .startsWith("sha256=")
        .isNotEqualTo(hooks.get(0).signature());
    assertThat(hooks.get(2).signature()).isNull();
    assertThat(hooks.get(3).body().text()).isEqualTo("{not json");
  }

  @Test
  void doesNotTakeOverAUrlThatFailsTheHandshake() {
    try (Receiver stranger = new Receiver("another token")) {
      JsonNode answer = bench.register(stranger.url()).json();
      assertThat(answer.path("handshake").asText()).startsWith("failed: HTTP Status Code = 403");
      bench.openWindow();
      assertThat(stranger.hooks()).isEmpty();
      assertThat(bench.receiver.hooks()).hasSize(1);
    }
  }

  private static String hmac(byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Bytes.of(Bench.SECRET).array(), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }
}
