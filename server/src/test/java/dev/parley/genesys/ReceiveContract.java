package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.DeliveryState;
import dev.parley.conversations.Failure;
import dev.parley.conversations.Message;
import dev.parley.conversations.Receipt;
import dev.parley.platform.access.Caller;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import dev.parley.platform.telemetry.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From Genesys' webhooks to what the customer is sent, and what Genesys is told of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReceiveContract {
  private static final AtomicInteger NUMBERS = new AtomicInteger(2_000_000);

  private BridgeFixture bridge;
  private GenesysAccount acme;
  private GenesysAccount globex;

  /// A new one, which this closes.
  abstract BridgeFixture fixture();

  @BeforeAll
  void connect() {
    bridge = fixture();
    acme = bridge.connected(bridge.acme);
    globex = bridge.connected(bridge.globex);
    bridge.toGenesys(acme);
    bridge.toGenesys(globex);
  }

  @AfterAll
  void close() {
    bridge.close();
  }

  private static String phone() {
    return "351" + NUMBERS.incrementAndGet();
  }

  /// A conversation that Genesys knows; answers its id.
  private UUID begun(String phone) {
    UUID conversation = bridge.written(bridge.acme, phone, "hello");
    bridge.settle(bridge.acme).forEach(bridge::tell);
    return conversation;
  }

  private ObjectNode text(String phone, String text) {
    ObjectNode body =
        Json.MAPPER
            .createObjectNode()
            .put("id", "w-" + NUMBERS.incrementAndGet())
            .put("type", "Text")
            .put("direction", "Outbound")
            .put("text", text);
    body.putObject("channel")
        .put("time", bridge.media.clock.instant().toString())
        .putObject("to")
        .put("id", "+" + phone)
        .put("idType", "Phone");
    return body;
  }

  private WorkItem item(GenesysAccount account, ObjectNode webhook) {
    return WebhookItem.of(
        account,
        webhook.toString().getBytes(StandardCharsets.UTF_8),
        Trace.accept("c", null),
        bridge.media.clock.instant());
  }

  private void take(ObjectNode... webhooks) {
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            bridge.receive.handle(
                tx, Stream.of(webhooks).map(webhook -> item(acme, webhook)).toList()));
  }

  private List<String> sent(UUID conversation) {
    return bridge.messages(bridge.acme, conversation).stream()
        .filter(message -> message.direction() == Message.Direction.OUTBOUND)
        .map(message -> ((Content.Text) message.content()).body())
        .toList();
  }

  /// The receipts of a webhook that are queued: their states and codes.
  private List<String> receipts(String webhook) {
    return bridge.queued.stream()
        .filter(item -> item.queue().equals(ToGenesysQueue.RECEIPTS))
        .map(item -> Json.tree(item.payload()))
        .filter(data -> data.path("webhookId").asText().equals(webhook))
        .map(data -> (data.path("status").asText() + " " + data.path("code").asText("")).strip())
        .toList();
  }

  @Test
  void aMessageThatComesAgainIsSentOnce() {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode webhook = text(phone, "once");

    take(webhook);
    bridge.media.clock.pass(Duration.ofSeconds(18));
    take(webhook);
    take(webhook, webhook);

    assertThat(sent(conversation)).containsExactly("once");
  }

  @Test
  void whatDiesBeforeItIsCommittedIsSentWhenItIsTakenAgain() {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode webhook = text(phone, "not lost");

    assertThatThrownBy(
            () ->
                bridge.db.runInTenant(
                    bridge.acme,
                    tx -> {
                      bridge.receive.handle(tx, List.of(item(acme, webhook)));
                      throw new IllegalStateException("the process dies");
                    }))
        .hasMessage("the process dies");
    assertThat(sent(conversation)).isEmpty();
    take(webhook);

    assertThat(sent(conversation)).containsExactly("not lost");
  }

  @Test
  void whoHasNeverWrittenGetsNothingAndTheAgentIsTold() {
    ObjectNode webhook = text(phone(), "anybody?");
    take(webhook);
    take(webhook);

    assertThat(receipts(webhook.path("id").asText())).containsExactly("Failed InvalidDestination");
  }

  @Test
  void anotherTenantsCustomerIsNobody() {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode webhook = text(phone, "stolen");
    bridge.db.runInTenant(
        bridge.globex, tx -> bridge.receive.handle(tx, List.of(item(globex, webhook))));

    assertThat(sent(conversation)).isEmpty();
    assertThat(receipts(webhook.path("id").asText())).containsExactly("Failed InvalidDestination");
  }

  @Test
  void whatIsUnknownIsToldAndHoldsNothingUp() {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode unknown = text(phone, "?").put("type", "Carrier").put("surprise", true);
    ObjectNode known = text(phone, "and this").put("nickName", "x");
    known.putArray("content");
    take(unknown, known);

    assertThat(receipts(unknown.path("id").asText())).containsExactly("Failed UnsupportedMessage");
    assertThat(sent(conversation)).containsExactly("and this");
  }

  @Test
  void whatHasNoIdIsADeadLetter() {
    ObjectNode webhook = text(phone(), "?");
    webhook.remove("id");

    assertThatThrownBy(() -> take(webhook)).isInstanceOf(Unprocessable.class);
  }

  @Test
  void whatIsRememberedWronglyIsFoundInTheDatabase() {
    String phone = phone();
    UUID conversation = begun(phone);
    UUID other = begun(phone());
    bridge.counterparts.places().put(bridge.acme, acme.id(), "+" + phone, other);

    take(text(phone, "to the right one"));
    take(text(phone, "and again"));

    assertThat(sent(conversation)).containsExactly("to the right one", "and again");
    assertThat(sent(other)).isEmpty();
  }

  @Test
  void answersGoWhereTheCustomerLastWrote() {
    String phone = phone();
    UUID first = begun(phone);
    take(text(phone, "here"));
    UUID second = begun(phone());
    bridge.media.clock.pass(Duration.ofSeconds(1));
    // The same customer, on another channel of the connection.
    bridge.db.runInTenant(
        bridge.acme,
        tx -> {
          var name = new BridgeStore.Customer("+" + phone, "Phone");
          Instant now = bridge.media.clock.instant();
          tx.sql()
              .createUpdate(
                  "UPDATE genesys_customers SET customer_id = :name, last_at = :now"
                      + " WHERE tenant_id = :tenant AND conversation_id = :conversation")
              .bind("name", name.id())
              .bind("now", java.sql.Timestamp.from(now))
              .bind("tenant", tx.tenant().value())
              .bind("conversation", second)
              .execute();
        });
    take(text(phone, "there"));

    assertThat(sent(first)).containsExactly("here");
    assertThat(sent(second)).containsExactly("there");
  }

  @Test
  void genesysConversationIsLearntFromItsWebhooks() {
    String phone = phone();
    UUID conversation = bridge.written(bridge.acme, phone, "hello");
    bridge.genesys.next(new GenesysDouble.Told(200, "{\"id\":\"g-learn\"}", Map.of()));
    bridge.settle(bridge.acme).forEach(bridge::tell);
    assertThat(theirs(conversation)).as("not prefetched").isNull();

    take(text(phone, "hi").put("conversationId", "gc-learnt"));
    assertThat(theirs(conversation)).isEqualTo("gc-learnt");
    bridge.media.clock.pass(Duration.ofSeconds(1));
    take(text(phone, "again").put("conversationId", "gc-reopened"));
    assertThat(theirs(conversation)).as("after the threading window").isEqualTo("gc-reopened");
  }

  private @Nullable String theirs(UUID conversation) {
    return bridge
        .desks
        .ofConversation(Caller.system(bridge.acme), conversation)
        .genesysConversationId();
  }

  /// Genesys gets one final receipt, whatever comes in whatever order.
  @ParameterizedTest
  @CsvSource({
    "SENT,''",
    "DELIVERED,Delivered",
    "SENT DELIVERED READ,Delivered",
    "READ,Delivered",
    "READ DELIVERED,Delivered",
    "DELIVERED FAILED,Delivered",
    "FAILED,Failed InvalidDestination",
    "FAILED DELIVERED,Failed InvalidDestination"
  })
  void receiptsOfAnyOrderComeToOne(String states, String told) {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode webhook = text(phone, "how did it go");
    take(webhook);
    UUID message = bridge.messages(bridge.acme, conversation).getLast().id();
    for (String state : states.split(" ")) {
      happens(message, DeliveryState.valueOf(state));
      bridge.settle(bridge.acme);
    }

    assertThat(receipts(webhook.path("id").asText()))
        .isEqualTo(told.isEmpty() ? List.of() : List.of(told));
  }

  private void happens(UUID message, DeliveryState state) {
    var failure =
        state == DeliveryState.FAILED
            ? new Failure("undeliverable", "It cannot be delivered.", "", 131026, null, false)
            : null;
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            bridge.conversations.receipts(
                tx,
                List.of(
                    new Receipt(
                        bridge.channel,
                        "wamid.out." + message,
                        message,
                        0,
                        state,
                        bridge.media.clock.instant(),
                        failure,
                        null,
                        Trace.accept("c", null)))));
  }

  @Test
  void whatIsRememberedWronglyOfAMessageDoesNotKeepItsReceiptBack() {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode webhook = text(phone, "told all the same");
    take(webhook);
    UUID message = bridge.messages(bridge.acme, conversation).getLast().id();
    bridge
        .counterparts
        .asked()
        .put(bridge.acme, message, "", new Counterparts.Asked(acme.id(), "another"));
    happens(message, DeliveryState.DELIVERED);
    bridge.settle(bridge.acme);

    assertThat(receipts(webhook.path("id").asText())).containsExactly("Delivered");
    assertThat(receipts("another")).isEmpty();
  }

  @Test
  void typingIsShownToTheCustomerUnlessItIsOld() {
    String phone = phone();
    begun(phone);
    ObjectNode event = text(phone, "");
    event.remove("text");
    event.put("type", "Event").putArray("events").addObject().put("eventType", "Typing");
    take(event);
    assertThat(readMarks()).isEqualTo(1);

    bridge.media.clock.pass(Duration.ofMinutes(1));
    take(event);
    assertThat(readMarks()).as("a minute old").isEqualTo(1);
  }

  private long readMarks() {
    return bridge.db.inTenant(
        bridge.acme,
        tx ->
            tx.sql()
                .createQuery(
                    "SELECT count(*) FROM work_items WHERE tenant_id = :tenant AND kind = 'read'")
                .bind("tenant", tx.tenant().value())
                .mapTo(Long.class)
                .one());
  }

  @Test
  void aReceiptOfNobodyIsIgnoredWhenItIsNotEarlyAnyMore() {
    ObjectNode receipt =
        Json.MAPPER
            .createObjectNode()
            .put("id", "nobody")
            .put("type", "Receipt")
            .put("direction", "Inbound")
            .put("status", "Published");
    WorkItem item = item(acme, receipt);
    assertThat(item.queue()).isEqualTo(WebhookItem.RECEIPTS);
    bridge.db.runInTenant(bridge.acme, tx -> bridge.receive.handle(tx, List.of(item)));
    assertThat(waitsSlowly(item.key())).isTrue();
    assertThat(bridge.receipt(acme, receipt.toString())).isFalse();

    bridge.media.clock.pass(Duration.ofSeconds(30));
    ObjectNode late = receipt.deepCopy().put("id", "nobody-late");
    WorkItem other = item(acme, late);
    bridge.media.clock.pass(Duration.ofSeconds(30));
    bridge.db.runInTenant(bridge.acme, tx -> bridge.receive.handle(tx, List.of(other)));
    assertThat(waitsSlowly(other.key())).isFalse();
  }

  private boolean waitsSlowly(String key) {
    return bridge.db.inTenant(
        bridge.acme,
        tx ->
            tx.sql()
                    .createQuery(
                        "SELECT count(*) FROM work_items"
                            + " WHERE tenant_id = :tenant AND queue = :queue AND key = :key")
                    .bind("tenant", tx.tenant().value())
                    .bind("queue", WebhookItem.SLOW)
                    .bind("key", key)
                    .mapTo(Long.class)
                    .one()
                > 0);
  }

  @Test
  void whatFollowsAFileWaitsForIt() {
    String phone = phone();
    UUID conversation = begun(phone);
    ObjectNode picture = text(phone, "");
    picture.remove("text");
    picture
        .putArray("content")
        .addObject()
        .put("contentType", "Attachment")
        .putObject("attachment")
        .put("mediaType", "Image")
        .put("url", "https://downloads.example/1");
    take(picture);
    take(text(phone, "after the picture"));

    assertThat(sent(conversation)).isEmpty();
    assertThat(waitsSlowly(item(acme, picture).key())).isTrue();
  }
}
