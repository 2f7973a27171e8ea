package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.Message;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import dev.parley.platform.telemetry.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// From the event log to Genesys, whose API is a double, and what it says back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeTest {
  private static final AtomicInteger PHONES = new AtomicInteger(1_000_000);

  private final BridgeFixture bridge = new BridgeFixture();
  private final GenesysDouble genesys = bridge.genesys;
  private GenesysAccount acme = bridge.connected(bridge.acme);

  @BeforeEach
  void anotherConnection() {
    // Each with an OAuth client of its own, so that no test spends another's budget.
    var made =
        bridge.integrations.create(
            Caller.system(bridge.acme),
            new Integrations.Wanted(
                "Genesys",
                null,
                "mypurecloud.ie",
                "client-" + PHONES.incrementAndGet(),
                new Secret("secret"),
                "open-1",
                List.of(new Secret("a secret of sixteen characters")),
                null));
    acme = bridge.integrations.account(bridge.acme, made.id());
    bridge.toGenesys(acme);
    genesys.asked.clear();
  }

  @AfterAll
  void close() {
    bridge.close();
  }

  private static String phone() {
    return "351" + PHONES.incrementAndGet();
  }

  private WorkItem item(String text) {
    bridge.written(bridge.acme, phone(), text);
    List<WorkItem> items = bridge.settle(bridge.acme);
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  private static Duration pause(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Later.class);
    return ((Outcome.Later) outcome).pause();
  }

  private List<String> names() {
    return genesys.asked.stream().map(a -> a.body().at("/channel/messageId").asText()).toList();
  }

  @Test
  void aMessageIsPostedOnceAsTheContractSays() {
    String phone = phone();
    UUID conversation = bridge.written(bridge.acme, phone, "Olá \uD83D\uDC4D");
    WorkItem item = bridge.settle(bridge.acme).getFirst();

    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);

    assertThat(genesys.asked).hasSize(1);
    GenesysDouble.Asked asked = genesys.asked.getFirst();
    assertThat(asked.path())
        .isEqualTo(
            "/api/v2/conversations/messages/open-1/inbound/open/message?prefetchConversationId=true");
    JsonNode body = asked.body();
    assertThat(body.path("text").asText()).isEqualTo("Olá \uD83D\uDC4D");
    assertThat(body.at("/channel/from/id").asText()).isEqualTo("+" + phone);
    assertThat(body.at("/channel/from/idType").asText()).isEqualTo("Phone");
    assertThat(body.at("/channel/from/nickname").asText()).isEqualTo("Ana");
    assertThat(body.at("/channel/time").asText()).matches(".*T.*\\.\\d{3}Z");
    assertThat(body.at("/channel/messageId").asText()).startsWith("wamid.");
    assertThat(body.at("/channel/metadata/customAttributes/conversationId").asText())
        .isEqualTo(conversation.toString());
    Desks.Seen seen = bridge.desks.ofConversation(Caller.system(bridge.acme), conversation);
    assertThat(seen.genesysConversationId()).isEqualTo("gc-1");
    assertThat(seen.desk().desk()).isEqualTo(ConversationDesk.Place.GENESYS);
    assertThat(bridge.happened(bridge.acme)).contains("conversation.desk-changed");
  }

  @Test
  void anotherTenantsItemReachesNothing() {
    WorkItem item = item("secret");
    var stolen =
        new WorkItem(
            item.id(),
            bridge.globex,
            item.queue(),
            item.key(),
            item.dedupKey(),
            item.kind(),
            item.payload(),
            item.correlationId(),
            null,
            item.enqueuedAt(),
            0);

    assertThat(bridge.tell(stolen)).isInstanceOf(Outcome.Done.class);
    assertThat(genesys.asked).isEmpty();
  }

  @Test
  void whoHasNoConnectionPaysNothingForTheBridge() {
    assertThat(wants(bridge.globex)).isFalse();
    assertThat(bridge.forwarding.pause(bridge.globex, Set.of("message.received")))
        .as("many are passed over at a time")
        .isGreaterThan(Subscriptions.PAUSE.multipliedBy(5));
    assertThat(wants(bridge.acme)).isTrue();
    assertThat(bridge.forwarding.pause(bridge.acme, Set.of("message.received")))
        .as("an agent waits")
        .isLessThan(Subscriptions.PAUSE);
    assertThat(bridge.forwarding.pause(bridge.acme, Set.of("message.delivered")))
        .as("nobody waits")
        .isEqualTo(Subscriptions.PAUSE);
  }

  private boolean wants(TenantId tenant) {
    return bridge.db.inTenant(tenant, bridge.forwarding::wants);
  }

  @Test
  void aLongTextGoesInPartsWithNamesOfTheirOwn() {
    WorkItem item = item("x".repeat(9000));
    bridge.tell(item);

    assertThat(genesys.asked).hasSize(3);
    assertThat(names()).doesNotHaveDuplicates();
    assertThat(names().get(1)).isEqualTo(names().getFirst() + ":1");
    assertThat(genesys.asked.stream().map(a -> a.body().at("/channel/time").asText()))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatWasNotAnsweredWaitsAndIsPostedUnderTheSameName() {
    WorkItem item = item("once");
    genesys.next(new GenesysDouble.Told(0, "", Map.of()));

    assertThat(pause(bridge.tell(item))).isGreaterThan(Duration.ofSeconds(5));
    assertThat(pause(bridge.tell(item)))
        .as("still held")
        .isLessThanOrEqualTo(Duration.ofSeconds(11));
    assertThat(genesys.asked).hasSize(1);

    age(item);
    bridge.media.clock.pass(Duration.ofSeconds(11));
    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    assertThat(names()).hasSize(2);
    assertThat(Set.copyOf(names())).hasSize(1);
    assertThat(genesys.asked.get(0).body()).isEqualTo(genesys.asked.get(1).body());
  }

  @Test
  void aReceiptTellsThatWhatWasNotAnsweredHasArrived() {
    WorkItem item = item("once");
    genesys.next(new GenesysDouble.Told(0, "", Map.of()));
    bridge.tell(item);

    assertThat(
            bridge.receipt(
                acme,
                "{\"id\":\"g-x\",\"channel\":{\"messageId\":\"%s\"},\"status\":\"Published\"}"
                    .formatted(names().getFirst())))
        .isTrue();
    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    assertThat(genesys.asked).hasSize(1);
  }

  /// Lets the claim of the item's message look as old as the hold is long.
  private void age(WorkItem item) {
    UUID message = UUID.fromString(Json.tree(item.payload()).path("messageId").asText());
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            tx.sql()
                .createUpdate(
                    "UPDATE genesys_forwarded SET claimed_at = claimed_at - interval '11 seconds'"
                        + " WHERE tenant_id = :tenant AND source_id = :id")
                .bind("tenant", bridge.acme.value())
                .bind("id", message)
                .execute());
  }

  @Test
  void tooManyRequestsHoldEverythingOfTheClientBack() {
    WorkItem first = item("first");
    WorkItem second = item("second");
    genesys.next(new GenesysDouble.Told(429, "{}", Map.of("Retry-After", "7")));

    assertThat(pause(bridge.tell(first))).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    assertThat(pause(bridge.tell(second))).isGreaterThan(Duration.ofSeconds(4));
    assertThat(genesys.asked).hasSize(1);
    bridge.db.runInTenant(
        bridge.acme,
        tx ->
            tx.sql()
                .createUpdate(
                    "UPDATE genesys_budgets SET blocked_until = now() WHERE tenant_id = :tenant")
                .bind("tenant", bridge.acme.value())
                .execute());
    assertThat(bridge.tell(first)).isInstanceOf(Outcome.Done.class);
    assertThat(names()).hasSize(2);
  }

  @Test
  void anIntegrationThatIsGonePausesAndLosesNothing() {
    WorkItem item = item("kept");
    genesys.next(GenesysDouble.Told.of(404));

    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Later.class);
    Integration paused = bridge.integrations.get(Caller.system(bridge.acme), acme.id());
    assertThat(paused.state()).isEqualTo(Integration.State.PAUSED);
    assertThat(paused.lastError()).contains("does not know");
    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Later.class);
    assertThat(genesys.asked).hasSize(1);
  }

  @Test
  void whatIsRefusedBecomesADeadLetterAndCanBeTriedAgain() {
    WorkItem item = item("poison");
    genesys.next(GenesysDouble.Told.of(400));

    assertThatThrownBy(() -> bridge.tell(item))
        .isInstanceOf(Unprocessable.class)
        .hasMessageContaining("400");
    assertThat(bridge.happened(bridge.acme)).contains("genesys.not-taken");
    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    assertThat(genesys.asked).hasSize(2);
  }

  @Test
  void aRefusedTokenIsRefreshedOnceHoweverManyWantIt() throws InterruptedException {
    bridge.client.get(acme, "/api/v2/ping");
    int before = genesys.tokens.get();
    genesys.refusedToken = genesys.asked.getLast().token();
    Set<String> used = ConcurrentHashMap.newKeySet();
    var done = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                if (bridge.client.get(acme, "/api/v2/ping") instanceof GenesysReply.Done) {
                  used.add("done");
                } else {
                  used.add("failed");
                }
                done.countDown();
              });
    }
    done.await();

    assertThat(genesys.tokens.get() - before).isEqualTo(1);
    assertThat(used).containsExactly("done");
  }

  @Test
  void aTokenIsUsedUntilAnHourBeforeItsEnd() {
    bridge.client.get(acme, "/api/v2/ping");
    int before = genesys.tokens.get();

    bridge.media.clock.pass(Duration.ofHours(22));
    bridge.client.get(acme, "/api/v2/ping");
    assertThat(genesys.tokens.get()).isEqualTo(before);
    bridge.media.clock.pass(Duration.ofMinutes(61));
    bridge.client.get(acme, "/api/v2/ping");
    assertThat(genesys.tokens.get()).isEqualTo(before + 1);
  }

  @Test
  void aChoiceAnswersItsQuestionAndFallsBackToItsWords() {
    String phone = phone();
    UUID conversation = bridge.written(bridge.acme, phone, "hello");
    bridge.tell(bridge.settle(bridge.acme).getFirst());
    asked(conversation, "g-question", Map.of("1", new Part.Option("QuickReply", "Blue", "c:1")));
    genesys.asked.clear();

    bridge.written(bridge.acme, phone, "1");
    bridge.tell(bridge.settle(bridge.acme).getFirst());
    assertThat(genesys.asked.getFirst().path()).endsWith("/inbound/open/structured/response");
    JsonNode body = genesys.asked.getFirst().body();
    assertThat(body.path("originatingMessageId").asText()).isEqualTo("g-question");
    assertThat(body.at("/buttonResponse/payload").asText()).isEqualTo("c:1");

    asked(conversation, "g-old", Map.of("1", new Part.Option("QuickReply", "Blue", "c:1")));
    genesys.next(GenesysDouble.Told.of(404));
    bridge.written(bridge.acme, phone, "1");
    assertThat(bridge.tell(bridge.settle(bridge.acme).getFirst())).isInstanceOf(Outcome.Done.class);
    assertThat(genesys.asked.getLast().path()).contains("/inbound/open/message");
    assertThat(genesys.asked.getLast().body().path("text").asText()).isEqualTo("Blue");
  }

  /// Genesys has asked something with numbered choices.
  private UUID asked(UUID conversation, String webhook, Map<String, Part.Option> choices) {
    var received =
        new ReceivedStore.Received(
            acme.id(), webhook, conversation, new BridgeStore.Customer("+1", "Phone"));
    UUID message =
        bridge
            .conversations
            .send(
                Caller.system(bridge.acme),
                conversation,
                new Content.Text("Which?", null),
                null,
                null)
            .message()
            .id();
    Instant now = bridge.media.clock.instant();
    bridge.db.runInTenant(
        bridge.acme,
        tx -> {
          ReceivedStore.insert(tx.sql(), tx.tenant(), received, now);
          ReceivedStore.answer(tx.sql(), tx.tenant(), message, received, choices, true, now);
        });
    return message;
  }

  @Test
  void aHandoverSendsWhatWasSaidAsOneText() {
    UUID conversation = bridge.written(bridge.acme, phone(), "My parcel is late");
    bridge.settle(bridge.acme);
    Caller agent = Caller.system(bridge.acme);
    int before = bridge.queued.size();

    bridge.desks.handOver(agent, conversation, ConversationDesk.Place.INBOX, null, null);
    bridge.desks.handOver(
        agent, conversation, ConversationDesk.Place.GENESYS, acme.id(), "Order 4711");
    assertThat(bridge.queued.size()).isEqualTo(before + 2);
    bridge.queued.subList(before, before + 2).forEach(bridge::tell);

    assertThat(genesys.asked.get(0).body().path("text").asText())
        .contains("has taken the conversation over");
    assertThat(genesys.asked.get(1).body().path("text").asText())
        .isEqualTo("[Handed over by system]\nOrder 4711\nCustomer: My parcel is late");
  }

  @Test
  void whatTheHandoverHasToldIsNotToldAgain() {
    UUID conversation = bridge.written(bridge.acme, phone(), "before");
    bridge.desks.handOver(
        Caller.system(bridge.acme), conversation, ConversationDesk.Place.GENESYS, acme.id(), null);
    assertThat(bridge.settle(bridge.acme)).as("its event is read after the handover").isEmpty();
  }

  @Test
  void whatWaitedWhenTheConversationWasTakenAwayDoesNotGo() {
    String phone = phone();
    UUID conversation = bridge.written(bridge.acme, phone, "for the inbox");
    WorkItem item = bridge.settle(bridge.acme).getFirst();
    bridge.desks.handOver(
        Caller.system(bridge.acme), conversation, ConversationDesk.Place.INBOX, null, null);

    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    bridge.written(bridge.acme, phone, "and this");
    assertThat(bridge.settle(bridge.acme)).isEmpty();
    assertThat(genesys.asked).isEmpty();
  }

  @Test
  void whatWasQueuedGoesAlsoAfterTheConversationWasResolved() {
    UUID conversation = bridge.written(bridge.acme, phone(), "still for Genesys");
    WorkItem item = bridge.settle(bridge.acme).getFirst();
    bridge.db.runInTenant(
        bridge.acme, tx -> DeskChoiceStore.undecide(tx.sql(), tx.tenant(), List.of(conversation)));

    assertThat(bridge.tell(item)).isInstanceOf(Outcome.Done.class);
    assertThat(genesys.asked).hasSize(1);
  }

  @Test
  void thatAgentsHaveEndedAConversationIsSeenAndItIsDecidedAnew() {
    bridge.endings.look(bridge.acme);
    UUID conversation = bridge.written(bridge.acme, phone(), "bye");
    bridge.tell(bridge.settle(bridge.acme).getFirst());
    Caller system = Caller.system(bridge.acme);
    genesys.asked.clear();

    bridge.endings.look(bridge.acme);
    assertThat(genesys.asked).as("nobody asks at once").isEmpty();
    bridge.media.clock.pass(Duration.ofMinutes(11));
    String left =
        "{\"participants\":[{\"purpose\":\"customer\",\"state\":\"disconnected\"},{\"purpose\":\"agent\",\"state\":\"disconnected\"}]}";
    genesys.everything = new GenesysDouble.Told(200, left, Map.of());
    bridge.endings.look(bridge.acme);
    genesys.everything = null;

    assertThat(genesys.asked).anyMatch(a -> a.path().endsWith("/conversations/messages/gc-1"));
    assertThat(bridge.happened(bridge.acme)).contains("genesys.ended");
    assertThat(bridge.desks.ofConversation(system, conversation).desk().desk())
        .isEqualTo(ConversationDesk.Place.INBOX);
    genesys.asked.clear();
    bridge.media.clock.pass(Duration.ofMinutes(11));
    bridge.endings.look(bridge.acme);
    assertThat(genesys.asked).as("what is over is not asked for").isEmpty();
  }

  @Test
  void theBudgetLetsNoMoreThroughThanAMinuteMay() {
    int taken = 0;
    while (bridge.budget.take(acme, Budget.Use.MESSAGE).isZero() && taken < 500) {
      taken++;
    }
    assertThat(taken).as("a fifth of 300 at once, and some that came since").isBetween(60, 120);
    assertThat(bridge.budget.take(acme, Budget.Use.FINAL_RECEIPT)).isPositive();
  }

  @Test
  void receiptsLeaveSomethingForMessages() {
    int taken = 0;
    while (bridge.budget.take(acme, Budget.Use.RECEIPT).isZero() && taken < 500) {
      taken++;
    }
    assertThat(taken).isLessThan(60);
    assertThat(bridge.budget.take(acme, Budget.Use.FINAL_RECEIPT)).isZero();
    assertThat(bridge.budget.take(acme, Budget.Use.MESSAGE)).isZero();
  }

  @Test
  void webhooksThatWaitTogetherAreInTheOrderOfTheirTime() {
    Instant now = bridge.media.clock.instant();
    String body =
        "{\"id\":\"%s\",\"type\":\"Text\",\"channel\":{\"to\":{\"id\":\"+1\"},\"time\":\"%s\"}}";
    WorkItem late = webhook(body.formatted("b", now.minusSeconds(1)));
    WorkItem early = webhook(body.formatted("a", now.minusSeconds(2)));

    assertThat(early.key()).isEqualTo(late.key());
    assertThat(early.id().toString()).isLessThan(late.id().toString());
    assertThat(webhook(body.formatted("a", now.minusSeconds(2))).dedupKey())
        .isEqualTo(early.dedupKey());
    // Twelve seconds late, and what was said after it: nothing reads past the first.
    WorkItem old = webhook(body.formatted("c", now.minusSeconds(12)));
    assertThat(old.id().getMostSignificantBits() >>> 16)
        .isGreaterThan(now.minusSeconds(8).toEpochMilli());
    assertThat(old.id().toString()).isLessThan(early.id().toString());
    assertThat(webhook("no json").kind()).isEqualTo(WebhookItem.UNREADABLE);
  }

  private WorkItem webhook(String body) {
    return WebhookItem.of(
        acme,
        body.getBytes(StandardCharsets.UTF_8),
        Trace.accept("c", null),
        bridge.media.clock.instant());
  }

  @Test
  void aFinalReceiptIsToldOnce() {
    UUID conversation = bridge.written(bridge.acme, phone(), "hello");
    bridge.settle(bridge.acme);
    UUID message = asked(conversation, "g-final", Map.of());
    var asked = new Counterparts.Asked(acme.id(), "g-final");
    Message sent = bridge.messages(bridge.acme, conversation).getLast();
    assertThat(sent.id()).isEqualTo(message);
    bridge.db.runInTenant(
        bridge.acme,
        tx -> {
          assertThat(
                  ReceivedStore.conclude(
                      tx.sql(), tx.tenant(), acme.id(), "g-final", "Delivered", null))
              .as("not delivered yet")
              .isEmpty();
          assertThat(ReceivedStore.settle(tx.sql(), tx.tenant(), message, asked, "delivered"))
              .isTrue();
          assertThat(
                  ReceivedStore.conclude(
                      tx.sql(), tx.tenant(), acme.id(), "g-final", "Delivered", null))
              .isPresent();
          assertThat(ReceivedStore.settle(tx.sql(), tx.tenant(), message, asked, "failed"))
              .isFalse();
          assertThat(
                  ReceivedStore.conclude(
                      tx.sql(), tx.tenant(), acme.id(), "g-final", "Failed", "late"))
              .as("the first stands")
              .isEmpty();
        });
  }
}
