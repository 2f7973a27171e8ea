package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation with one customer over one integration.
final class Conversation {
  private final String id = UUID.randomUUID().toString();
  private final Integration integration;
  private final Customer customer;
  private final Instant since = Instant.now();
  private final List<Participant> participants = new ArrayList<>();
  private final List<StoredMessage> messages = new ArrayList<>();
  private @Nullable Instant over;
  private Instant last = since;
  private boolean failed;
  private long number;

  Conversation(Integration integration, Customer customer) {
    this.integration = integration;
    this.customer = customer;
    participants.add(new Participant("customer", customer.name(), null, "connected"));
  }

  String id() {
    return id;
  }

  /// Its place among all, from 1.
  synchronized void number(long place) {
    number = place;
  }

  /// As it was when the conversation began.
  Integration integration() {
    return integration;
  }

  Customer customer() {
    return customer;
  }

  /// The time of what is said next: no two have the same, and their order is that of the times.
  synchronized Instant tick() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    last = now.isAfter(last) ? now : last.plusMillis(1);
    return last;
  }

  synchronized boolean connected() {
    return over == null;
  }

  /// Whether a customer who writes now goes on with it.
  synchronized boolean takesUp(Duration window) {
    return over == null || (!failed && Instant.now().isBefore(over.plus(window)));
  }

  /// A message of the customer brings it back to life.
  synchronized void reconnect() {
    if (over != null) {
      over = null;
      participants.add(new Participant("customer", customer.name(), null, "connected"));
    }
  }

  synchronized void add(StoredMessage message) {
    messages.add(message);
  }

  synchronized List<StoredMessage> messages() {
    return List.copyOf(messages);
  }

  /// An agent comes in, unless somebody of the agents is there.
  synchronized void assign(OrganizationSettings.User user, String state) {
    boolean there =
        participants.stream().anyMatch(one -> one.purpose.equals("agent") && one.present());
    if (!there && over == null) {
      join(user, state);
    }
  }

  /// An agent comes in, or changes to this state.
  synchronized void join(OrganizationSettings.User user, String state) {
    for (Participant one : participants) {
      if (user.id().equals(one.userId) && one.present()) {
        change(one, state, "peer");
        return;
      }
    }
    participants.add(new Participant("agent", user.name(), user.id(), state));
  }

  /// What the customer's messages tell of the customer.
  synchronized void attributes(JsonNode attributes) {
    Participant present = participants.getFirst();
    for (Participant one : participants) {
      present = one.purpose.equals("customer") ? one : present;
    }
    put(present, attributes);
  }

  /// Sets attributes of one participant; false when there is none of that id.
  synchronized boolean attributes(String participantId, JsonNode attributes) {
    Participant one = find(participantId);
    if (one != null) {
      put(one, attributes);
    }
    return one != null;
  }

  /// Changes the state of one participant; false when there is none of that id. When the customer
  /// goes, or the last of the others, the conversation is over.
  synchronized boolean change(String participantId, String state) {
    Participant one = find(participantId);
    if (one != null) {
      change(one, state, "client");
    }
    return one != null;
  }

  private void change(Participant one, String state, String how) {
    if (!state.equals("disconnected")) {
      one.state = state;
      return;
    }
    one.disconnect(how);
    boolean customerLeft =
        participants.stream().noneMatch(p -> p.purpose.equals("customer") && p.present());
    boolean agentsLeft =
        participants.stream().anyMatch(p -> p.purpose.equals("agent"))
            && participants.stream().noneMatch(p -> p.purpose.equals("agent") && p.present());
    if (customerLeft || agentsLeft) {
      end("peer");
    }
  }

  /// Everybody is disconnected.
  synchronized void end(String how) {
    participants.forEach(one -> one.disconnect(how));
    if (over == null) {
      over = Instant.now();
    }
  }

  /// A webhook was refused for good, which fails the whole chat.
  synchronized void fail() {
    failed = true;
    end("error");
  }

  /// It is torn down: nobody is asked for a wrap-up any more.
  synchronized void tearDown() {
    end("system");
    participants.forEach(one -> one.wrapupRequired = false);
  }

  /// Whether a participant has this communication.
  synchronized boolean has(String communicationId) {
    return participants.stream().anyMatch(one -> one.communicationId.equals(communicationId));
  }

  /// As the endpoint of message conversations tells it.
  synchronized ObjectNode mediaJson() {
    ObjectNode json = Json.object().put("id", id).put("name", customer.name());
    var list = json.putArray("participants");
    for (Participant one : participants) {
      ObjectNode side = one.mediaJson(customer.id(), integration.id());
      var written = side.putArray("messages");
      for (StoredMessage message : messages) {
        if (message.inbound() == one.purpose.equals("customer")) {
          written
              .addObject()
              .put("messageId", message.id())
              .put("messageTime", at(message))
              .put("messageURI", message.json().path("selfUri").asText());
        }
      }
      list.add(side);
    }
    return json.put("selfUri", "/api/v2/conversations/messages/" + id);
  }

  /// As the endpoint of all conversations tells it.
  synchronized ObjectNode json() {
    ObjectNode json = Json.object().put("id", id).put("startTime", Moment.text(since));
    if (over != null) {
      json.put("endTime", Moment.text(over));
    }
    json.put("address", customer.id());
    var list = json.putArray("participants");
    participants.forEach(one -> list.add(one.json()));
    return json.put("selfUri", "/api/v2/conversations/" + id);
  }

  /// For those who steer the sandbox.
  synchronized ObjectNode controlJson() {
    ObjectNode json = Json.object().put("number", number).put("id", id);
    json.put("integrationId", integration.id());
    json.put("state", over == null ? "connected" : failed ? "failed" : "disconnected");
    json.set("from", customer.json());
    var sides = json.putArray("participants");
    participants.forEach(
        one -> {
          ObjectNode side = one.json();
          side.put("state", one.state);
          sides.add(side);
        });
    var list = json.putArray("messages");
    messages.forEach(message -> list.add(message.controlJson()));
    return json;
  }

  private static String at(StoredMessage message) {
    return Moment.text(message.time());
  }

  private static void put(Participant one, JsonNode attributes) {
    attributes.properties().forEach(e -> one.attributes.put(e.getKey(), e.getValue().asText()));
  }

  private @Nullable Participant find(String participantId) {
    return participants.stream().filter(p -> p.id.equals(participantId)).findFirst().orElse(null);
  }
}
