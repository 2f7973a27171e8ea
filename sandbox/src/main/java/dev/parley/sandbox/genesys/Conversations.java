package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.BoundedMap;
import dev.parley.sandbox.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The conversations of an organisation and their messages.
final class Conversations {
  private static final int KEPT = 100_000;
  private static final int MESSAGES_KEPT = 300_000;

  private final BoundedMap<String, Conversation> byId = new BoundedMap<>(KEPT);
  private final BoundedMap<String, Conversation> current = new BoundedMap<>(KEPT);
  private final BoundedMap<String, StoredMessage> messages = new BoundedMap<>(MESSAGES_KEPT);
  private final Ledger<Conversation> all = new Ledger<>(KEPT);

  /// The conversation that a message of this customer belongs to: the connected one, the last one
  /// within the window after its end, else a new one.
  synchronized Conversation of(Integration integration, Customer customer, Duration window) {
    String key = customer.key(integration.id());
    Conversation last = current.get(key);
    if (last != null && last.takesUp(window)) {
      last.reconnect();
      return last;
    }
    return begin(integration, customer);
  }

  /// A new conversation, into which the customer's next messages go.
  synchronized Conversation begin(Integration integration, Customer customer) {
    Conversation fresh = new Conversation(integration, customer);
    byId.put(fresh.id(), fresh);
    current.put(customer.key(integration.id()), fresh);
    all.add(
        number -> {
          fresh.number(number);
          return fresh;
        });
    return fresh;
  }

  /// The connected conversation with this address; null when there is none.
  synchronized @Nullable Conversation active(String integrationId, String address) {
    for (String type : Customer.ID_TYPES) {
      Customer customer = new Customer(address, type, null, null, null);
      Conversation found = current.get(customer.key(integrationId));
      if (found != null && found.connected()) {
        return found;
      }
    }
    return null;
  }

  @Nullable Conversation find(String id) {
    return byId.get(id);
  }

  /// The conversation of this id, or the refusal that there is none.
  Conversation get(String id) {
    Conversation found = find(id);
    if (found == null) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return found;
  }

  /// Adds a message to its conversation.
  StoredMessage add(Conversation conversation, boolean inbound, ObjectNode normalized) {
    String id = normalized.path("id").asText();
    StoredMessage message = new StoredMessage(id, conversation, inbound, Instant.now(), normalized);
    messages.put(id, message);
    conversation.add(message);
    return message;
  }

  @Nullable StoredMessage message(String id) {
    return messages.get(id);
  }

  List<Conversation> after(long number, int limit) {
    return all.after(number, limit);
  }

  static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
