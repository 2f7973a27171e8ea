package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Await;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentTest {
  private final GenesysBench bench = new GenesysBench();
  private String conversation = "";

  @BeforeEach
  void open() {
    conversation = bench.open("hi");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void sendsFilesByAnAddressOfAShortLife() {
    bench.act(conversation, "{\"type\":\"attachment\",\"mediaType\":\"Image\"}");
    bench.act(
        conversation,
        """
        {"type":"attachment","mediaType":"File","mime":"text/plain","filename":"a b.txt",
         "data":"SGVsbG8=","text":"look"}""");

    JsonNode image = bench.hooks.of("Text").getFirst();
    assertThat(image.has("text")).isFalse();
    assertThat(image.at("/content/0/contentType").asText()).isEqualTo("Attachment");
    assertThat(image.at("/content/0/attachment/mime").asText()).isEqualTo("image/jpeg");
    JsonNode file = bench.hooks.of("Text").getLast().at("/content/0/attachment");
    assertThat(file.path("contentSizeBytes").asInt()).isEqualTo(5);
    String url = file.path("url").asText();
    assertThat(url).contains("/api/v2/downloads/").endsWith("/a%20b.txt");
    GenesysBench.Answer got = bench.send(bench.request(url));
    assertThat(new String(got.raw().body(), StandardCharsets.UTF_8)).isEqualTo("Hello");
    assertThat(got.header("Content-Type")).isEqualTo("text/plain");

    bench.behaviour("{\"downloadSeconds\":-1}");
    assertThat(bench.send(bench.request(url)).status()).isEqualTo(404);
    assertThat(bench.send(bench.request("/api/v2/downloads/unknown/x")).status()).isEqualTo(404);
  }

  @Test
  void sendsEveryStructuredKind() {
    bench.act(
        conversation,
        "{\"type\":\"quickReplies\",\"text\":\"When?\",\"options\":[{\"text\":\"Now\",\"payload\":\"now\"},{\"text\":\"Later\"}]}");
    bench.act(
        conversation,
        "{\"type\":\"card\",\"card\":{\"title\":\"Shoe\",\"actions\":[{\"type\":\"Postback\",\"text\":\"Buy\",\"payload\":\"b\"}]}}");
    bench.act(
        conversation,
        "{\"type\":\"carousel\",\"carousel\":{\"cards\":[{\"title\":\"a\"},{\"title\":\"b\"}]}}");
    bench.act(
        conversation,
        "{\"type\":\"listPicker\",\"listPicker\":{\"sections\":[{\"title\":\"s\",\"items\":[{\"id\":\"1\",\"title\":\"i\"}]}]}}");
    bench.act(
        conversation,
        "{\"type\":\"datePicker\",\"datePicker\":{\"title\":\"t\",\"availableTimes\":[{\"dateTime\":\"2026-01-02T10:00Z\",\"duration\":1800}]}}");
    bench.act(
        conversation,
        "{\"type\":\"notification\",\"template\":{\"id\":\"ns@order\",\"language\":\"en\",\"body\":{\"text\":\"x\"}}}");

    List<JsonNode> structured = bench.hooks.of("Structured");
    assertThat(structured)
        .extracting(webhook -> webhook.at("/content/0/contentType").asText())
        .containsExactly(
            "QuickReply", "Card", "Carousel", "ListPicker", "DatePicker", "Notification");
    assertThat(structured)
        .extracting(w -> w.path("originatingEntity").asText())
        .containsOnly("Bot");
    assertThat(structured.getFirst().path("content")).hasSize(2);
    assertThat(structured.getFirst().at("/content/0/quickReply/action").asText())
        .isEqualTo("Message");
    assertThat(structured.getFirst().at("/content/1/quickReply/payload").asText())
        .isEqualTo("Later");
    assertThat(structured.get(5).at("/content/0/template/id").asText()).isEqualTo("ns@order");
  }

  @Test
  void sendsWhatNobodyKnowsYet() {
    bench.act(
        conversation,
        "{\"type\":\"text\",\"text\":\"x\",\"extra\":{\"content\":[],\"nickName\":\"?\"}}");
    bench.act(
        conversation,
        "{\"type\":\"raw\",\"payload\":{\"type\":\"Structured\",\"content\":[{\"contentType\":\"Hologram\"}]}}");
    bench.act(
        conversation, "{\"type\":\"raw\",\"alone\":true,\"payload\":{\"type\":\"Telepathy\"}}");

    assertThat(bench.hooks.of("Text").getFirst().path("content").isArray()).isTrue();
    JsonNode hologram = bench.hooks.of("Structured").getFirst();
    assertThat(hologram.path("conversationId").asText()).isEqualTo(conversation);
    assertThat(bench.hooks.of("Telepathy").getFirst()).hasSize(1);
    assertThat(bench.act(conversation, "{\"type\":\"dance\"}").status()).isEqualTo(400);
    assertThat(bench.act("nowhere", "{\"type\":\"text\",\"text\":\"x\"}").status()).isEqualTo(404);
  }

  @Test
  void answersByScript() {
    String script =
        """
        [{"text":"price","times":1,"say":[{"type":"typing"},{"type":"text","text":"You asked: {text}","afterMs":5}]},
         {"kind":"Image","say":[{"type":"text","text":"Nice picture"}]},
         {"text":"bye","say":[{"type":"text","text":"Bye"},{"type":"end"}]}]""";
    GenesysBench.must(bench.control("PUT", GenesysBench.ORGANIZATION + "/script", script));

    bench.open("What is the PRICE?");
    bench.open("price again");
    bench.inbound(
        "message",
        """
        {"channel":{"from":{"id":"+351912345678","idType":"Phone"},"time":"2026-01-02T03:04:05.678Z"},
         "content":[{"contentType":"Attachment","attachment":{"mediaType":"Image","mime":"image/png","url":"%s"}}]}"""
            .formatted(bench.hooks.file("a.png", "image/png", new byte[] {1})));
    Await.until("two answers", () -> bench.hooks.of("Text").size() == 2);
    bench.open("bye");
    Await.until(
        "the end",
        () -> bench.conversation(conversation).path("state").asText().equals("disconnected"));

    Await.until("three answers", () -> bench.hooks.of("Text").size() == 3);
    assertThat(bench.hooks.of("Text"))
        .extracting(hook -> hook.path("text").asText())
        .containsExactly("You asked: What is the PRICE?", "Nice picture", "Bye");
    assertThat(bench.hooks.of("Event")).hasSize(1);
    String bad = "[{\"say\":[{\"type\":\"sing\"}]}]";
    assertThat(bench.control("PUT", GenesysBench.ORGANIZATION + "/script", bad).status())
        .isEqualTo(400);
  }

  @Test
  void resetForgetsAll() {
    bench.control("POST", "/sandbox/reset", null);
    assertThat(bench.control("GET", GenesysBench.ORGANIZATION, null).status()).isEqualTo(404);
    assertThat(bench.write("hi").status()).isEqualTo(401);
  }
}
