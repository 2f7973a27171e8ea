package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A customer and a shop talk: the customer through the sandbox, the shop through the public REST API. Everybody waits
/// for what they react to, as people do.
final class DemoScript {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String CUSTOMER = "351912345678";
  private static final Set<String> RECEIPTS =
      Set.of("message.queued", "message.sent", "message.delivered", "message.read");

  private final DemoClient server;
  private final DemoClient sandbox;
  private final DemoWatch watch;
  private final DemoFiles files;
  private final Map<String, String> sent = new LinkedHashMap<>();
  private final List<String> missing = new ArrayList<>();

  DemoScript(DemoClient server, DemoClient sandbox, DemoWatch watch) {
    this.server = server;
    this.sandbox = sandbox;
    this.watch = watch;
    this.files = new DemoFiles(server, watch);
  }

  /// Plays it; answers what did not come in time, nothing when all is well.
  List<String> play() throws InterruptedException {
    JsonNode hello = customer("text", content("text").set("text", body("Hello! Are you open?")));
    String conversation = hello.at("/data/conversationId").asText();
    if (conversation.isEmpty()) {
      return missing;
    }
    shop(conversation, content("text").put("body", "Good morning! Yes, from ten to six."));

    ObjectNode image = content("image");
    image.putObject("image").put("caption", "Do you still have this one?");
    JsonNode asked = customer("image", image);
    files.stored("image", asked);
    files.stored("voice note", customer("voice note", content("audio")));
    ObjectNode order = content("document");
    order.putObject("document").put("filename", "order.pdf").put("caption", "My order");
    byte[] document = files.stored("document", customer("document", order));
    server.post("/api/v1/conversations/" + conversation + "/read", DemoClient.json());
    shop(
        conversation,
        content("text").put("body", "We do, the last two. Where shall we bring it?"),
        asked.at("/data/message/id").asText());

    ObjectNode place = content("location");
    place
        .putObject("location")
        .put("latitude", 38.7138)
        .put("longitude", -9.1394)
        .put("name", "Rossio Square");
    customer("location", place);
    ObjectNode question = content("buttons").put("body", "Shall we deliver there today?");
    question.putArray("buttons").add(button("yes", "Yes, please")).add(button("no", "Tomorrow"));
    String asking = shop(conversation, question);

    ObjectNode reply = content("interactive").put("contextId", providerId(asking));
    reply
        .putObject("interactive")
        .put("type", "button_reply")
        .set("button_reply", button("yes", "Yes, please"));
    customer("button reply", reply);
    byte[] picture = files.fetched(asked);
    shop(conversation, files.uploaded("image", "shop.jpg", "image/jpeg", picture));
    shop(conversation, files.uploaded("document", "invoice.pdf", "application/pdf", document));
    shop(
        conversation,
        content("location")
            .put("latitude", 38.7223)
            .put("longitude", -9.1393)
            .put("name", "Our shop, in case you pass by"));
    settle();
    missing.addAll(files.missing());
    return missing;
  }

  private static ObjectNode content(String type) {
    return DemoClient.json().put("type", type);
  }

  private static ObjectNode body(String text) {
    return DemoClient.json().put("body", text);
  }

  private static ObjectNode button(String id, String title) {
    return DemoClient.json().put("id", id).put("title", title);
  }

  /// The customer writes; answers the event that the server tells of it, an empty object when none comes.
  private JsonNode customer(String what, JsonNode message) throws InterruptedException {
    ObjectNode body = ((ObjectNode) message).put("profileName", "Ana");
    String id =
        sandbox
            .post(
                "/sandbox/numbers/" + DemoWorld.NUMBER + "/customers/" + CUSTOMER + "/messages",
                body)
            .path("id")
            .asText();
    JsonNode event =
        watch.await(
            e ->
                e.path("type").asText().equals("message.received")
                    && id.equals(e.at("/data/message/providerMessageId").asText()),
            PATIENCE);
    if (event == null) {
      missing.add("the customer's " + what + " was not received");
      return DemoClient.json();
    }
    return event;
  }

  private String shop(String conversation, ObjectNode content) throws InterruptedException {
    return shop(conversation, content, "");
  }

  /// The shop answers; the id of the message, once the customer has read it or time is up.
  private String shop(String conversation, ObjectNode content, String replyTo)
      throws InterruptedException {
    ObjectNode draft = DemoClient.json();
    draft.set("content", content);
    if (!replyTo.isEmpty()) {
      draft.put("replyTo", replyTo);
    }
    String id =
        server
            .post("/api/v1/conversations/" + conversation + "/messages", draft)
            .path("id")
            .asText();
    sent.put(id, content.path("type").asText());
    watch.await(
        event -> event.path("type").asText().equals("message.read") && isAbout(event, id),
        PATIENCE);
    return id;
  }

  private static boolean isAbout(JsonNode event, String message) {
    return message.equals(event.at("/data/messageId").asText());
  }

  private String providerId(String message) throws InterruptedException {
    JsonNode event =
        watch.await(
            e -> e.path("type").asText().equals("message.sent") && isAbout(e, message), PATIENCE);
    return event == null ? "not-known" : event.at("/data/providerMessageId").asText();
  }

  private void settle() {
    sent.forEach(
        (id, kind) ->
            RECEIPTS.stream()
                .filter(type -> !watch.about(id).contains(type))
                .sorted()
                .forEach(
                    type -> missing.add("%s of the shop's %s (%s)".formatted(type, kind, id))));
  }
}
