package dev.parley.conversations;

import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.telemetry.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Receipts of providers, applied: a state only moves forward, and what comes before its message waits for it.
final class ApplyReceipts {
  private final EventLog events;

  ApplyReceipts(EventLog events) {
    this.events = events;
  }

  /// Applies receipts of any messages, with a number of statements that does not grow with their number.
  void apply(Tx tx, List<Receipt> receipts) {
    Map<UUID, List<Receipt>> byChannel =
        receipts.stream()
            .collect(
                Collectors.groupingBy(Receipt::channelId, LinkedHashMap::new, Collectors.toList()));
    byChannel.forEach((channel, list) -> apply(tx, channel, list));
  }

  private void apply(Tx tx, UUID channel, List<Receipt> receipts) {
    List<DeliveryStore.Row> rows = lock(tx, channel, receipts);
    var byProviderId = new HashMap<String, DeliveryStore.Row>();
    var byId = new HashMap<UUID, DeliveryStore.Row>();
    rows.forEach(row -> remember(row, byProviderId, byId));
    var orphans = new ArrayList<Receipt>();
    var changed = new LinkedHashMap<UUID, DeliveryStore.Row>();
    for (Receipt receipt : inOrder(receipts)) {
      DeliveryStore.Row row = byProviderId.get(receipt.providerMessageId());
      if (row == null && receipt.messageId() != null) {
        row = byId.get(receipt.messageId());
      }
      if (row == null) {
        orphans.add(receipt);
        continue;
      }
      DeliveryStore.Row next = advance(tx, row, receipt);
      if (!next.equals(row)) {
        remember(next, byProviderId, byId);
        changed.put(next.id(), next);
      }
    }
    if (!changed.isEmpty()) {
      DeliveryStore.update(tx.sql(), tx.tenant(), List.copyOf(changed.values()));
    }
    if (!orphans.isEmpty()) {
      DeliveryStore.keep(tx.sql(), tx.tenant(), orphans);
      // A message may have got its provider id since we looked. Where the answer's and the
      // receipt's transactions miss each other altogether, the sweep of
      // [Conversations#settlePending] joins them.
      for (DeliveryStore.Row row : lock(tx, channel, orphans)) {
        settle(tx, row, Trace.current());
      }
    }
  }

  private static List<DeliveryStore.Row> lock(Tx tx, UUID channel, List<Receipt> receipts) {
    return DeliveryStore.lock(
        tx.sql(),
        tx.tenant(),
        channel,
        receipts.stream().map(Receipt::providerMessageId).distinct().toList(),
        receipts.stream().map(Receipt::messageId).filter(id -> id != null).distinct().toList());
  }

  private static List<Receipt> inOrder(List<Receipt> receipts) {
    return receipts.stream().sorted(Comparator.comparing(Receipt::state)).toList();
  }

  private static void remember(
      DeliveryStore.Row row,
      Map<String, DeliveryStore.Row> byProviderId,
      Map<UUID, DeliveryStore.Row> byId) {
    byId.put(row.id(), row);
    if (row.providerId() != null) {
      byProviderId.put(row.providerId(), row);
    }
  }

  /// Takes the receipts that have waited for a message's provider id and applies them; answers the row as it is then.
  DeliveryStore.Row settle(Tx tx, DeliveryStore.Row row, Trace trace) {
    String providerId = row.providerId();
    if (providerId == null) {
      return row;
    }
    DeliveryStore.Row now = row;
    List<DeliveryStore.Kept> kept =
        DeliveryStore.take(tx.sql(), tx.tenant(), row.channelId(), providerId);
    for (DeliveryStore.Kept one :
        kept.stream().sorted(Comparator.comparing(DeliveryStore.Kept::state)).toList()) {
      now =
          advance(
              tx,
              now,
              new Receipt(
                  row.channelId(),
                  providerId,
                  row.id(),
                  row.attempt(),
                  one.state(),
                  one.at(),
                  one.failure(),
                  one.pricing(),
                  trace));
    }
    if (!now.equals(row)) {
      DeliveryStore.update(tx.sql(), tx.tenant(), List.of(now));
    }
    return now;
  }

  /// The row after a receipt, or the same row when the receipt tells nothing new.
  private DeliveryStore.Row advance(Tx tx, DeliveryStore.Row row, Receipt receipt) {
    if (isOvertaken(row, receipt) || !row.state().yieldsTo(receipt.state())) {
      return row;
    }
    DeliveryStore.Row next = next(row, receipt);
    UUID conversation = row.conversationId();
    Instant at = receipt.time();
    if (isOnItsWay(row.state()) && receipt.state() != DeliveryState.FAILED) {
      tell(
          tx,
          row,
          new ConversationEvent.Sent(conversation, row.id(), receipt.providerMessageId(), at),
          receipt);
    }
    switch (receipt.state()) {
      case DELIVERED ->
          tell(tx, row, new ConversationEvent.Delivered(conversation, row.id(), at), receipt);
      case READ -> tell(tx, row, new ConversationEvent.Seen(conversation, row.id(), at), receipt);
      case PLAYED ->
          tell(tx, row, new ConversationEvent.Played(conversation, row.id(), at), receipt);
      case FAILED -> {
        Failure failure = receipt.failure();
        if (failure != null) {
          tell(tx, row, new ConversationEvent.Failed(conversation, row.id(), failure, at), receipt);
        }
      }
      case QUEUED, SENDING, UNKNOWN, SENT -> {}
    }
    return next;
  }

  /// Whether a receipt tells of a try that another has followed or is about to follow. That the customer has the
  /// message counts whichever try it was.
  private static boolean isOvertaken(DeliveryStore.Row row, Receipt receipt) {
    if (receipt.attempt() == 0 || DeliveryState.FAILED.yieldsTo(receipt.state())) {
      return false;
    }
    if (receipt.attempt() < row.attempt()) {
      return true;
    }
    // Queued again: after an unknown outcome (the claim's time is kept) the provider may still say
    // that it has it;
    // after a failure whatever it repeats of that try is past.
    return row.state() == DeliveryState.QUEUED
        && (receipt.state() == DeliveryState.FAILED || row.claimedAt() == null);
  }

  private void tell(Tx tx, DeliveryStore.Row row, ConversationEvent event, Receipt receipt) {
    events.publish(tx, row.lane(), event, receipt.trace());
  }

  private static boolean isOnItsWay(DeliveryState state) {
    return switch (state) {
      case QUEUED, SENDING, UNKNOWN -> true;
      case SENT, FAILED, DELIVERED, READ, PLAYED -> false;
    };
  }

  private static DeliveryStore.Row next(DeliveryStore.Row row, Receipt receipt) {
    DeliveryState state = receipt.state();
    Instant at = receipt.time();
    boolean failed = state == DeliveryState.FAILED;
    boolean seen = state == DeliveryState.READ || state == DeliveryState.PLAYED;
    return new DeliveryStore.Row(
        row.id(),
        row.conversationId(),
        row.channelId(),
        row.lane(),
        row.providerId() == null ? receipt.providerMessageId() : row.providerId(),
        state,
        row.attempt(),
        row.claimedAt(),
        failed ? row.sentAt() : first(row.sentAt(), at),
        // Who has read it has it: the provider leaves the delivery out when the customer reads at
        // once.
        state == DeliveryState.DELIVERED || seen ? first(row.deliveredAt(), at) : row.deliveredAt(),
        seen ? first(row.readAt(), at) : row.readAt(),
        failed ? at : null,
        failed ? receipt.failure() : null,
        receipt.pricing() == null ? row.pricing() : receipt.pricing());
  }

  private static Instant first(@Nullable Instant known, Instant at) {
    return known == null ? at : known;
  }
}
