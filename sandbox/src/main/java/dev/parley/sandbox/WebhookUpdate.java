package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One piece of news for the webhook: a field and its value.
record WebhookUpdate(String field, JsonNode value) {

  static WebhookUpdate messages(ObjectNode value) {
    return new WebhookUpdate("messages", value);
  }

  boolean ofMessages() {
    return field.equals("messages");
  }

  /// The updates as they would come in one POST: messages together in one value, statuses in
  /// another, everything else by itself. A single update is left as it is.
  static List<WebhookUpdate> merged(List<WebhookUpdate> updates) {
    if (updates.size() == 1) {
      return updates;
    }
    List<WebhookUpdate> merged = new ArrayList<>();
    for (String list : List.of("messages", "statuses")) {
      WebhookUpdate together = together(list, updates);
      if (together != null) {
        merged.add(together);
      }
    }
    updates.stream().filter(update -> update.list() == null).forEach(merged::add);
    return merged;
  }

  private @Nullable String list() {
    if (!ofMessages()) {
      return null;
    }
    return value.has("messages") ? "messages" : value.has("statuses") ? "statuses" : null;
  }

  private static @Nullable WebhookUpdate together(String list, List<WebhookUpdate> updates) {
    ObjectNode value = null;
    ArrayNode contacts = Json.array();
    ArrayNode elements = Json.array();
    Set<JsonNode> seen = new HashSet<>();
    for (WebhookUpdate update : updates) {
      if (!list.equals(update.list())) {
        continue;
      }
      value = value == null ? update.value().deepCopy() : value;
      update
          .value()
          .path("contacts")
          .forEach(
              contact -> {
                if (seen.add(contact)) {
                  contacts.add(contact);
                }
              });
      update.value().path(list).forEach(elements::add);
    }
    if (value == null) {
      return null;
    }
    if (!contacts.isEmpty()) {
      value.set("contacts", contacts);
    }
    value.set(list, elements);
    return messages(value);
  }
}
