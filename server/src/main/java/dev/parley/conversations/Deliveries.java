package dev.parley.conversations;

import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The state of outbound messages while a channel delivers them. A send is claimed before it is on the wire, and each
/// claim ends in a result; a claim without one (the process died, or the provider gave no answer) is an unknown
/// outcome and never silently sent again.
@Singleton
public final class Deliveries {
  private final TenantDb db;
  private final Contacts contacts;
  private final EventLog events;
  private final InstantSource clock;
  private final ApplyReceipts receipts;

  /// Works through `db`.
  public Deliveries(TenantDb db, Contacts contacts, EventLog events, InstantSource clock) {
    this.db = db;
    this.contacts = contacts;
    this.events = events;
    this.clock = clock;
    this.receipts = new ApplyReceipts(events);
  }

  /// A message ready to be handed to a provider.
  ///
  /// @param attempt counts from 1; goes to the provider with our id, so that its receipts tell which try they mean
  /// @param replyToProviderId the provider's id of the message that this one answers
  public record Outgoing(
      TenantId tenant,
      UUID messageId,
      UUID conversationId,
      UUID channelId,
      int lane,
      int attempt,
      Instant acceptedAt,
      Content content,
      Contact contact,
      @Nullable String replyToProviderId) {
    private Outgoing inAttempt(int number) {
      return new Outgoing(
          tenant,
          messageId,
          conversationId,
          channelId,
          lane,
          number,
          acceptedAt,
          content,
          contact,
          replyToProviderId);
    }

    /// The same with what the channel has made of its content.
    public Outgoing with(Content prepared) {
      return new Outgoing(
          tenant,
          messageId,
          conversationId,
          channelId,
          lane,
          attempt,
          acceptedAt,
          prepared,
          contact,
          replyToProviderId);
    }
  }

  /// What there is to do for a queued message.
  public sealed interface Claim {
    /// Send it now.
    record Send(Outgoing outgoing) implements Claim {}

    /// Its outcome is unknown and a receipt may still come: look again then.
    record Hold(Duration pause) implements Claim {}

    /// Its outcome stayed unknown for as long as it is held: the channel's policy decides.
    record Lapsed(UUID messageId, UUID channelId, int attempt, @Nullable Failure failure)
        implements Claim {}

    /// Nothing: it has a result.
    record Settled() implements Claim {}
  }

  /// Where a queued message is to go, without claiming it; empty when it is gone or has a result.
  public Optional<Outgoing> peek(TenantId tenant, UUID messageId) {
    return db.inTenant(
        tenant,
        tx ->
            DeliveryStore.find(tx.sql(), tenant, messageId)
                .filter(row -> row.state() == DeliveryState.QUEUED)
                .map(row -> outgoing(tx, row)));
  }

  /// Claims a message for sending, or says what else there is to do. `hold` is how long an unknown outcome waits for a
  /// receipt.
  public Claim claim(TenantId tenant, UUID messageId, Duration hold) {
    return claim(tenant, messageId, hold, null);
  }

  /// [#claim(TenantId, UUID, Duration)] of what [#peek] has just answered, which is not read again.
  public Claim claim(TenantId tenant, UUID messageId, Duration hold, @Nullable Outgoing peeked) {
    return db.inTenant(tenant, tx -> claim(tx, messageId, hold, peeked));
  }

  private Claim claim(Tx tx, UUID messageId, Duration hold, @Nullable Outgoing peeked) {
    DeliveryStore.Row row = DeliveryStore.lock(tx.sql(), tx.tenant(), messageId).orElse(null);
    if (row == null) {
      return new Claim.Settled();
    }
    Instant now = clock.instant();
    return switch (row.state()) {
      case QUEUED -> {
        DeliveryStore.Row claimed =
            with(row, DeliveryState.SENDING, row.attempt() + 1, now, row.providerId());
        DeliveryStore.update(tx.sql(), tx.tenant(), List.of(claimed));
        yield new Claim.Send(
            peeked == null ? outgoing(tx, claimed) : peeked.inAttempt(claimed.attempt()));
      }
      case SENDING -> {
        // Whoever claimed it died before it could store a result.
        unknown(
            tx,
            row,
            new Failure(
                "interrupted",
                "The process that was sending it died.",
                "Wait for a receipt.",
                null,
                null,
                false),
            hold);
        yield new Claim.Hold(hold);
      }
      case UNKNOWN -> {
        Instant since = row.claimedAt() == null ? now : row.claimedAt();
        Duration left = Duration.between(now, since.plus(hold));
        yield left.isPositive()
            ? new Claim.Hold(left)
            : new Claim.Lapsed(row.id(), row.channelId(), row.attempt(), row.failure());
      }
      case SENT, FAILED, DELIVERED, READ, PLAYED -> new Claim.Settled();
    };
  }

  private Outgoing outgoing(Tx tx, DeliveryStore.Row row) {
    Message message =
        MessageStore.find(tx.sql(), tx.tenant(), row.id())
            .orElseThrow(() -> new IllegalStateException("message " + row.id() + " is gone"));
    Conversation conversation =
        ConversationStore.find(tx.sql(), tx.tenant(), row.conversationId())
            .orElseThrow(() -> new IllegalStateException("its conversation is gone"));
    Contact contact =
        contacts
            .find(tx, conversation.contactId())
            .orElseThrow(() -> new IllegalStateException("its contact is gone"));
    return new Outgoing(
        tx.tenant(),
        row.id(),
        row.conversationId(),
        row.channelId(),
        row.lane(),
        row.attempt(),
        message.createdAt(),
        message.content(),
        contact,
        message.replyToProviderId());
  }

  /// The provider has taken it under an id. `alias` is another name of the customer that the provider told, or null.
  public void sent(Tx tx, Outgoing outgoing, String providerMessageId, @Nullable Identity alias) {
    DeliveryStore.Row row = open(tx, outgoing);
    if (row != null) {
      DeliveryStore.Row next =
          with(row, DeliveryState.SENT, row.attempt(), row.claimedAt(), providerMessageId);
      Instant now = clock.instant();
      DeliveryStore.Row stored = sentAt(next, now);
      DeliveryStore.update(tx.sql(), tx.tenant(), List.of(stored));
      events.publish(
          tx,
          row.lane(),
          new ConversationEvent.Sent(row.conversationId(), row.id(), providerMessageId, now));
      receipts.settle(tx, stored, Trace.current());
    }
    if (alias != null) {
      contacts.alias(tx, outgoing.contact().id(), alias);
    }
  }

  /// It will not be delivered.
  public void failed(Tx tx, UUID messageId, Failure failure) {
    DeliveryStore.Row row = DeliveryStore.lock(tx.sql(), tx.tenant(), messageId).orElse(null);
    if (row == null
        || !row.state().yieldsTo(DeliveryState.FAILED)
        || row.state() == DeliveryState.SENT) {
      return;
    }
    Instant now = clock.instant();
    DeliveryStore.update(
        tx.sql(),
        tx.tenant(),
        List.of(
            new DeliveryStore.Row(
                row.id(),
                row.conversationId(),
                row.channelId(),
                row.lane(),
                row.providerId(),
                DeliveryState.FAILED,
                row.attempt(),
                row.claimedAt(),
                null,
                null,
                null,
                now,
                failure,
                row.pricing())));
    events.publish(
        tx, row.lane(), new ConversationEvent.Failed(row.conversationId(), row.id(), failure, now));
  }

  /// The provider refused it for now, certainly without sending it: it waits in its queue.
  public void postponed(Tx tx, Outgoing outgoing) {
    DeliveryStore.Row row = open(tx, outgoing);
    if (row != null) {
      DeliveryStore.update(
          tx.sql(),
          tx.tenant(),
          List.of(with(row, DeliveryState.QUEUED, row.attempt(), null, null)));
    }
  }

  /// The provider gave no answer, or one that leaves open whether it was sent.
  public void unknown(Tx tx, Outgoing outgoing, Failure failure, Duration hold) {
    DeliveryStore.Row row = open(tx, outgoing);
    if (row != null) {
      unknown(tx, row, failure, hold);
    }
  }

  /// After an unknown outcome the channel's policy is to send it again, at the risk of a second one.
  public void sendAgain(Tx tx, UUID messageId) {
    DeliveryStore.lock(tx.sql(), tx.tenant(), messageId)
        .filter(row -> row.state() == DeliveryState.UNKNOWN)
        .ifPresent(
            row -> {
              // The claim's time stays, which tells late receipts of that try from those of a
              // failed one.
              DeliveryStore.update(
                  tx.sql(),
                  tx.tenant(),
                  List.of(with(row, DeliveryState.QUEUED, row.attempt(), row.claimedAt(), null)));
              events.publish(
                  tx,
                  row.lane(),
                  new ConversationEvent.Retried(row.conversationId(), messageId, "policy", true));
            });
  }

  private void unknown(Tx tx, DeliveryStore.Row row, Failure failure, Duration hold) {
    Instant now = clock.instant();
    DeliveryStore.update(
        tx.sql(),
        tx.tenant(),
        List.of(
            new DeliveryStore.Row(
                row.id(),
                row.conversationId(),
                row.channelId(),
                row.lane(),
                null,
                DeliveryState.UNKNOWN,
                row.attempt(),
                now,
                null,
                null,
                null,
                null,
                failure,
                row.pricing())));
    events.publish(
        tx,
        row.lane(),
        new ConversationEvent.OutcomeUnknown(
            row.conversationId(), row.id(), failure.cause(), now.plus(hold)));
  }

  /// The row of a claim that is still ours: neither a receipt nor another process has moved it on.
  private static DeliveryStore.@Nullable Row open(Tx tx, Outgoing outgoing) {
    return DeliveryStore.lock(tx.sql(), tx.tenant(), outgoing.messageId())
        .filter(
            row ->
                row.attempt() == outgoing.attempt()
                    && (row.state() == DeliveryState.SENDING
                        || row.state() == DeliveryState.UNKNOWN))
        .orElse(null);
  }

  /// The row of a message that is to be sent once more.
  static DeliveryStore.Row again(DeliveryStore.Row row) {
    return with(row, DeliveryState.QUEUED, row.attempt(), null, null);
  }

  private static DeliveryStore.Row with(
      DeliveryStore.Row row,
      DeliveryState state,
      int attempt,
      @Nullable Instant claimedAt,
      @Nullable String providerId) {
    return new DeliveryStore.Row(
        row.id(),
        row.conversationId(),
        row.channelId(),
        row.lane(),
        providerId,
        state,
        attempt,
        claimedAt,
        null,
        null,
        null,
        null,
        null,
        row.pricing());
  }

  private static DeliveryStore.Row sentAt(DeliveryStore.Row row, Instant at) {
    return new DeliveryStore.Row(
        row.id(),
        row.conversationId(),
        row.channelId(),
        row.lane(),
        row.providerId(),
        row.state(),
        row.attempt(),
        row.claimedAt(),
        at,
        null,
        null,
        null,
        null,
        row.pricing());
  }
}
