package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Deliveries.Claim;
import dev.parley.conversations.DeliveryState;
import dev.parley.conversations.Failure;
import dev.parley.conversations.Message;
import dev.parley.conversations.SendResult;
import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What becomes of a message that is sent: claims, answers, receipts in any order, retries, unknown outcomes.
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryReceiptsTest {
  private static final long TIME = WhatsAppFixture.WRITTEN.getEpochSecond();
  private static final Duration HOLD = Duration.ofMinutes(2);
  private static final Failure REFUSED = new Failure("refused", "No.", "Ask.", 1, "no", false);

  private final WhatsAppFixture app = new WhatsAppFixture();
  private UUID conversation = new UUID(0, 0);

  @BeforeAll
  void aCustomerWrites() {
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(
            WhatsAppFixture.text("16505551000", "wamid.first", TIME, "Hello"), ""));
    conversation = app.conversationsOf(app.acme).getFirst().id();
  }

  @AfterAll
  void close() {
    app.close();
  }

  private UUID send() {
    SendResult result =
        app.conversations.send(
            app.caller(app.acme), conversation, new Content.Text("Hi", null), null, null);
    return result.message().id();
  }

  private Deliveries.Outgoing claim(UUID message) {
    Claim claim = app.deliveries.claim(app.db.acme, message, HOLD);
    assertThat(claim).isInstanceOf(Claim.Send.class);
    return ((Claim.Send) claim).outgoing();
  }

  private void sent(Deliveries.Outgoing outgoing, String providerId) {
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.sent(tx, outgoing, providerId, null));
  }

  private Message message(UUID id) {
    return app.conversations.message(app.caller(app.acme), id).orElseThrow();
  }

  private @Nullable DeliveryState state(UUID id) {
    return message(id).state();
  }

  private void status(String providerId, String state, @Nullable String ours) {
    String more =
        (ours == null ? "" : ",\"biz_opaque_callback_data\":\"" + ours + "\"")
            + (state.equals("failed")
                ? ",\"errors\":[{\"code\":131049,\"error_data\":{\"details\":\"held\"}}]"
                : "");
    app.receive(
        app.acme,
        WhatsAppFixture.webhook("", WhatsAppBatchesTest.status(providerId, state, TIME, more)));
  }

  @Test
  void theWholeWay() {
    UUID id = send();
    assertThat(state(id)).isEqualTo(DeliveryState.QUEUED);
    Deliveries.Outgoing outgoing = claim(id);
    assertThat(outgoing.attempt()).isEqualTo(1);
    assertThat(state(id)).isEqualTo(DeliveryState.SENDING);
    sent(outgoing, "wamid.way");
    for (String word : List.of("sent", "delivered", "delivered", "read", "played", "delivered")) {
      status("wamid.way", word, null);
    }
    assertThat(state(id)).isEqualTo(DeliveryState.PLAYED);
    assertThat(app.eventTypes(app.db.acme, id))
        .containsExactly("message.sent", "message.delivered", "message.read", "message.played");
    assertThat(app.deliveries.claim(app.db.acme, id, HOLD)).isInstanceOf(Claim.Settled.class);
  }

  @Test
  void aReceiptThatIsQuickerThanTheAnswerWaitsForIt() {
    UUID id = send();
    Deliveries.Outgoing outgoing = claim(id);
    status("wamid.quick", "delivered", null);
    assertThat(state(id)).isEqualTo(DeliveryState.SENDING);
    sent(outgoing, "wamid.quick");
    assertThat(state(id)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(app.count(app.db.acme, "SELECT count(*) FROM pending_receipts")).isZero();
  }

  @Test
  void aReceiptWithOurIdIsTheAnswer() {
    UUID id = send();
    Deliveries.Outgoing outgoing = claim(id);
    status("wamid.ours", "read", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.READ);
    sent(outgoing, "wamid.ours");
    assertThat(state(id)).isEqualTo(DeliveryState.READ);
    assertThat(message(id).providerMessageId()).isEqualTo("wamid.ours");
    assertThat(app.eventTypes(app.db.acme, id)).containsExactly("message.sent", "message.read");
  }

  @Test
  void aFailureAfterTheDeliveryDoesNotCount() {
    UUID id = send();
    sent(claim(id), "wamid.late");
    status("wamid.late", "delivered", null);
    status("wamid.late", "failed", null);
    assertThat(state(id)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(message(id).failure()).isNull();
  }

  @Test
  void aDeliveryAfterAFailureCounts() {
    UUID id = send();
    sent(claim(id), "wamid.early");
    status("wamid.early", "failed", null);
    assertThat(state(id)).isEqualTo(DeliveryState.FAILED);
    assertThat(message(id).failure()).isNotNull();
    status("wamid.early", "delivered", null);
    assertThat(state(id)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(message(id).failure()).isNull();
    assertThat(message(id).failedAt()).isNull();
  }

  @Test
  void aRetryIsANewTryThatReceiptsOfTheFirstDoNotEnd() {
    UUID id = send();
    sent(claim(id), "wamid.try1");
    status("wamid.try1", "failed", id + ":1");
    app.conversations.retry(app.caller(app.acme), conversation, id);
    assertThat(state(id)).isEqualTo(DeliveryState.QUEUED);
    // The provider repeats itself, before and after the new try begins.
    status("wamid.try1", "failed", id + ":1");
    status("wamid.try1", "sent", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.QUEUED);
    Deliveries.Outgoing second = claim(id);
    assertThat(second.attempt()).isEqualTo(2);
    status("wamid.try1", "failed", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.SENDING);
    sent(second, "wamid.try2");
    status("wamid.try1", "failed", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.SENT);
    status("wamid.try1", "delivered", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(message(id).providerMessageId()).isEqualTo("wamid.try2");
  }

  @Test
  void onlyWhatFailedIsRetried() {
    UUID id = send();
    assertThatThrownBy(() -> app.conversations.retry(app.caller(app.acme), conversation, id))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> app.conversations.retry(app.caller(app.globex), conversation, id))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("message");
  }

  @Test
  void anUnknownOutcomeIsHeldAndThenPolicyDecides() {
    UUID id = send();
    Deliveries.Outgoing outgoing = claim(id);
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.unknown(tx, outgoing, REFUSED, HOLD));
    assertThat(app.deliveries.claim(app.db.acme, id, HOLD)).isInstanceOf(Claim.Hold.class);
    app.now = app.now.plus(HOLD).plusSeconds(1);
    Claim lapsed = app.deliveries.claim(app.db.acme, id, HOLD);
    assertThat(lapsed)
        .isInstanceOfSatisfying(
            Claim.Lapsed.class, claim -> assertThat(claim.attempt()).isEqualTo(1));
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.sendAgain(tx, id));
    assertThat(state(id)).isEqualTo(DeliveryState.QUEUED);
    // Before it is sent again the provider says that it has it.
    status("wamid.held", "sent", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.SENT);
    assertThat(app.deliveries.claim(app.db.acme, id, HOLD)).isInstanceOf(Claim.Settled.class);
  }

  @Test
  void aFailureToldBeforeItIsSentAgainDoesNotStopThat() {
    UUID id = send();
    Deliveries.Outgoing outgoing = claim(id);
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.unknown(tx, outgoing, REFUSED, HOLD));
    app.now = app.now.plus(HOLD).plusSeconds(1);
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.sendAgain(tx, id));
    status("wamid.held2", "failed", id + ":1");
    assertThat(state(id)).isEqualTo(DeliveryState.QUEUED);
    assertThat(claim(id).attempt()).isEqualTo(2);
  }

  @Test
  void aClaimWhoseProcessDiedIsUnknownAndItsLateAnswerStillCounts() {
    UUID id = send();
    Deliveries.Outgoing outgoing = claim(id);
    assertThat(app.deliveries.claim(app.db.acme, id, HOLD)).isInstanceOf(Claim.Hold.class);
    assertThat(state(id)).isEqualTo(DeliveryState.UNKNOWN);
    sent(outgoing, "wamid.alive");
    assertThat(state(id)).isEqualTo(DeliveryState.SENT);
  }

  @Test
  void whatWasPostponedIsClaimedAgain() {
    UUID id = send();
    Deliveries.Outgoing outgoing = claim(id);
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.postponed(tx, outgoing));
    assertThat(claim(id).attempt()).isEqualTo(2);
    app.tenants.runInTenant(app.db.acme, tx -> app.deliveries.failed(tx, id, REFUSED));
    assertThat(message(id).failure()).isEqualTo(REFUSED);
  }

  @Test
  void aClientKeySendsOnce() {
    SendResult first = keyed("key-1", "one");
    SendResult second = keyed("key-1", "two");
    assertThat(first).isInstanceOf(SendResult.Accepted.class);
    assertThat(second).isInstanceOf(SendResult.Duplicate.class);
    assertThat(second.message().id()).isEqualTo(first.message().id());
  }

  private SendResult keyed(String key, String text) {
    return app.conversations.send(
        app.caller(app.acme), conversation, new Content.Text(text, null), null, key);
  }

  @Test
  void outsideTheWindowOnlyTemplatesGo() {
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(
            WhatsAppFixture.text("16505552000", "wamid.old", TIME - 90_000, "Long ago"), ""));
    Conversation closed =
        app.conversationsOf(app.acme).stream()
            .filter(c -> !c.id().equals(conversation))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(
            () ->
                app.conversations.send(
                    app.caller(app.acme), closed.id(), new Content.Text("Hi", null), null, null))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.code()).isEqualTo(Problem.Code.WINDOW_CLOSED));
    SendResult template =
        app.conversations.send(
            app.caller(app.acme),
            closed.id(),
            new Content.Template("hello_world", "en_US", List.of()),
            null,
            null);
    assertThat(template).isInstanceOf(SendResult.Accepted.class);
    assertThatThrownBy(
            () ->
                app.conversations.send(
                    app.caller(app.globex), closed.id(), new Content.Text("Hi", null), null, null))
        .isInstanceOf(Problem.class);
  }

  /// Whatever the order in which receipts and the provider's answer come, and however often, the end is the same.
  @Test
  void anyOrderEndsTheSame() {
    long seed = Instant.now().toEpochMilli();
    var random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      UUID id = send();
      Deliveries.Outgoing outgoing = claim(id);
      String providerId = "wamid.random" + round;
      boolean fails = random.nextBoolean();
      List<String> words = new ArrayList<>(List.of("sent"));
      words.addAll(fails ? List.of("failed") : List.of("delivered", "read"));
      words.addAll(words.subList(0, 1 + random.nextInt(words.size())));
      words.add("answer");
      Collections.shuffle(words, random);
      for (String word : words) {
        if (word.equals("answer")) {
          sent(outgoing, providerId);
        } else {
          status(providerId, word, random.nextBoolean() ? id + ":1" : null);
        }
      }
      app.conversations.settlePending(app.db.acme, Instant.EPOCH);
      assertThat(state(id))
          .as("seed %d, round %d: %s", seed, round, words)
          .isEqualTo(fails ? DeliveryState.FAILED : DeliveryState.READ);
      assertThat(message(id).providerMessageId()).isEqualTo(providerId);
      assertThat(app.eventTypes(app.db.acme, id))
          .as("seed %d, round %d: %s", seed, round, words)
          .doesNotHaveDuplicates()
          .endsWith(fails ? "message.failed" : "message.read");
    }
  }
}
