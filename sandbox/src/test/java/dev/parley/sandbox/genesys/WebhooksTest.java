package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Await;
import dev.parley.sandbox.Bytes;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhooksTest {
  private final GenesysBench bench = new GenesysBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void signsTheRawBytesInBase64() throws Exception {
    String conversation = bench.open("hi");
    String words = "Grüße 👍 a/b \u2028 \"x\"";
    bench.behaviour("{\"processMs\":1}");

    bench.act(conversation, "{\"type\":\"text\",\"text\":\"Grüße 👍 a/b \u2028 \\\"x\\\"\"}");

    Hooks.Hook hook = bench.hooks.hooks().getLast();
    assertThat(hook.json().path("text").asText()).isEqualTo(words);
    // Not escaped, not indented: as JSON.stringify writes it.
    assertThat(hook.body().text()).contains("Grüße 👍 a/b \u2028 ").doesNotContain(": ");
    assertThat(hook.header("X-Hub-Signature-256"))
        .isEqualTo("sha256=" + Base64.getEncoder().encodeToString(hmac(hook.body().array())));
    assertThat(hook.header("X-Tenant")).isEqualTo("acme");
    assertThat(hook.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void deliversAnyPayloadWithAnySignature() throws Exception {
    String path =
        GenesysBench.ORGANIZATION + "/integrations/" + bench.integration + "/webhooks?wait=true";

    JsonNode good = bench.control("POST", path, "{\"id\":\"1\",\"type\":\"Strange\"}").json();
    bench.control("POST", path + "&signature=wrong", "{}");
    bench.control("POST", path + "&signature=hex", "{}");
    bench.control("POST", path + "&signature=none", "{}");
    bench.control("POST", path, "{\"raw\":\"{not json\"}");

    assertThat(good.path("status").asInt()).isEqualTo(200);
    List<Hooks.Hook> hooks = bench.hooks.hooks();
    assertThat(hooks.get(0).json().path("type").asText()).isEqualTo("Strange");
    assertThat(hooks.get(1).header("X-Hub-Signature-256")).hasSize("sha256=".length() + 44);
    assertThat(hooks.get(2).header("X-Hub-Signature-256"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(hmac(Bytes.of("{}").array())));
    assertThat(hooks.get(3).header("X-Hub-Signature-256")).isNull();
    assertThat(hooks.get(4).body().text()).isEqualTo("{not json");
  }

  @Test
  void triesFiveMoreTimesOnTimeOuts429And5xx() {
    bench.behaviour("{\"webhookTimeoutMs\":300}");
    String conversation = bench.open("hi");
    bench.hooks.answer(500, 429, Hooks.SILENCE, 503, 504);

    GenesysBench.Answer answer = bench.act(conversation, "{\"type\":\"text\",\"text\":\"six\"}");

    assertThat(answer.json().path("delivered").asBoolean()).isTrue();
    assertThat(bench.hooks.of("Text"))
        .hasSize(6)
        .extracting(JsonNode::toString)
        .containsOnly(bench.hooks.of("Text").getFirst().toString());
    List<JsonNode> tries = bench.ledger("deliveries?after=1");
    assertThat(tries)
        .extracting(attempt -> attempt.path("status").asInt())
        .containsExactly(500, 429, 0, 503, 504, 200);

    bench.hooks.answer(500, 500, 500, 500, 500, 500);
    answer = bench.act(conversation, "{\"type\":\"text\",\"text\":\"lost\"}");

    assertThat(answer.json().path("delivered").asBoolean()).isFalse();
    assertThat(bench.hooks.hooks()).hasSize(1 + 6 + 6);
    assertThat(bench.counts().path("webhooksLost").asInt()).isEqualTo(1);
    // The message is lost, the chat goes on.
    assertThat(bench.conversation(conversation).path("state").asText()).isEqualTo("connected");
    assertThat(bench.conversation(conversation).path("messages"))
        .extracting(message -> message.path("status").asText())
        .containsExactly("received", "sent", "failed");
  }

  @Test
  void anyOther4xxFailsTheWholeChatAtOnce() {
    String conversation = bench.open("hi");
    bench.hooks.answer(404);

    JsonNode answer = bench.act(conversation, "{\"type\":\"text\",\"text\":\"no\"}").json();

    assertThat(answer.path("delivered").asBoolean()).isFalse();
    assertThat(answer.path("status").asInt()).isEqualTo(404);
    assertThat(bench.ledger("deliveries?after=1")).hasSize(1);
    assertThat(bench.conversation(conversation).path("state").asText()).isEqualTo("failed");
    assertThat(bench.counts().path("chatsFailed").asInt()).isEqualTo(1);
    // Whoever writes now begins a new one.
    assertThat(bench.open("again")).isNotEqualTo(conversation);
  }

  @Test
  void deliversTwiceWhenTold() {
    String conversation = bench.open("hi");
    bench.behaviour("{\"duplicates\":1,\"duplicateAfterMs\":50}");

    bench.act(conversation, "{\"type\":\"text\",\"text\":\"twice\"}");

    Await.until("the second", () -> bench.hooks.of("Text").size() == 2);
    assertThat(bench.hooks.of("Text").get(0)).isEqualTo(bench.hooks.of("Text").get(1));
  }

  @Test
  void keepsTheOrderOfAConversationUnlessToldOtherwise() {
    String conversation = bench.open("hi");
    bench.hooks.answer(500, 500);
    for (int i = 0; i < 8; i++) {
      say(conversation, "t" + i);
    }
    Await.until("eight", () -> bench.counts().path("webhooksPending").asInt() == 0);
    assertThat(bench.hooks.of("Text").stream().map(hook -> hook.path("text").asText()).distinct())
        .containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7");

    bench.behaviour("{\"order\":\"shuffled\",\"shuffleMs\":400,\"seed\":7}");
    int before = bench.hooks.of("Text").size();
    for (int i = 0; i < 8; i++) {
      say(conversation, "s" + i);
    }
    Await.until("eight more", () -> bench.hooks.of("Text").size() == before + 8);
    List<JsonNode> shuffled = bench.hooks.of("Text").subList(before, before + 8);
    assertThat(shuffled)
        .extracting(hook -> hook.path("text").asText())
        .hasSize(8)
        .isNotEqualTo(List.of("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"));
    // What brings them back into order is the time in them.
    assertThat(shuffled)
        .extracting(hook -> hook.at("/channel/time").asText())
        .doesNotHaveDuplicates();
  }

  private void say(String conversation, String text) {
    GenesysBench.must(
        bench.control(
            "POST",
            GenesysBench.ORGANIZATION + "/conversations/" + conversation + "/acts",
            "{\"type\":\"text\",\"text\":\"" + text + "\"}"));
  }

  private static byte[] hmac(byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Bytes.of(GenesysBench.SECRET).array(), "HmacSHA256"));
    return mac.doFinal(body);
  }
}
