package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusFlowTest {
  private static final String TEXT = "\"type\":\"text\",\"text\":{\"body\":\"hi\"}";
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void tellsSentDeliveredAndReadInOrder() {
    bench.openWindow();
    String wamid = bench.send("\"biz_opaque_callback_data\":\"order-7\"," + TEXT).wamid();

    Await.until("three statuses", () -> bench.receiver.statuses().size() == 3);
    assertThat(bench.receiver.statuses()).containsExactly("sent", "delivered", "read");
    JsonNode sent = bench.receiver.elements("statuses").getFirst();
    assertThat(sent.path("id").asText()).isEqualTo(wamid);
    assertThat(sent.path("recipient_id").asText()).isEqualTo(Bench.CUSTOMER);
    assertThat(sent.path("recipient_user_id").asText()).startsWith("US.");
    assertThat(sent.path("biz_opaque_callback_data").asText()).isEqualTo("order-7");
    assertThat(sent.path("timestamp").isTextual()).isTrue();
    assertThat(sent.path("pricing").path("category").asText()).isEqualTo("service");
    assertThat(bench.receiver.elements("statuses").getLast().has("pricing")).isFalse();
    Await.until("nothing pending", () -> bench.counts().path("webhooksPending").asInt() == 0);
  }

  @Test
  void keepsTheOrderWhileTheReceiverIsAway() {
    bench.openWindow();
    bench.receiver.refuseNext(5);
    bench.send(TEXT);
    Await.until("three statuses", () -> bench.receiver.statuses().size() == 3);
    assertThat(bench.receiver.statuses()).containsExactly("sent", "delivered", "read");
  }

  @Test
  void shufflesAndLosesStatusesWhenTold() {
    bench.openWindow();
    bench.behaviour("{\"shuffle\":true,\"statusGapMs\":20,\"pairLimit\":false}");
    for (int i = 0; i < 12; i++) {
      bench.send(TEXT);
    }
    Await.until("all statuses", () -> bench.receiver.statuses().size() == 36);
    Set<String> firsts =
        Set.copyOf(
            bench.receiver.elements("statuses").stream()
                .collect(
                    Collectors.toMap(
                        status -> status.path("id").asText(),
                        status -> status.path("status").asText(),
                        (a, b) -> a))
                .values());
    assertThat(firsts).hasSizeGreaterThan(1);

    bench.behaviour("{\"missing\":1}");
    bench.send(TEXT);
    Await.until("nothing pending", () -> bench.counts().path("webhooksPending").asInt() == 0);
    assertThat(bench.receiver.statuses()).hasSize(36);
  }

  @Test
  void aReactionIsOnlyEverSent() {
    bench.openWindow();
    bench.send("\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.x\",\"emoji\":\"👍\"}");
    Await.until("nothing pending", () -> bench.counts().path("webhooksPending").asInt() == 0);
    assertThat(bench.receiver.statuses()).containsExactly("sent");
  }

  @Test
  void outsideTheWindowAFreeFormMessageFailsAfterwards() {
    assertThat(bench.send(TEXT).status()).isEqualTo(200);
    Await.until("a status", () -> !bench.receiver.statuses().isEmpty());
    JsonNode failed = bench.receiver.elements("statuses").getFirst();
    assertThat(failed.path("status").asText()).isEqualTo("failed");
    assertThat(failed.path("errors").path(0).path("code").asInt()).isEqualTo(131047);
    assertThat(bench.receiver.hooks().getFirst().body().text()).doesNotContain("\"contacts\"");

    bench.send(
        "\"type\":\"template\",\"template\":{\"name\":\"hello_world\",\"language\":{\"code\":\"en_US\"}}");
    Await.until("the template was read", () -> bench.receiver.statuses().contains("read"));
  }

  @Test
  void theWindowIsCountedFromTheMessagesOwnTime() {
    long yesterday = Instant.now().getEpochSecond() - 25 * 3600;
    bench.customerWrites(
        "{\"type\":\"text\",\"text\":{\"body\":\"old\"},\"timestamp\":" + yesterday + "}");
    bench.behaviour("{\"windowRefusal\":\"sync\"}");
    Bench.Answer refused = bench.send(TEXT);
    assertThat(refused.errorCode()).isEqualTo(131047);
    assertThat(refused.status()).isEqualTo(400);

    bench.behaviour("{\"windowRefusal\":\"off\"}");
    assertThat(bench.send(TEXT).status()).isEqualTo(200);
    bench.behaviour("{\"windowRefusal\":\"sync\"}");
    bench.openWindow();
    assertThat(bench.send(TEXT).status()).isEqualTo(200);
  }

  @Test
  void someCannotBeReached() {
    bench.openWindow();
    bench.behaviour("{\"notOnWhatsApp\":[\"" + Bench.CUSTOMER + "\"]}");
    bench.send(TEXT);
    Await.until("a status", () -> !bench.receiver.statuses().isEmpty());
    JsonNode failed = bench.receiver.elements("statuses").getFirst();
    assertThat(failed.path("errors").path(0).path("code").asInt()).isEqualTo(131026);

    bench.behaviour("{\"notOnWhatsApp\":[],\"unknownRecipients\":\"sync\"}");
    String body =
        "{\"messaging_product\":\"whatsapp\",\"to\":\"4915112345678\",\"text\":{\"body\":\"x\"}}";
    assertThat(bench.send(Bench.NUMBER, Bench.TOKEN, body).errorCode()).isEqualTo(131026);
  }

  @Test
  void aUserWithoutAPhoneIsKnownByIdAlone() {
    bench.customerWrites(
        "{\"type\":\"text\",\"text\":{\"body\":\"hi\"},\"userId\":\"BR.abc1\",\"username\":\"ana\","
            + "\"hidePhone\":true}");
    JsonNode message = bench.receiver.elements("messages").getFirst();
    assertThat(message.has("from")).isFalse();
    assertThat(message.path("from_user_id").asText()).isEqualTo("BR.abc1");

    String body =
        "{\"messaging_product\":\"whatsapp\",\"recipient\":\"BR.abc1\",\"text\":{\"body\":\"x\"}}";
    assertThat(bench.send(Bench.NUMBER, Bench.TOKEN, body).status()).isEqualTo(200);
    Await.until("three statuses", () -> bench.receiver.statuses().size() == 3);
    List<JsonNode> statuses = bench.receiver.elements("statuses");
    assertThat(statuses)
        .allMatch(status -> status.path("recipient_user_id").asText().equals("BR.abc1"));
  }
}
