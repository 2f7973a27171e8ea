package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.db.Ids;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.telemetry.Trace;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// A webhook of Genesys as an item of a queue. What one customer gets is handled in the order of `channel.time` as far
/// as it waits at the same time: Genesys promises no order of its webhooks.
final class WebhookItem {
  /// The queue of what can be handled at once.
  static final String QUEUE = "genesys-webhooks";

  /// The queue of receipts, for which nobody waits.
  static final String RECEIPTS = "genesys-webhook-receipts";

  /// The queue of what has to wait for somebody, and of what follows it.
  static final String SLOW = "genesys-webhooks-slow";

  /// The kind of item whose body is JSON.
  static final String KIND = "webhook";

  /// The kind of item whose body is not.
  static final String UNREADABLE = "unreadable";

  // A queue's reader passes over ids that are much older than what it has read.
  private static final Duration LATEST = Duration.ofSeconds(5);
  private static final int LONGEST = 200;

  private WebhookItem() {}

  static WorkItem of(GenesysAccount account, byte[] body, Trace trace, Instant now) {
    JsonNode message = read(body);
    boolean readable = message.isObject();
    String type = cut(message.path("type").asText(""));
    String id = cut(message.path("id").asText(""));
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload.put("integrationId", account.id().toString());
    if (readable) {
      payload.set("body", message);
    } else {
      payload.put("raw", new String(body, 0, Math.min(body.length, 2000), StandardCharsets.UTF_8));
    }
    String itself = id.isEmpty() ? UUID.nameUUIDFromBytes(body).toString() : id;
    return new WorkItem(
        // Items of a key are worked on in the order of their ids.
        Ids.at(time(message, now)),
        account.tenant(),
        type.equals("Receipt") ? RECEIPTS : QUEUE,
        account.id() + ":" + key(type, message),
        account.id() + ":" + type + ":" + itself + ":" + cut(message.path("status").asText("")),
        readable ? KIND : UNREADABLE,
        payload.toString(),
        trace.correlationId(),
        trace.traceparent(),
        now,
        0);
  }

  /// The same in the queue of what has to wait.
  static WorkItem slow(WorkItem item) {
    return new WorkItem(
        item.id(),
        item.tenant(),
        SLOW,
        item.key(),
        item.dedupKey(),
        item.kind(),
        item.payload(),
        item.correlationId(),
        item.traceparent(),
        item.enqueuedAt(),
        0);
  }

  private static JsonNode read(byte[] body) {
    try {
      JsonNode tree = Json.tree(body);
      return tree == null ? Json.MAPPER.missingNode() : tree;
    } catch (UncheckedIOException e) {
      return Json.MAPPER.missingNode();
    }
  }

  /// Receipts and events wait for nothing and nothing waits for them.
  private static String key(String type, JsonNode message) {
    return switch (type) {
      case "Receipt" -> "receipt:" + cut(message.path("id").asText(""));
      case "Event" -> "event:" + cut(message.path("channel").path("to").path("id").asText(""));
      default -> "to:" + cut(message.path("channel").path("to").path("id").asText(""));
    };
  }

  private static Instant time(JsonNode message, Instant now) {
    try {
      Instant told = Instant.parse(message.path("channel").path("time").asText(""));
      Instant oldest = now.minus(LATEST);
      // What is late stays before what was said after it and comes after it.
      return told.isAfter(now) ? now : told.isBefore(oldest) ? oldest : told;
    } catch (DateTimeException e) {
      return now;
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
