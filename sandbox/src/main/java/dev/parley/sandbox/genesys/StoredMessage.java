package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message of a conversation, in either direction.
final class StoredMessage {
  private final String id;
  private final Conversation conversation;
  private final boolean inbound;
  private final Instant time;
  private final ObjectNode normalized;
  private final List<ObjectNode> receipts = new ArrayList<>();
  private String status = "queued";
  private @Nullable ObjectNode fetched;

  /// @param normalized the message in the form of webhooks and answers
  StoredMessage(
      String id, Conversation conversation, boolean inbound, Instant time, ObjectNode normalized) {
    this.id = id;
    this.conversation = conversation;
    this.inbound = inbound;
    this.time = time;
    this.normalized = normalized;
  }

  String id() {
    return id;
  }

  Conversation conversation() {
    return conversation;
  }

  boolean inbound() {
    return inbound;
  }

  Instant time() {
    return time;
  }

  ObjectNode normalized() {
    return normalized;
  }

  boolean structured() {
    return normalized.path("type").asText().equals("Structured");
  }

  synchronized void status(String next) {
    status = next;
  }

  /// Its webhook came to an end. A receipt may have been quicker, and tells more.
  synchronized void ended(boolean delivered) {
    if (status.equals("queued")) {
      status = delivered ? "sent" : "failed";
    }
  }

  /// What became of its attachment.
  synchronized void fetched(ObjectNode what) {
    fetched = what;
  }

  /// Notes a receipt of the middleware's.
  synchronized void receipt(ObjectNode receipt) {
    receipts.add(receipt);
    switch (receipt.path("status").asText()) {
      case "Delivered" -> status = "delivery-success";
      case "Failed" -> status = "delivery-failed";
      default -> {
        // The others do not change what agents see.
      }
    }
  }

  /// The message as the agents' side has it (`MessageData`).
  synchronized ObjectNode json() {
    Customer customer = conversation.customer();
    String integration = conversation.integration().id();
    ObjectNode json = Json.object().put("id", id).put("conversationId", conversation.id());
    json.put("direction", inbound ? "inbound" : "outbound").put("messengerType", "open");
    json.put("fromAddress", inbound ? customer.id() : integration);
    json.put("toAddress", inbound ? integration : customer.id());
    json.put("timestamp", Moment.text(time)).put("status", status);
    String text = Json.text(normalized, "text");
    if (text != null) {
      json.put("textBody", text);
    }
    json.set("normalizedMessage", normalized);
    json.putArray("normalizedReceipts").addAll(receipts);
    return json.put(
        "selfUri",
        "/api/v2/conversations/messages/%s/messages/%s".formatted(conversation.id(), id));
  }

  /// The same for those who steer the sandbox.
  synchronized ObjectNode controlJson() {
    ObjectNode json = Json.object().put("id", id).put("at", time.toString());
    json.put("direction", inbound ? "inbound" : "outbound").put("status", status);
    json.put("type", normalized.path("type").asText());
    json.put("text", Json.text(normalized, "text"));
    if (normalized.has("content")) {
      json.set("content", normalized.get("content"));
    }
    if (fetched != null) {
      json.set("fetched", fetched);
    }
    json.putArray("receipts").addAll(receipts);
    return json;
  }
}
