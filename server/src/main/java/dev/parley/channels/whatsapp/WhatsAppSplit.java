package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.platform.db.Ids;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.telemetry.Trace;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes a webhook's body apart into its updates, one work item each: a body holds up to 1,000 of them, of any
/// customers. What cannot be told apart becomes an item too, so that nothing that was signed is dropped.
final class WhatsAppSplit {
  /// The queue of everything that comes in.
  static final String INBOUND = "inbound-messages";

  private static final int LONGEST_KEY = 250;

  private final ChannelAccount account;
  private final Trace trace;
  private final Instant now;
  private final List<WorkItem> items = new ArrayList<>();
  // When Meta sent what it says about the account; empty with messages.
  private String entryTime = "";

  private WhatsAppSplit(ChannelAccount account, Trace trace, Instant now) {
    this.account = account;
    this.trace = trace;
    this.now = now;
  }

  /// The updates in a signed body, in the order in which they stand there. Never empty and never fails: a body that
  /// is not what Meta documents is one item of the kind `unreadable`.
  static List<WorkItem> split(ChannelAccount account, byte[] body, Trace trace, Instant now) {
    var split = new WhatsAppSplit(account, trace, now);
    try {
      JsonNode root = Json.tree(body);
      for (JsonNode entry : root.path("entry")) {
        split.entryTime = entry.path("time").asText("");
        for (JsonNode change : entry.path("changes")) {
          split.change(change);
        }
      }
    } catch (UncheckedIOException e) {
      split.items.clear();
    }
    if (split.items.isEmpty()) {
      String text = new String(body, StandardCharsets.UTF_8).replace("\u0000", "");
      split.add("unreadable", "unreadable", "raw:" + hash(body), text);
    }
    return split.items;
  }

  private void change(JsonNode change) {
    String field = change.path("field").asText("");
    JsonNode value = change.path("value");
    int before = items.size();
    if (field.equals("messages")) {
      each("message", value, "messages", "from_user_id", "from", "m:");
      for (JsonNode status : value.path("statuses")) {
        status(value, status);
      }
    } else if (field.equals("smb_message_echoes")) {
      each("echo", value, "message_echoes", "to_user_id", "to", "m:");
    } else if (field.equals("user_preferences")) {
      for (JsonNode preference : value.path("user_preferences")) {
        notice(field, preference);
      }
    }
    if (items.size() == before || value.has("errors")) {
      notice(field, value);
    }
  }

  private void each(
      String kind, JsonNode value, String list, String userId, String phone, String prefix) {
    JsonNode messages = value.path(list);
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String id = message.path("id").asText("");
      String who = message.path(userId).asText(message.path(phone).asText(""));
      ObjectNode payload = payload(value, contact(value, message, i, userId, phone));
      payload.set("message", message);
      String text = payload.toString();
      add(kind, who, id.isEmpty() ? "x:" + hash(text) : prefix + id, text);
    }
  }

  private void status(JsonNode value, JsonNode status) {
    String id = status.path("id").asText("");
    String who = status.path("recipient_user_id").asText(status.path("recipient_id").asText(""));
    ObjectNode payload = payload(value, null);
    payload.set("status", status);
    String text = payload.toString();
    String key =
        "s:"
            + id
            + ":"
            + status.path("status").asText()
            + ":"
            + status.path("timestamp").asText()
            + ":"
            + status.path("recipient_participant_id").asText("");
    add("status", who, id.isEmpty() ? "x:" + hash(text) : key, text);
  }

  private void notice(String field, JsonNode data) {
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload.put("channelId", account.id().toString());
    payload.put("field", field);
    payload.set("data", data);
    String text = payload.toString();
    // The same may be said again later, such as that a template is approved after each change of
    // it.
    add("notice", "notice:" + field, "n:" + hash(entryTime + text), text);
  }

  private ObjectNode payload(JsonNode value, @Nullable JsonNode contact) {
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload.put("channelId", account.id().toString());
    JsonNode number = value.path("metadata").get("phone_number_id");
    if (number != null) {
      payload.set("phoneNumberId", number);
    }
    if (contact != null) {
      payload.set("contact", contact);
    }
    return payload;
  }

  /// The entry of `contacts` that belongs to a message: by id, else by place, else the only one.
  private static @Nullable JsonNode contact(
      JsonNode value, JsonNode message, int index, String userId, String phone) {
    JsonNode contacts = value.path("contacts");
    String user = message.path(userId).asText("");
    String number = message.path(phone).asText("");
    for (JsonNode contact : contacts) {
      if ((!user.isEmpty() && user.equals(contact.path("user_id").asText()))
          || (!number.isEmpty() && number.equals(contact.path("wa_id").asText()))) {
        return contact;
      }
    }
    return contacts.size() == 1 && value.path("messages").size() == 1
        ? contacts.get(0)
        : index < contacts.size() && user.isEmpty() && number.isEmpty()
            ? contacts.get(index)
            : null;
  }

  private void add(String kind, String who, String dedupKey, String payload) {
    items.add(
        new WorkItem(
            Ids.next(),
            account.tenant(),
            INBOUND,
            account.id() + ":" + cut(who),
            account.id() + ":" + cut(dedupKey),
            kind,
            // PostgreSQL's text cannot hold the character 0, which JSON can only carry escaped.
            payload.contains("\\u0000") ? payload.replace("\\u0000", "\\ufffd") : payload,
            trace.correlationId(),
            trace.traceparent(),
            now,
            0));
  }

  private static String cut(String key) {
    String clean = key.indexOf('\u0000') < 0 ? key : key.replace("\u0000", "");
    return clean.length() <= LONGEST_KEY ? clean : hash(clean);
  }

  private static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
