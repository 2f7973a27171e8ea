package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Events;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;

/// A customer writes, an agent answers, receipts come back, and whoever follows the events sees it all in order. The same
/// whatever the processes are.
final class MainScenario {
  private MainScenario() {}

  static void run(Sandbox sandbox, Tenant tenant) {
    String customer = World.customer();
    Events events = tenant.api().events().fromNow();

    sandbox.writeText(tenant.number(), customer, "Is it open?");
    JsonNode received =
        events.await(
            "the message",
            SOON,
            event ->
                event.path("type").asText().equals("message.received")
                    && event.toString().contains("Is it open?")
                    && event.toString().contains(customer));
    String conversation = received.path("conversationId").asText();
    String message = tenant.as("agent").sendText(conversation, "Until six.").path("id").asText();
    tenant.api().awaitState(conversation, message, SOON, "read");
    events.await(
        "the read receipt",
        SOON,
        event ->
            event.path("type").asText().equals("message.read")
                && event.toString().contains(message));

    assertThat(events.seen())
        .filteredOn(event -> event.path("conversationId").asText().equals(conversation))
        .extracting(event -> event.path("type").asText())
        .containsSubsequence(
            "message.received",
            "message.queued",
            "message.sent",
            "message.delivered",
            "message.read");
    assertThat(sandbox.sends(tenant.number(), message)).hasSize(1);
  }
}
