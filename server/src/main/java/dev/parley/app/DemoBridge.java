package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A customer writes by WhatsApp, an agent answers in Genesys Cloud: both in emulators, with the server between them.
/// What one side does is looked for at the other.
final class DemoBridge {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final DemoClient whatsApp;
  private final DemoClient genesys;
  private final Consumer<String> out;
  private final List<String> missing = new ArrayList<>();
  // A conversation of an earlier run belongs to a connection that is gone.
  private final String customer =
      "3519" + ThreadLocalRandom.current().nextInt(10_000_000, 100_000_000);
  private String conversation = "";

  DemoBridge(DemoClient whatsApp, DemoClient genesys, Consumer<String> out) {
    this.whatsApp = whatsApp;
    this.genesys = genesys;
    this.out = out;
  }

  /// Genesys' id of it; empty when there is none.
  String conversation() {
    return conversation;
  }

  /// Plays it; answers what did not come in time, nothing when all is well.
  List<String> play() throws InterruptedException {
    ObjectNode hello = content("text");
    hello.putObject("text").put("body", "Hello! Are you open?");
    JsonNode first = customerWrites("text", hello, "message");
    conversation = first.path("conversationId").asText();
    if (conversation.isEmpty()) {
      return missing;
    }
    agentTypes();
    agentWrites(
        "text",
        act("text").put("text", "Good morning! Yes, from ten to six."),
        send -> send.at("/body/type").asText().equals("text"));
    ObjectNode image = content("image");
    image.putObject("image").put("caption", "Do you still have this one?");
    String picture = customerWrites("image", image, "message").path("id").asText();
    fetched(picture);
    agentWrites(
        "image",
        act("attachment").put("mediaType", "Image").put("text", "This one?"),
        send -> send.at("/body/type").asText().equals("image"));
    ObjectNode question = act("quickReplies").put("text", "Shall we bring it today?");
    question.putArray("options").add(option("Yes, please", "yes")).add(option("Tomorrow", "later"));
    JsonNode asked =
        agentWrites(
            "quick reply",
            question,
            send -> send.at("/body/interactive/type").asText().equals("button"));
    chosen(asked);
    published();
    return missing;
  }

  private static ObjectNode content(String type) {
    return DemoClient.json().put("type", type).put("profileName", "Ana");
  }

  private static ObjectNode act(String type) {
    return DemoClient.json().put("type", type);
  }

  private static ObjectNode option(String text, String payload) {
    return DemoClient.json().put("text", text).put("payload", payload);
  }

  /// The call at Genesys that brought what the customer wrote.
  private JsonNode customerWrites(String what, ObjectNode message, String kind)
      throws InterruptedException {
    String id =
        whatsApp
            .post(
                "/sandbox/numbers/" + DemoWorld.NUMBER + "/customers/" + customer + "/messages",
                message)
            .path("id")
            .asText();
    JsonNode call =
        look(
            genesys,
            DemoDesk.path("/calls?kind=" + kind),
            one ->
                one.path("accepted").asBoolean()
                    && id.equals(one.at("/body/channel/messageId").asText()));
    told("customer", what, call, "the customer's %s did not reach Genesys".formatted(what));
    return call;
  }

  /// Genesys has looked at the file by its address.
  private void fetched(String message) throws InterruptedException {
    JsonNode there =
        look(
            genesys,
            DemoDesk.path("/conversations"),
            one -> {
              for (JsonNode m : one.path("messages")) {
                if (m.path("id").asText().equals(message)
                    && m.at("/fetched/status").asInt() == 200) {
                  return true;
                }
              }
              return false;
            });
    told("Genesys", "fetched the image", there, "Genesys could not fetch the customer's image");
  }

  private void agentTypes() throws InterruptedException {
    does(act("typing"));
    JsonNode seen =
        look(
            whatsApp,
            messages(),
            send -> send.at("/body/typing_indicator/type").asText().equals("text"));
    told("agent", "typing", seen, "the agent's typing did not reach WhatsApp");
  }

  /// What WhatsApp got; Genesys must have heard that it was delivered.
  private JsonNode agentWrites(String what, ObjectNode act, Predicate<JsonNode> fits)
      throws InterruptedException {
    String id = does(act).path("id").asText();
    JsonNode send =
        look(
            whatsApp,
            messages(),
            one -> one.path("accepted").asBoolean() && toCustomer(one) && fits.test(one));
    told("agent", what, send, "the agent's %s did not reach WhatsApp".formatted(what));
    JsonNode receipt =
        look(
            genesys,
            DemoDesk.path("/calls?kind=receipt"),
            one ->
                id.equals(one.at("/body/id").asText())
                    && one.at("/body/status").asText().equals("Delivered"));
    told("WhatsApp", "delivered", receipt, "no receipt of the agent's %s came".formatted(what));
    return DemoClient.json().put("wamid", send.path("id").asText()).put("webhook", id);
  }

  private boolean toCustomer(JsonNode send) {
    return send.at("/body/to").asText().endsWith(customer);
  }

  private static String messages() {
    return "/sandbox/numbers/" + DemoWorld.NUMBER + "/messages?limit=1000";
  }

  private JsonNode does(ObjectNode act) throws InterruptedException {
    return genesys.post(DemoDesk.path("/conversations/" + conversation + "/acts"), act);
  }

  /// The customer chooses; Genesys must hear which question that answers.
  private void chosen(JsonNode asked) throws InterruptedException {
    ObjectNode reply = content("interactive").put("contextId", asked.path("wamid").asText());
    JsonNode offered =
        look(
            whatsApp,
            messages(),
            send -> send.path("id").asText().equals(asked.path("wamid").asText()));
    reply
        .putObject("interactive")
        .put("type", "button_reply")
        .set("button_reply", offered.at("/body/interactive/action/buttons/0/reply"));
    JsonNode call = customerWrites("quick reply", reply, "response");
    if (!call.isEmpty()
        && !asked.path("webhook").asText().equals(call.at("/body/originatingMessageId").asText())) {
      missing.add("the answer does not name its question");
    }
  }

  /// Each message of the customer was told to be published.
  private void published() throws InterruptedException {
    JsonNode all =
        look(
            genesys,
            DemoDesk.path("/counts"),
            counts ->
                counts.path("webhooksPending").asInt() == 0
                    && counts.path("webhooksLost").asInt() == 0);
    JsonNode receipt =
        look(
            genesys,
            DemoDesk.path("/deliveries"),
            one ->
                one.at("/body/status").asText().equals("Published")
                    && one.path("status").asInt() == 200);
    told(
        "Genesys",
        "published",
        all.isEmpty() ? all : receipt,
        "Genesys' receipts of the customer's messages were not taken");
  }

  private void told(String who, String what, JsonNode found, String otherwise) {
    if (found.isEmpty()) {
      missing.add(otherwise);
    } else {
      out.accept(
          "  %s  %-9s %s"
              .formatted(LocalTime.now(ZoneId.systemDefault()).format(CLOCK), who, what));
    }
  }

  /// The first entry, or the answer itself, that satisfies; an empty object when none comes.
  private static JsonNode look(DemoClient client, String path, Predicate<JsonNode> satisfies)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode answer = client.get(path);
      for (JsonNode one : answer.has("data") ? answer.path("data") : List.of(answer)) {
        if (satisfies.test(one)) {
          return one;
        }
      }
      Thread.sleep(PAUSE);
    }
    return DemoClient.json();
  }
}
