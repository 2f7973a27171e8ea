package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Failure;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  // An agent waits for what a customer writes, and nobody for what became of an answer.
  private static final Duration AT_ONCE = Duration.ofMillis(2);
  // Events of tenants that have nothing to do with Genesys are passed over, many at a time.
  private static final Duration PASSED_OVER = Duration.ofSeconds(3);

  private final TenantIntegrations integrations;
  private final Desks desks;
  private final Counterparts counterparts;
  private final ToGenesysQueue queue;

  GenesysForwarding(
      TenantIntegrations integrations,
      Desks desks,
      Counterparts counterparts,
      ToGenesysQueue queue) {
    this.integrations = integrations;
    this.desks = desks;
    this.counterparts = counterparts;
    this.queue = queue;
  }

  /// How long events wait. Never blocks.
  Duration pause(TenantId tenant, Set<String> types) {
    if (!integrations.has(tenant)) {
      return PASSED_OVER;
    }
    return OUTCOMES.containsAll(types) ? Subscriptions.PAUSE : AT_ONCE;
  }

  private record Seen(StoredEvent event, UUID conversation, JsonNode data) {}

  @Override
  public boolean wants(Tx tx) {
    return !integrations.of(tx).isEmpty();
  }

  @Override
  public void handle(Tx tx, List<StoredEvent> events) {
    Map<UUID, Integration> known = integrations.of(tx);
    if (known.isEmpty()) {
      return;
    }
    boolean sent = known.values().stream().anyMatch(one -> one.settings().tellsSent());
    var seen = new ArrayList<Seen>();
    for (StoredEvent event : events) {
      UUID conversation = event.conversationId();
      // What users write to each other is not for Genesys.
      if (conversation != null
          && !event.participantsOnly()
          && (sent || !event.type().equals("message.sent"))) {
        seen.add(new Seen(event, conversation, Json.tree(event.data())));
      }
    }
    told(tx, seen);
    outcomes(tx, seen);
  }

  private void told(Tx tx, List<Seen> seen) {
    // What was resolved is decided anew, also when it opens again in the same batch.
    var pending = new ArrayList<Seen>();
    for (Seen one : seen) {
      if (!OUTCOMES.contains(one.event().type())) {
        if (one.event().type().equals("conversation.status-changed")) {
          flush(tx, pending);
          pending.clear();
          if (one.data().path("to").asText().equals("resolved")) {
            DeskChoiceStore.undecide(tx.sql(), tx.tenant(), List.of(one.conversation()));
          }
        } else {
          pending.add(one);
        }
      }
    }
    flush(tx, pending);
  }

  private void flush(Tx tx, List<Seen> seen) {
    if (seen.isEmpty()) {
      return;
    }
    Map<UUID, ConversationDesk> known =
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
                .toList(),
            seen.stream().map(Seen::conversation).toList());
    var items = new ArrayList<WorkItem>();
    for (Seen one : seen) {
      ConversationDesk desk = known.get(one.conversation());
      UUID wanted = desk == null ? null : desk.integrationId();
      Integration integration = wanted == null ? null : integrations.find(tx, wanted).orElse(null);
      // What the handover has told is not told again, though its event is read only now.
      boolean told =
          desk != null
              && one.data().path("message").path("seq").asLong(Long.MAX_VALUE) <= desk.toldSeq();
      if (integration != null && !told) {
        forwarded(one, integration).ifPresent(items::add);
      }
    }
    queue.publish(tx, items);
  }

  private Optional<WorkItem> forwarded(Seen one, Integration integration) {
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
      return Optional.empty();
    }
    if (!data.has("messageId")) {
      data.put("messageId", one.data().path("messageId").asText());
    }
    return Optional.of(queue.event(kind, integration.id(), one.event(), data));
  }

  private void outcomes(Tx tx, List<Seen> seen) {
    List<Seen> outcomes =
        seen.stream().filter(one -> OUTCOMES.contains(one.event().type())).toList();
    Map<UUID, Counterparts.Asked> asked =
        asked(tx, outcomes.stream().map(GenesysForwarding::message).distinct().toList());
    for (Seen one : outcomes) {
      UUID message = message(one);
      Counterparts.Asked webhook = asked.get(message);
      if (webhook != null) {
        integrations
            .find(tx, webhook.integration())
            .ifPresent(integration -> outcome(tx, one, message, webhook, integration));
      }
    }
  }

  private static UUID message(Seen one) {
    return UUID.fromString(one.data().path("messageId").asText());
  }

  /// Those of the messages that were sent for Genesys.
  private Map<UUID, Counterparts.Asked> asked(Tx tx, List<UUID> messages) {
    var asked = new HashMap<UUID, Counterparts.Asked>();
    var unknown = new ArrayList<UUID>();
    for (UUID message : messages) {
      counterparts
          .asked()
          .find(tx.tenant(), message, "")
          .ifPresentOrElse(webhook -> asked.put(message, webhook), () -> unknown.add(message));
    }
    if (!unknown.isEmpty()) {
      ReceivedStore.answers(tx.sql(), tx.tenant(), unknown)
          .forEach(
              one ->
                  asked.put(
                      one.message(), new Counterparts.Asked(one.integration(), one.webhook())));
    }
    return asked;
  }

  /// Delivered once all that a message of Genesys became is with the customer; failed as soon as one of it is not. What
  /// comes first stands: Genesys takes one final receipt.
  private void outcome(
      Tx tx, Seen one, UUID message, Counterparts.Asked asked, Integration integration) {
    switch (one.event().type()) {
      case "message.sent" -> {
        if (integration.settings().tellsSent()) {
          ReceivedStore.find(tx.sql(), tx.tenant(), asked.integration(), asked.webhook())
              .ifPresent(received -> queue.receipt(tx, received, "Sent", null, null));
        }
      }
      case "message.failed" -> {
        Failure failure = Json.MAPPER.convertValue(one.data().path("failure"), Failure.class);
        conclude(tx, message, asked, "Failed", ReasonCode.of(failure), failure.cause());
      }
      default -> conclude(tx, message, asked, "Delivered", null, null);
    }
  }

  private void conclude(
      Tx tx,
      UUID message,
      Counterparts.Asked asked,
      String status,
      @Nullable ReasonCode code,
      @Nullable String cause) {
    Counterparts.Asked stored = settled(tx, message, asked, status.toLowerCase(Locale.ROOT));
    if (stored != null) {
      ReceivedStore.conclude(
              tx.sql(), tx.tenant(), stored.integration(), stored.webhook(), status, cause)
          .ifPresent(received -> queue.receipt(tx, received, status, code, cause));
    }
  }

  /// For which message of Genesys it was sent, as the database says; null when it is settled already.
  private Counterparts.@Nullable Asked settled(
      Tx tx, UUID message, Counterparts.Asked asked, String state) {
    if (ReceivedStore.settle(tx.sql(), tx.tenant(), message, asked, state)) {
      return asked;
    }
    return ReceivedStore.answers(tx.sql(), tx.tenant(), List.of(message)).stream()
        .map(one -> new Counterparts.Asked(one.integration(), one.webhook()))
        .filter(stored -> !stored.equals(asked))
        .filter(stored -> ReceivedStore.settle(tx.sql(), tx.tenant(), message, stored, state))
        .findFirst()
        .orElse(null);
  }
}
