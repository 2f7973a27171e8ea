package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Await;
import dev.parley.sandbox.Bytes;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundTest {
  private static final String CHANNEL =
      """
      "channel":{"from":{"id":"+351912345678","idType":"Phone"},"time":"2026-01-02T03:04:05.678Z"}""";
  private final GenesysBench bench = new GenesysBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void acceptsAMessageAndTellsItsOutcomeAfterwards() {
    GenesysBench.Answer answer =
        bench.inbound("message", GenesysBench.message(GenesysBench.CUSTOMER, "wamid.1", "hola"));

    assertThat(answer.status()).isEqualTo(200);
    String id = answer.json().path("id").asText();
    assertThat(answer.json().path("text").asText()).isEqualTo("hola");
    assertThat(answer.json().path("direction").asText()).isEqualTo("Inbound");
    assertThat(answer.json().at("/channel/from/nickname").asText()).isEqualTo("Ana");
    // Nobody asked for the conversation beforehand.
    assertThat(answer.json().has("conversationId")).isFalse();
    assertThat(answer.header("inin-correlation-id")).isNotNull();
    Await.until("the receipt", () -> !bench.hooks.of("Receipt").isEmpty());
    JsonNode receipt = bench.hooks.of("Receipt").getFirst();
    assertThat(receipt.path("id").asText()).isEqualTo(id);
    assertThat(receipt.path("status").asText()).isEqualTo("Published");
    assertThat(receipt.path("direction").asText()).isEqualTo("Inbound");
    assertThat(receipt.at("/channel/messageId").asText()).isEqualTo("wamid.1");
    assertThat(receipt.at("/channel/to/id").asText()).isEqualTo(GenesysBench.CUSTOMER);

    JsonNode details = bench.api("GET", "/conversations/messages/" + id + "/details", null).json();
    JsonNode entry = bench.ledger("calls?kind=message").getFirst();
    assertThat(details.path("conversationId")).isEqualTo(entry.path("conversationId"));
    assertThat(details.path("textBody").asText()).isEqualTo("hola");
    assertThat(entry.at("/body/channel/messageId").asText()).isEqualTo("wamid.1");
    assertThat(entry.path("id").asText()).isEqualTo(id);
    assertThat(entry.path("accepted").asBoolean()).isTrue();
  }

  @Test
  void namesMessagesAsGenesysDoesWhenTold() {
    bench.behaviour("{\"echoMessageId\":false}");
    JsonNode answer = bench.write("hi").json();
    assertThat(answer.at("/channel/messageId")).isEqualTo(answer.path("id"));
    Await.until("the receipt", () -> !bench.hooks.of("Receipt").isEmpty());
    assertThat(bench.hooks.of("Receipt").getFirst().at("/channel/messageId"))
        .isEqualTo(answer.path("id"));
  }

  @Test
  void takesAMessageTwiceAndCountsIt() {
    bench.write("same");
    bench.write("same");

    JsonNode counts = bench.counts();
    assertThat(counts.at("/calls/messageAccepted").asInt()).isEqualTo(2);
    assertThat(counts.at("/byMessageId/distinct").asInt()).isEqualTo(1);
    assertThat(counts.at("/byMessageId/duplicates").asInt()).isEqualTo(1);
    assertThat(counts.at("/byMessageId/examples/0").asText()).isEqualTo("wamid.same");
  }

  @Test
  void refusesWhatTheModelDoesNotAllow() {
    List<String> bad =
        List.of(
            "{}",
            "{%s}".formatted(CHANNEL),
            "{\"channel\":{\"time\":\"2026-01-02T03:04:05.678Z\"},\"text\":\"x\"}",
            "{\"channel\":{\"from\":{\"id\":\"1\"},\"time\":\"2026-01-02T03:04:05.678Z\"},\"text\":\"x\"}",
            "{\"channel\":{\"from\":{\"id\":\"1\",\"idType\":\"Wa\"},\"time\":\"2026-01-02T03:04:05Z\"},\"text\":\"x\"}",
            "{%s,\"text\":7}".formatted(CHANNEL),
            "{%s,\"text\":\"x\",\"metadata\":{\"a\":{\"b\":\"c\"}}}".formatted(CHANNEL),
            "{%s,\"content\":[]}".formatted(CHANNEL),
            "{%s,\"content\":[{\"contentType\":\"Location\"}]}".formatted(CHANNEL),
            content("\"mediaType\":\"Image\",\"mime\":\"image/png\""),
            content(
                "\"mediaType\":\"Sticker\",\"mime\":\"image/png\",\"url\":\"https://a.example/x\""),
            content("\"mediaType\":\"Image\",\"url\":\"https://a.example/x\""),
            content("\"mediaType\":\"Image\",\"mime\":\"image/png\",\"url\":\"ftp://a.example/x\""),
            "{%s,\"text\":\"%s\"}".formatted(CHANNEL, "x".repeat(4001)));
    for (String body : bad) {
      GenesysBench.Answer answer = bench.inbound("message", body);
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.code()).as(body).isIn("bad.request", "invalid.value");
      assertThat(answer.json().path("contextId").asText())
          .isEqualTo(answer.header("inin-correlation-id"));
    }
    String when =
        "{\"channel\":{\"from\":{\"id\":\"1\",\"idType\":\"Phone\"},\"time\":\"now\"},\"text\":\"x\"}";
    assertThat(bench.inbound("message", when).code()).isEqualTo("invalid.date");
    String two =
        "{\"attachment\":{\"mediaType\":\"Link\",\"mime\":\"text/html\",\"url\":\"https://a.example\"}}";
    assertThat(
            bench
                .inbound("message", "{%s,\"content\":[%s,%s]}".formatted(CHANNEL, two, two))
                .status())
        .isEqualTo(400);
    assertThat(bench.counts().at("/calls/messageAccepted").asInt()).isZero();
  }

  @Test
  void toleratesWhatItDoesNotKnow() {
    String body =
        """
        {"channel":{"platform":"Open","type":"Private","to":{"id":"x"},
          "from":{"id":"1","idType":"opaque","colour":"red"},"time":"2026-01-02T03:04:05.678Z",
          "metadata":{"customAttributes":{"vip":"yes"}}},
         "type":"Text","direction":"Inbound","text":"hola","more":{"of":["it"]}}""";
    GenesysBench.Answer answer = bench.inbound("message?prefetchConversationId=true", body);

    assertThat(answer.status()).isEqualTo(200);
    JsonNode customer =
        bench.conversation(answer.json().path("conversationId").asText()).at("/participants/0");
    assertThat(customer.at("/attributes/vip").asText()).isEqualTo("yes");
  }

  @Test
  void checksEvents() {
    assertThat(
            bench
                .inbound("event", "{%s,\"events\":[{\"eventType\":\"Typing\"}]}".formatted(CHANNEL))
                .status())
        .isEqualTo(200);
    assertThat(
            bench
                .inbound(
                    "event", "{%s,\"events\":[{\"eventType\":\"Presence\"}]}".formatted(CHANNEL))
                .code())
        .isEqualTo("invalid.value");
    assertThat(bench.inbound("event", "{%s,\"events\":[]}".formatted(CHANNEL)).status())
        .isEqualTo(400);
  }

  @Test
  void takesReceiptsOfAnyOrderAndKnowsNoRead() {
    String conversation = bench.open("hi");
    String id =
        bench.act(conversation, "{\"type\":\"text\",\"text\":\"yes\"}").json().path("id").asText();

    assertThat(receipt(id, "Sent", "").status()).isEqualTo(200);
    assertThat(receipt(id, "Delivered", ",\"isFinalReceipt\":true").status()).isEqualTo(200);
    JsonNode failed =
        receipt(
                id,
                "Failed",
                ",\"isFinalReceipt\":true,\"reasons\":[{\"code\":\"MessageNotAllowed\",\"message\":\"late\"}]")
            .json();
    assertThat(receipt(id, "Read", "").code()).isEqualTo("invalid.value");
    assertThat(
            receipt(id, "Failed", ",\"reasons\":[{\"code\":\"Because\",\"message\":\"x\"}]")
                .status())
        .isEqualTo(400);
    assertThat(receipt("nobody-knows", "Delivered", "").status()).isEqualTo(200);

    assertThat(failed.path("direction").asText()).isEqualTo("Outbound");
    JsonNode told = bench.api("GET", "/conversations/messages/" + id + "/details", null).json();
    assertThat(told.path("status").asText()).isEqualTo("delivery-failed");
    assertThat(told.path("normalizedReceipts"))
        .extracting(receipt -> receipt.path("status").asText())
        .containsExactly("Sent", "Delivered", "Failed");
    JsonNode counts = bench.counts().path("receipts");
    assertThat(counts.path("Delivered").asInt()).isEqualTo(2);
    assertThat(counts.path("unknown").asInt()).isEqualTo(1);
    assertThat(counts.path("finalTwice").asInt()).isEqualTo(1);
  }

  @Test
  void anAnswerToAMessageThatNobodyAskedFails() {
    String conversation = bench.open("hi");
    String question =
        bench
            .act(
                conversation,
                """
                {"type":"quickReplies","text":"Well?","options":[{"text":"Yes","payload":"y"},{"text":"No"}]}""")
            .json()
            .path("id")
            .asText();
    String good =
        bench.inbound("structured/response", response(question)).json().path("id").asText();
    String stale = bench.inbound("structured/response", response("old")).json().path("id").asText();

    Await.until("three receipts", () -> bench.hooks.of("Receipt").size() == 3);
    List<JsonNode> receipts = bench.hooks.of("Receipt");
    assertThat(receipts)
        .anySatisfy(
            receipt -> {
              assertThat(receipt.path("id").asText()).isEqualTo(good);
              assertThat(receipt.path("status").asText()).isEqualTo("Published");
            })
        .anySatisfy(
            receipt -> {
              assertThat(receipt.path("id").asText()).isEqualTo(stale);
              assertThat(receipt.path("status").asText()).isEqualTo("Failed");
              assertThat(receipt.at("/reasons/0/code").asText()).isEqualTo("UnknownMessage");
            });
    String other = response(question).replace("QuickReply", "DatePicker");
    assertThat(bench.inbound("structured/response", other).code()).isEqualTo("invalid.value");
  }

  @Test
  void fetchesAttachmentsAndTellsWhenItCannot() {
    byte[] png = {1, 2, 3};
    assertThat(outcome(bench.hooks.file("a.png", "image/png", png), "image/png")).isEmpty();
    assertThat(outcome(bench.hooks.base() + "/files/none", "image/png"))
        .isEqualTo("InvalidMediaContentLength");
    assertThat(outcome("http://127.0.0.1:1/none", "image/png"))
        .isEqualTo("InvalidMediaContentLength");
    assertThat(outcome(bench.hooks.file("b.png", "text/html", png), "image/png"))
        .isEqualTo("MediaTypeNotAllowed");
    assertThat(outcome(bench.hooks.file("c.png", "image/png", new byte[0]), "image/png"))
        .isEqualTo("InvalidMediaContentLength");
    assertThat(
            outcome(
                bench.hooks.file("d.mp4", "video/mp4", new byte[25 * 1024 * 1024 + 1]),
                "video/mp4"))
        .isEqualTo("InvalidMediaContentLength");

    JsonNode first = bench.ledger("conversations").getFirst().at("/messages/0/fetched");
    assertThat(first.path("bytes").asInt()).isEqualTo(3);
    assertThat(first.path("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(Bytes.of(png).sha256()));
  }

  @Test
  void theContentProfileDecidesWhatMayComeIn() {
    String profile =
        bench
            .api(
                "POST",
                "/conversations/messaging/supportedcontent",
                """
                {"name":"pictures","mediaTypes":{"allow":{"inbound":[{"type":"image/*"}]}}}""")
            .json()
            .path("id")
            .asText();
    bench.api(
        "PATCH",
        "/conversations/messaging/integrations/open/" + bench.integration,
        "{\"name\":\"Shop\",\"supportedContent\":{\"id\":\"%s\"}}".formatted(profile));

    assertThat(outcome(bench.hooks.file("a.webp", "image/webp", new byte[] {1}), "image/webp"))
        .isEmpty();
    assertThat(outcome(bench.hooks.file("a.ogg", "audio/ogg", new byte[] {1}), "audio/ogg"))
        .isEqualTo("MediaTypeNotAllowed");
  }

  /// Sends an attachment; the code of the reason why it failed, nothing when it was published.
  private String outcome(String url, String mime) {
    String body =
        content("\"mediaType\":\"Image\",\"mime\":\"%s\",\"url\":\"%s\"".formatted(mime, url));
    String id = GenesysBench.must(bench.inbound("message", body)).json().path("id").asText();
    Await.until("an outcome", () -> !receiptsOf(id).isEmpty());
    return receiptsOf(id).getFirst().at("/reasons/0/code").asText();
  }

  private List<JsonNode> receiptsOf(String id) {
    return bench.hooks.of("Receipt").stream()
        .filter(receipt -> receipt.path("id").asText().equals(id))
        .toList();
  }

  private GenesysBench.Answer receipt(String id, String status, String more) {
    return bench.inbound(
        "receipt",
        """
        {"id":"%s","channel":{"to":{"id":"+351912345678","idType":"Phone"},"time":"2026-01-02T03:04:05.678Z"},
         "status":"%s","direction":"Outbound"%s}"""
            .formatted(id, status, more));
  }

  private static String response(String question) {
    return """
        {%s,"buttonResponse":{"type":"QuickReply","text":"Yes","payload":"y"},"originatingMessageId":"%s"}"""
        .formatted(CHANNEL, question);
  }

  private static String content(String attachment) {
    return "{%s,\"content\":[{\"contentType\":\"Attachment\",\"attachment\":{%s}}]}"
        .formatted(CHANNEL, attachment);
  }
}
