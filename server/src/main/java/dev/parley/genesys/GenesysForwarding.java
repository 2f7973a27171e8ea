package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Failure;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Reads the event log for what Genesys is to hear: what customers write in conversations that are answered there, and
/// what became of what its agents have written. It decides and queues; nobody waits for Genesys here.
@Singleton
public final class GenesysForwarding implements Subscriptions.Handler {
  /// The subscription's name.
  public static final String NAME = "genesys";

  private static final Set<String> OUTCOMES =
      Set.of("message.sent", "message.delivered", "message.read", "message.failed");

  /// The events that it wants.
  public static final Set<String> TYPES =
      Set.of(
          "message.received",
          "message.edited",
          "message.deleted",
          "message.media-stored",
          "conversation.status-changed",
          "message.sent",
          "message.delivered",
          "message.read",
          "message.failed");

  private final Desks desks;
  private final ToGenesysQueue queue;
  // Tenants that had an integration when their events were last read.
  private final Set<TenantId> users = ConcurrentHashMap.newKeySet();

  GenesysForwarding(Desks desks, ToGenesysQueue queue) {
    this.desks = desks;
    this.queue = queue;
  }

  /// Whether the tenant has a connection with Genesys, as far as is known. Never blocks.
  boolean isUsedBy(TenantId tenant) {
    return users.contains(tenant);
  }

  private record Seen(StoredEvent event, UUID conversation, JsonNode data) {}

  @Override
  public void handle(Tx tx, List<StoredEvent> events) {
    Map<UUID, Integration> integrations = new HashMap<>();
    IntegrationStore.page(tx.sql(), tx.tenant(), null, Integer.MAX_VALUE)
        .forEach(row -> integrations.put(row.integration().id(), row.integration()));
    if (integrations.isEmpty()) {
      users.remove(tx.tenant());
      return;
    }
    users.add(tx.tenant());
    var seen = new ArrayList<Seen>();
    for (StoredEvent event : events) {
      JsonNode data = Json.tree(event.data());
      UUID conversation = event.conversationId();
      // What users write to each other is not for Genesys.
      if (conversation != null && !event.participantsOnly()) {
        seen.add(new Seen(event, conversation, data));
      }
    }
    told(tx, seen, integrations);
    outcomes(tx, seen, integrations);
  }

  private void told(Tx tx, List<Seen> seen, Map<UUID, Integration> integrations) {
    // What was resolved is decided anew, also when it opens again in the same batch.
    var pending = new ArrayList<Seen>();
    for (Seen one : seen) {
      if (!OUTCOMES.contains(one.event().type())) {
        if (one.event().type().equals("conversation.status-changed")) {
          flush(tx, pending, integrations);
          pending.clear();
          if (one.data().path("to").asText().equals("resolved")) {
            DeskChoiceStore.undecide(tx.sql(), tx.tenant(), List.of(one.conversation()));
          }
        } else {
          pending.add(one);
        }
      }
    }
    flush(tx, pending, integrations);
  }

  private void flush(Tx tx, List<Seen> seen, Map<UUID, Integration> integrations) {
    if (seen.isEmpty()) {
      return;
    }
    Map<UUID, ConversationDesk> known =
        new HashMap<>(
            desks.decide(
                tx,
                seen.stream()
                    .filter(one -> one.event().type().equals("message.received"))
                    .map(
                        one ->
                            new Desks.Writing(
                                one.conversation(),
                                UUID.fromString(one.data().path("channelId").asText()),
                                one.event().lane()))
                    .toList()));
    known.putAll(desks.decided(tx, seen.stream().map(Seen::conversation).distinct().toList()));
    for (Seen one : seen) {
      ConversationDesk desk = known.get(one.conversation());
      UUID integration = desk == null ? null : desk.integrationId();
      Integration there = integration == null ? null : integrations.get(integration);
      // What the handover has told is not told again, though its event is read only now.
      boolean told =
          desk != null
              && one.data().path("message").path("seq").asLong(Long.MAX_VALUE) <= desk.toldSeq();
      if (there != null && !told) {
        forward(tx, one, there);
      }
    }
  }

  private void forward(Tx tx, Seen one, Integration integration) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    String kind =
        switch (one.event().type()) {
          case "message.received" -> {
            data.put("messageId", one.data().path("message").path("id").asText());
            if (one.data().path("referral").isObject()) {
              data.set("referral", one.data().path("referral"));
            }
            yield ToGenesysQueue.MESSAGE;
          }
          case "message.media-stored" -> ToGenesysQueue.FILE;
          case "message.edited" -> ToGenesysQueue.EDITED;
          default -> ToGenesysQueue.DELETED;
        };
    boolean change = kind.equals(ToGenesysQueue.EDITED) || kind.equals(ToGenesysQueue.DELETED);
    if (change && (one.data().has("by") || !integration.settings().tellsEdits())) {
      return;
    }
    if (!data.has("messageId")) {
      data.put("messageId", one.data().path("messageId").asText());
    }
    queue.event(tx, kind, integration.id(), one.event(), one.conversation(), data);
  }

  private void outcomes(Tx tx, List<Seen> seen, Map<UUID, Integration> integrations) {
    Map<UUID, ReceivedStore.Answer> answers = new HashMap<>();
    List<UUID> messages =
        seen.stream()
            .filter(one -> OUTCOMES.contains(one.event().type()))
            .map(one -> UUID.fromString(one.data().path("messageId").asText()))
            .distinct()
            .toList();
    if (messages.isEmpty()) {
      return;
    }
    ReceivedStore.answers(tx.sql(), tx.tenant(), messages)
        .forEach(answer -> answers.put(answer.message(), answer));
    for (Seen one : seen) {
      if (OUTCOMES.contains(one.event().type())) {
        ReceivedStore.Answer answer =
            answers.get(UUID.fromString(one.data().path("messageId").asText()));
        Integration integration = answer == null ? null : integrations.get(answer.integration());
        if (answer != null && integration != null) {
          outcome(tx, one, answer, integration);
        }
      }
    }
  }

  /// Delivered once all that a message of Genesys became is with the customer; failed as soon as one of it is not. What
  /// comes first stands: Genesys takes one final receipt.
  private void outcome(Tx tx, Seen one, ReceivedStore.Answer answer, Integration integration) {
    switch (one.event().type()) {
      case "message.sent" -> {
        if (integration.settings().tellsSent()) {
          ReceivedStore.find(tx.sql(), tx.tenant(), answer.integration(), answer.webhook())
              .ifPresent(received -> queue.receipt(tx, received, "Sent", null, null));
        }
      }
      case "message.failed" -> {
        Failure failure = Json.MAPPER.convertValue(one.data().path("failure"), Failure.class);
        if (ReceivedStore.settle(tx.sql(), tx.tenant(), answer.message(), "failed")) {
          ReasonCode code = ReasonCode.of(failure);
          ReceivedStore.conclude(
                  tx.sql(),
                  tx.tenant(),
                  answer.integration(),
                  answer.webhook(),
                  "Failed",
                  failure.cause())
              .ifPresent(received -> queue.receipt(tx, received, "Failed", code, failure.cause()));
        }
      }
      default -> {
        if (ReceivedStore.settle(tx.sql(), tx.tenant(), answer.message(), "delivered")) {
          ReceivedStore.conclude(
                  tx.sql(), tx.tenant(), answer.integration(), answer.webhook(), "Delivered", null)
              .ifPresent(received -> queue.receipt(tx, received, "Delivered", null, null));
        }
      }
    }
  }
}
