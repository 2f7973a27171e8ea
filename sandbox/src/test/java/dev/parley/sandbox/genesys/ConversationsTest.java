package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.Await;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationsTest {
  private final GenesysBench bench = new GenesysBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aCustomerHasOneConversationUntilItEnds() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        String text = "at once " + i;
        threads.execute(() -> ids.add(bench.write(text).json().path("conversationId").asText()));
      }
    }
    assertThat(ids).hasSize(1);
    String first = ids.iterator().next();

    // Within the window it goes on, with another agent leg.
    bench.act(first, "{\"type\":\"end\"}");
    assertThat(bench.conversation(first).path("state").asText()).isEqualTo("disconnected");
    assertThat(bench.open("thanks")).isEqualTo(first);
    assertThat(bench.conversation(first).path("state").asText()).isEqualTo("connected");

    // After it there is a new one.
    bench.api(
        "PUT",
        "/conversations/messaging/threadingtimeline",
        "{\"settings\":[{\"messengerType\":\"Open\",\"timeoutInMinutes\":0}]}");
    bench.act(first, "{\"type\":\"end\"}");
    assertThat(bench.open("me again")).isNotEqualTo(first);
  }

  @Test
  void theConversationIsLearntFromTheFirstWebhookToo() {
    bench.inbound("message", GenesysBench.message("7", "wamid.7", "hi"));
    JsonNode known = bench.ledger("conversations").getFirst();

    bench.act(known.path("id").asText(), "{\"type\":\"text\",\"text\":\"hello\"}");

    JsonNode webhook = bench.hooks.of("Text").getFirst();
    assertThat(webhook.path("conversationId")).isEqualTo(known.path("id"));
    assertThat(webhook.path("id")).isEqualTo(webhook.at("/channel/messageId"));
    assertThat(webhook.at("/channel/to/id").asText()).isEqualTo("7");
    assertThat(webhook.at("/channel/from/id").asText()).isEqualTo(bench.integration);
    assertThat(webhook.path("originatingEntity").asText()).isEqualTo("Human");
    assertThat(webhook.path("direction").asText()).isEqualTo("Outbound");
  }

  @Test
  void aMomentPassesUntilTheDetailsAreThere() {
    bench.behaviour("{\"processMs\":400}");
    String id = bench.write("hi").json().path("id").asText();
    String details = "/conversations/messages/" + id + "/details";
    assertThat(bench.api("GET", details, null).status()).isEqualTo(404);
    Await.until("details", () -> bench.api("GET", details, null).status() == 200);
  }

  @Test
  void showsParticipantsAndMessages() {
    String id = bench.open("hi");
    String reply =
        bench.act(id, "{\"type\":\"text\",\"text\":\"hello\"}").json().path("id").asText();

    JsonNode media = bench.api("GET", "/conversations/messages/" + id, null).json();
    assertThat(media.path("participants"))
        .extracting(one -> one.path("purpose").asText() + " " + one.path("state").asText())
        .containsExactly("customer connected", "agent connected");
    assertThat(media.at("/participants/1/messages/0/messageId").asText()).isEqualTo(reply);
    assertThat(media.at("/participants/1/user/id").isTextual()).isTrue();

    JsonNode bulk =
        bench
            .api(
                "POST",
                "/conversations/messages/" + id + "/messages/bulk",
                "[\"%s\",\"nobody\"]".formatted(reply))
            .json();
    assertThat(bulk.path("entities")).hasSize(1);
    assertThat(bulk.at("/entities/0/textBody").asText()).isEqualTo("hello");
    assertThat(bulk.at("/entities/0/direction").asText()).isEqualTo("outbound");
  }

  @Test
  void theCustomersSideEndsItAndTheAgentKeepsTheWrapUp() {
    String id = bench.open("hi");
    JsonNode customer =
        bench.api("GET", "/conversations/messages/" + id, null).json().at("/participants/0");
    String participant =
        "/conversations/messages/" + id + "/participants/" + customer.path("id").asText();
    bench.api("PATCH", participant + "/attributes", "{\"attributes\":{\"tier\":\"gold\"}}");

    assertThat(bench.api("PATCH", participant, "{\"state\":\"disconnected\"}").status())
        .isEqualTo(204);

    JsonNode over = bench.api("GET", "/conversations/messages/" + id, null).json();
    assertThat(over.path("participants"))
        .extracting(one -> one.path("state").asText())
        .containsOnly("disconnected");
    assertThat(over.at("/participants/0/attributes/tier").asText()).isEqualTo("gold");
    assertThat(over.at("/participants/1/wrapupRequired").asBoolean()).isTrue();
    // Nobody is told by a webhook.
    assertThat(bench.hooks.hooks()).hasSize(1);
    assertThat(bench.counts().path("tearDowns").asInt()).isZero();
  }

  @Test
  void tearingDownTakesTheWrapUpAway() {
    String id = bench.open("hi");
    assertThat(bench.api("POST", "/conversations/" + id + "/disconnect", null).status())
        .isEqualTo(202);
    JsonNode over = bench.api("GET", "/conversations/" + id, null).json();
    assertThat(over.at("/participants/1/wrapupRequired").asBoolean()).isFalse();
    assertThat(bench.counts().path("tearDowns").asInt()).isEqualTo(1);
  }

  @Test
  void agentsAlertAndConnect() {
    bench.behaviour("{\"agent\":\"alerting\"}");
    String id = bench.open("hi");
    JsonNode agent = bench.conversation(id).at("/participants/1");
    assertThat(agent.path("state").asText()).isEqualTo("alerting");
    bench.control(
        "POST",
        GenesysBench.ORGANIZATION + "/conversations/" + id + "/participants",
        "{\"userId\":\"%s\",\"state\":\"connected\"}".formatted(agent.path("userId").asText()));
    assertThat(bench.conversation(id).at("/participants/1/state").asText()).isEqualTo("connected");
  }

  @Test
  void anAgentlessMessageGoesOutByTheSameWebhook() {
    String body =
        """
        {"fromAddress":"%s","toAddress":"%s","toAddressMessengerType":"open",
         "textBody":"Your parcel is here","useExistingActiveConversation":true}"""
            .formatted(bench.integration, GenesysBench.CUSTOMER);
    GenesysBench.Answer alone = bench.api("POST", "/conversations/messages/agentless", body);
    assertThat(alone.status()).isEqualTo(202);
    Await.until("it came", () -> bench.hooks.of("Text").size() == 1);
    JsonNode webhook = bench.hooks.of("Text").getFirst();
    assertThat(webhook.path("id")).isEqualTo(alone.json().path("id"));
    assertThat(webhook.at("/channel/to/idType").asText()).isEqualTo("Phone");

    bench.behaviour("{\"threadingMs\":0}");
    String conversation = bench.open("hi");
    assertThat(
            bench
                .api("POST", "/conversations/messages/agentless", body)
                .json()
                .path("conversationId")
                .asText())
        .isEqualTo(conversation);
    String both =
        body.replace("\"textBody\"", "\"messagingTemplate\":{\"responseId\":\"r\"},\"textBody\"");
    assertThat(bench.api("POST", "/conversations/messages/agentless", both).status())
        .isEqualTo(400);
  }

  @Test
  void anAgentWritesThroughTheApi() {
    String id = bench.open("hi");
    String leg = bench.conversation(id).at("/participants/1/messages/0/id").asText();
    String path = "/conversations/messages/" + id + "/communications/" + leg;

    JsonNode sent =
        GenesysBench.must(bench.api("POST", path + "/messages", "{\"textBody\":\"by hand\"}"))
            .json();

    Await.until("it came", () -> bench.hooks.of("Text").size() == 1);
    assertThat(bench.hooks.of("Text").getFirst().path("id")).isEqualTo(sent.path("id"));
    assertThat(bench.api("POST", path + "x/messages", "{\"textBody\":\"x\"}").status())
        .isEqualTo(404);
  }
}
