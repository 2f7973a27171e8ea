package dev.parley.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Conversation;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What waits to be told to Genesys: messages and the like in the order of their conversation, receipts each for itself.
@Singleton
final class ToGenesysQueue {
  /// The queue of what agents read. Items' keys are conversations.
  static final String MESSAGES = "genesys-messages";

  /// The queue of what became of agents' messages. Items' keys are those messages.
  static final String RECEIPTS = "genesys-receipts";

  /// A customer's message.
  static final String MESSAGE = "message";

  /// The file of a message is here, of which a text may have said that it follows.
  static final String FILE = "file";

  /// The file of a message is not taken by Genesys, and is told by its address.
  static final String LINK = "link";

  /// A message was changed or taken back.
  static final String EDITED = "edited";

  static final String DELETED = "deleted";

  /// Somebody has handed the conversation over to Genesys, or away from it.
  static final String HANDED_OVER = "handed-over";

  static final String LEFT = "left";

  private final WorkQueue queue;
  private final InstantSource clock;

  ToGenesysQueue(WorkQueue queue, InstantSource clock) {
    this.queue = queue;
    this.clock = clock;
  }

  /// An event of a conversation that is answered in Genesys, as an item that is to be published.
  WorkItem event(String kind, UUID integration, StoredEvent event, ObjectNode data) {
    UUID conversation =
        Objects.requireNonNull(event.conversationId(), "what goes to Genesys is of a conversation");
    data.put("eventId", event.id().toString()).put("time", event.time().toString());
    return item(
        event.tenantId(),
        MESSAGES,
        kind,
        conversation.toString(),
        kind + ":" + event.id(),
        addressed(data, integration, conversation),
        new Trace(event.correlationId(), null, event.id()));
  }

  void publish(Tx tx, List<WorkItem> items) {
    queue.publish(tx, items);
  }

  /// A file that Genesys has not taken.
  void link(Tx tx, UUID integration, UUID conversation, UUID message) {
    ObjectNode data = Json.MAPPER.createObjectNode().put("messageId", message.toString());
    put(
        tx,
        MESSAGES,
        LINK,
        conversation.toString(),
        LINK + ":" + message,
        addressed(data, integration, conversation),
        Trace.current());
  }

  void handedOver(
      Tx tx, UUID integration, Conversation conversation, String by, @Nullable String note) {
    ObjectNode data = hand(by).put("upTo", conversation.lastSeq());
    if (note != null) {
      data.put("note", note);
    }
    hand(tx, HANDED_OVER, integration, conversation, data);
  }

  void left(Tx tx, UUID integration, Conversation conversation, String by) {
    hand(tx, LEFT, integration, conversation, hand(by));
  }

  private ObjectNode hand(String by) {
    return Json.MAPPER
        .createObjectNode()
        .put("eventId", Ids.next().toString())
        .put("time", clock.instant().toString())
        .put("by", by);
  }

  private void hand(
      Tx tx, String kind, UUID integration, Conversation conversation, ObjectNode data) {
    put(
        tx,
        MESSAGES,
        kind,
        conversation.id().toString(),
        kind + ":" + data.path("eventId").asText(),
        addressed(data, integration, conversation.id()),
        Trace.current());
  }

  private static ObjectNode addressed(ObjectNode data, UUID integration, UUID conversation) {
    return data.put("integrationId", integration.toString())
        .put("conversationId", conversation.toString());
  }

  /// What became of a message of Genesys.
  ///
  /// @param status `Sent`, `Delivered` or `Failed`
  void receipt(
      Tx tx,
      ReceivedStore.Received received,
      String status,
      @Nullable ReasonCode code,
      @Nullable String reason) {
    ObjectNode data =
        Json.MAPPER
            .createObjectNode()
            .put("integrationId", received.integration().toString())
            .put("webhookId", received.webhook())
            .put("customerId", received.customer().id())
            .put("idType", received.customer().idType())
            .put("status", status)
            .put("time", clock.instant().toString());
    if (code != null) {
      data.put("code", code.word());
    }
    if (reason != null) {
      data.put("reason", Texts.cut(reason, 500));
    }
    String key = received.integration() + ":" + received.webhook();
    put(tx, RECEIPTS, "receipt", key, key + ":" + status, data, Trace.current());
  }

  private void put(
      Tx tx, String name, String kind, String key, String dedup, ObjectNode data, Trace trace) {
    queue.publish(tx, List.of(item(tx.tenant(), name, kind, key, dedup, data, trace)));
  }

  private WorkItem item(
      TenantId tenant,
      String name,
      String kind,
      String key,
      String dedup,
      ObjectNode data,
      Trace trace) {
    return new WorkItem(
        Ids.next(),
        tenant,
        name,
        key,
        dedup,
        kind,
        data.toString(),
        trace.correlationId(),
        trace.traceparent(),
        clock.instant(),
        0);
  }
}
