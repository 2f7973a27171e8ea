package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// What happens to a message after it was accepted: one status webhook after the other.
final class StatusFlow {
  private final World world;

  StatusFlow(World world) {
    this.world = world;
  }

  void begin(BusinessNumber number, MessagesEndpoint.Accepted message) {
    List<String> plan = plan(number, message);
    if (plan.isEmpty()) {
      return;
    }
    number.outbox().expect();
    world.start(
        () -> {
          try {
            run(number, message, plan);
          } finally {
            number.outbox().expectedCame();
          }
        });
  }

  private static List<String> plan(BusinessNumber number, MessagesEndpoint.Accepted message) {
    if (message.failure() != null) {
      return List.of("failed");
    }
    Behaviour behaviour = number.behaviour();
    List<String> plan = new ArrayList<>();
    for (String status : behaviour.statuses()) {
      // A reaction only ever gets as far as sent.
      boolean fits = !message.type().equals("reaction") || status.equals("sent");
      boolean lost = behaviour.missing() > 0 && number.chance() < behaviour.missing();
      if (fits && !lost) {
        plan.add(status);
      }
    }
    if (behaviour.shuffle()) {
      Collections.shuffle(plan, new Random((long) (number.chance() * Long.MAX_VALUE)));
    }
    return plan;
  }

  private static void run(
      BusinessNumber number, MessagesEndpoint.Accepted message, List<String> plan) {
    Behaviour behaviour = number.behaviour();
    boolean ordered = !behaviour.shuffle();
    boolean going = Pause.millis(behaviour.statusDelayMs());
    for (int i = 0; i < plan.size() && going; i++) {
      if (i > 0) {
        going = Pause.millis(behaviour.statusGapMs());
      }
      String status = plan.get(i);
      GraphError failure = status.equals("failed") ? failure(message) : null;
      var outcome =
          number.outbox().offer(WebhookUpdate.messages(value(number, message, status, failure)));
      if (ordered) {
        // The next one only after this one arrived, however long the receiver was away.
        outcome.join();
      }
    }
  }

  private static GraphError failure(MessagesEndpoint.Accepted message) {
    return message.failure() == null
        ? GraphError.of(131000, "Something went wrong.")
        : message.failure();
  }

  private static ObjectNode value(
      BusinessNumber number,
      MessagesEndpoint.Accepted message,
      String status,
      @Nullable GraphError failure) {
    Customers.Customer to = message.to();
    ObjectNode value = number.webhookValue();
    if (failure == null) {
      ObjectNode contact = value.putArray("contacts").addObject();
      if (to.name() != null) {
        contact.putObject("profile").put("name", to.name());
      }
      if (to.waId() != null) {
        contact.put("wa_id", to.waId());
      }
      contact.put("user_id", to.userId());
    }
    ObjectNode json = value.putArray("statuses").addObject().put("id", message.wamid());
    json.put("status", status).put("timestamp", Long.toString(Instant.now().getEpochSecond()));
    if (to.waId() != null) {
      json.put("recipient_id", to.waId());
    }
    json.put("recipient_user_id", to.userId());
    if (message.callbackData() != null) {
      json.put("biz_opaque_callback_data", message.callbackData());
    }
    if (failure != null) {
      json.putArray("errors").add(failure.webhookForm());
    } else if (status.equals("sent") || status.equals("delivered")) {
      boolean service = message.category().equals("service");
      ObjectNode pricing = json.putObject("pricing").put("billable", !service);
      pricing.put("pricing_model", "PMP").put("category", message.category());
      pricing.put("type", service ? "free_customer_service" : "regular");
    }
    return value;
  }
}
