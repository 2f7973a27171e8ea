package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.Json;
import java.time.Instant;

/// The bodies of webhooks.
final class Webhook {
  private Webhook() {}

  /// What every webhook of a conversation has; `type` and the content are still missing.
  static ObjectNode outbound(String id, Conversation conversation, Instant time) {
    Integration integration = conversation.integration();
    ObjectNode json = Json.object().put("id", id);
    ObjectNode channel = json.putObject("channel").put("id", integration.id());
    channel.put("platform", "Open").put("type", "Private");
    ObjectNode to = channel.putObject("to").put("id", conversation.customer().id());
    to.put("idType", conversation.customer().idType());
    ObjectNode from = channel.putObject("from").put("nickname", integration.name());
    from.put("id", integration.id()).put("idType", "Opaque");
    channel.put("time", Moment.text(time)).put("messageId", id);
    return json;
  }

  /// What became of an inbound message.
  static ObjectNode receipt(StoredMessage message, String status) {
    ObjectNode json = outbound(message.id(), message.conversation(), Instant.now());
    JsonNode named = message.normalized().at("/channel/messageId");
    ((ObjectNode) json.get("channel")).set("messageId", named);
    json.put("type", "Receipt").put("status", status);
    json.put("isFinalReceipt", true).put("direction", "Inbound");
    return json;
  }

  /// In the order of the fields, with no blanks, as `JSON.stringify` would write it: some receivers
  /// check the signature over that.
  static Bytes bytes(ObjectNode webhook) {
    return Bytes.of(webhook.toString());
  }
}
