package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.Inbound;
import dev.parley.conversations.Message;
import dev.parley.platform.access.Caller;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What Genesys is told of customers' messages besides their words, and what becomes of what it does not take.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TellGenesysTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger(3_000_000);

  private final BridgeFixture bridge = new BridgeFixture();
  private final GenesysDouble genesys = bridge.genesys;
  private GenesysAccount acme = bridge.connected(bridge.acme);

  @BeforeEach
  void anotherConnection() {
    acme = connection(GenesysSettings.NONE);
    genesys.asked.clear();
  }

  @AfterAll
  void close() {
    bridge.close();
  }

  /// A connection with an OAuth client of its own, which answers the channel from now on.
  private GenesysAccount connection(GenesysSettings settings) {
    var made =
        bridge.integrations.create(
            Caller.system(bridge.acme),
            new Integrations.Wanted(
                "Genesys",
                null,
                "mypurecloud.ie",
                "client-" + NUMBERS.incrementAndGet(),
                new Secret("secret"),
                "open-1",
                List.of(new Secret("a secret of sixteen characters")),
                settings));
    GenesysAccount account = bridge.integrations.account(bridge.acme, made.id());
    bridge.toGenesys(account);
    return account;
  }

  private static String phone() {
    return "351" + NUMBERS.incrementAndGet();
  }

  private List<String> texts() {
    return genesys.asked.stream().map(asked -> asked.body().path("text").asText()).toList();
  }

  private void settle() {
    bridge.settle(bridge.acme).forEach(bridge::tell);
  }

  @Test
  void aReplyQuotesWhatItAnswersAndNamesIt() {
    String phone = phone();
    UUID conversation = bridge.written(bridge.acme, phone, "Is it blue?");
    Message first = bridge.messages(bridge.acme, conversation).getFirst();
    bridge.written(bridge.acme, phone, new Content.Text("Yes", null), first.providerMessageId());
    settle();

    assertThat(texts()).containsExactly("Is it blue?", "> \"Is it blue?\"\nYes");
    JsonNode attributes = genesys.asked.getLast().body().at("/channel/metadata/customAttributes");
    assertThat(attributes.path("replyTo").asText()).isEqualTo(first.providerMessageId());
    assertThat(attributes.path("messageType").asText()).isEqualTo("text");
  }

  private void changed(String phone) {
    UUID conversation = bridge.written(bridge.acme, phone, "Monday");
    Message message = bridge.messages(bridge.acme, conversation).getFirst();
    String id = String.valueOf(message.providerMessageId());
    Inbound.Origin origin = bridge.customers.origin(bridge.acme, phone, "Ana");
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            bridge.conversations.receive(
                tx,
                List.of(
                    new Inbound.Edited(
                        origin, message.createdAt(), id, new Content.Text("Tuesday", null)))));
    settle();
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            bridge.conversations.receive(
                tx, List.of(new Inbound.Revoked(origin, message.createdAt(), id))));
    settle();
  }

  @Test
  void editsAndDeletionsAreTold() {
    changed(phone());

    assertThat(texts()).hasSize(3);
    assertThat(texts().get(1)).isEqualTo("Edited: Tuesday");
    assertThat(texts().get(2)).startsWith("Customer deleted a message");
  }

  @Test
  void editsAndDeletionsAreNotToldWhereTheSettingsSayNo() {
    connection(new GenesysSettings(null, null, null, false, null, null, null));
    changed(phone());

    assertThat(texts()).hasSize(1);
  }

  /// Whether Genesys' receipts carry the id that we gave is not documented.
  @Test
  void genesysOwnIdIsEnoughForItsReceiptsOnceItHasAnswered() {
    bridge.written(bridge.acme, phone(), "hello");
    WorkItem item = bridge.settle(bridge.acme).getFirst();
    String published =
        "{\"id\":\"g-1\",\"channel\":{\"messageId\":\"g-1\"},\"status\":\"Published\"}";
    Outcome outcome = bridge.send.handle(item);

    assertThat(bridge.receipt(acme, published)).as("the answer is not stored yet").isFalse();
    bridge.db.runInTenant(bridge.acme, outcome.effect());
    assertThat(bridge.receipt(acme, published)).isTrue();
    assertThat(state(item)).isEqualTo("published");
    assertThat(bridge.receipt(acme, published)).as("and again").isTrue();
  }

  @Test
  void whatIsRememberedWronglyOfAReceiptIsFoundInTheDatabase() {
    bridge.written(bridge.acme, phone(), "hello");
    WorkItem item = bridge.settle(bridge.acme).getFirst();
    bridge.tell(item);
    bridge
        .counterparts
        .told()
        .put(bridge.acme, acme.id(), "g-1", new Counterparts.Told(UUID.randomUUID(), 0));

    assertThat(bridge.receipt(acme, "{\"id\":\"g-1\",\"status\":\"Published\"}")).isTrue();
    assertThat(state(item)).isEqualTo("published");
  }

  private String state(WorkItem item) {
    UUID message = UUID.fromString(Json.tree(item.payload()).path("messageId").asText());
    BridgeStore.Progress first =
        bridge
            .db
            .inTenant(bridge.acme, tx -> BridgeStore.progress(tx.sql(), tx.tenant(), message))
            .get(0);
    return first == null ? "none" : first.state();
  }

  /// The process dies between Genesys' answer and the commit.
  @Test
  void whatWasAnsweredAndNotStoredIsHeldAndThenPostedUnderTheSameName() {
    bridge.written(bridge.acme, phone(), "once");
    WorkItem item = bridge.settle(bridge.acme).getFirst();
    bridge.send.handle(item);

    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Later.class);
    assertThat(genesys.asked).as("held for Genesys' receipt").hasSize(1);
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            tx.sql()
                .createUpdate(
                    "UPDATE genesys_forwarded SET claimed_at = claimed_at - interval '1 minute'"
                        + " WHERE tenant_id = :tenant")
                .bind("tenant", tx.tenant().value())
                .execute());
    bridge.media.clock.pass(Duration.ofMinutes(1));

    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    assertThat(genesys.asked).hasSize(2);
    assertThat(genesys.asked.get(0).body()).isEqualTo(genesys.asked.get(1).body());
  }

  /// However many wait for their turn: the queue works on one item of a customer at a time, in this order.
  @Test
  void whatTheBudgetHoldsBackKeepsItsOrder() {
    String phone = phone();
    for (int i = 0; i < 5; i++) {
      bridge.written(bridge.acme, phone, "n" + i);
    }
    List<WorkItem> items = bridge.settle(bridge.acme);
    while (bridge.budget.take(acme, Budget.Use.MESSAGE).isZero()) {
      // Until nothing is left.
    }

    assertThat(items).hasSize(5);
    assertThat(items).extracting(WorkItem::key).containsOnly(items.getFirst().key());
    assertThat(items.stream().map(item -> item.id().toString()).toList()).isSorted();
    assertThat(bridge.tell(items.getFirst())).isInstanceOf(Outcome.Later.class);
    assertThat(genesys.asked).isEmpty();
  }
}
