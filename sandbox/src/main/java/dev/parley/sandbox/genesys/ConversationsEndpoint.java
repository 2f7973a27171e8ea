package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `/conversations/{id}` and `/conversations/messages/...` apart from the inbound endpoints.
final class ConversationsEndpoint {
  private static final int MOST_IDS = 1000;
  private static final Set<String> STATES =
      Set.of("alerting", "connected", "disconnected", "hold", "contacting");

  private ConversationsEndpoint() {}

  /// `/conversations/{id}[/disconnect]`.
  static Reply answer(Visit visit, List<String> path) {
    Conversation conversation = visit.organization().conversations().get(path.getFirst());
    if (path.size() == 1) {
      visit.requireMethod("GET");
      visit.require("conversation:communication:view");
      return Reply.ok(conversation.json());
    }
    visit.requireMethod("POST");
    if (path.size() != 2 || !path.get(1).equals("disconnect")) {
      throw new ApiRefusal(ApiError.notFound());
    }
    visit.require("conversation:communication:disconnect");
    conversation.tearDown();
    visit.organization().counts().tornDown();
    visit.accept(conversation.id(), conversation.id());
    return Reply.json(202, Json.object().put("id", conversation.id()));
  }

  /// `/conversations/messages/...`.
  static Reply messages(Visit visit, List<String> path) {
    String method = visit.call().method();
    if (path.size() == 1 && path.getFirst().equals("agentless")) {
      return agentless(visit);
    }
    if (path.size() == 2 && path.get(1).equals("details")) {
      visit.requireMethod("GET");
      visit.require("conversation:message:view");
      return Reply.ok(details(visit, path.getFirst()));
    }
    Conversation conversation = visit.organization().conversations().get(path.getFirst());
    List<String> rest = path.subList(1, path.size());
    if (rest.isEmpty()) {
      if (method.equals("PATCH")) {
        return patch(visit, conversation);
      }
      visit.requireMethod("GET");
      visit.require("conversation:message:view");
      return Reply.ok(conversation.mediaJson());
    }
    return switch (rest.getFirst()) {
      case "messages" -> messagesOf(visit, conversation, rest);
      case "participants" -> participant(visit, conversation, rest);
      case "communications" -> write(visit, conversation, rest);
      default -> throw new ApiRefusal(ApiError.notFound());
    };
  }

  private static ObjectNode details(Visit visit, String id) {
    StoredMessage message = visit.organization().conversations().message(id);
    // It takes a moment until a message that was accepted can be asked for.
    long settled = visit.organization().behaviour().get(Knob.PROCESS_MS);
    if (message == null
        || (message.inbound() && Instant.now().isBefore(message.time().plusMillis(settled)))) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return message.json();
  }

  private static Reply patch(Visit visit, Conversation conversation) {
    visit.require("conversation:communication:disconnect");
    Part.root(visit.body()).at("state").oneOf(Set.of("disconnected"));
    conversation.end("client");
    visit.accept(conversation.id(), conversation.id());
    return Reply.ok(conversation.mediaJson());
  }

  private static Reply messagesOf(Visit visit, Conversation conversation, List<String> rest) {
    visit.require("conversation:message:view");
    if (rest.size() != 2) {
      throw new ApiRefusal(ApiError.notFound());
    }
    if (!rest.get(1).equals("bulk")) {
      visit.requireMethod("GET");
      return Reply.ok(details(visit, rest.get(1)));
    }
    visit.requireMethod("POST");
    JsonNode ids = visit.anyBody();
    if (!ids.isArray() || ids.size() > MOST_IDS) {
      throw new ApiRefusal(ApiError.badRequest("The body should be an array of up to 1000 ids"));
    }
    ObjectNode json = Json.object();
    var found = json.putArray("entities");
    for (JsonNode id : ids) {
      StoredMessage message = visit.organization().conversations().message(id.asText());
      if (message != null && message.conversation() == conversation) {
        found.add(message.json());
      }
    }
    return Reply.ok(json);
  }

  private static Reply participant(Visit visit, Conversation conversation, List<String> rest) {
    visit.requireMethod("PATCH");
    JsonNode body = visit.body();
    boolean attributes = rest.size() == 3 && rest.get(2).equals("attributes");
    if (rest.size() != 2 && !attributes) {
      throw new ApiRefusal(ApiError.notFound());
    }
    boolean known;
    if (attributes) {
      Part.root(body).at("attributes").required().optionalTexts();
      known = conversation.attributes(rest.get(1), body.path("attributes"));
    } else {
      visit.require("conversation:communication:disconnect");
      known = conversation.change(rest.get(1), Part.root(body).at("state").oneOf(STATES));
    }
    if (!known) {
      throw new ApiRefusal(ApiError.notFound());
    }
    visit.accept(rest.get(1), conversation.id());
    return new Reply.Empty(204, Map.of());
  }

  /// `communications/{id}/messages` and `.../typing`: an agent writes through the API.
  private static Reply write(Visit visit, Conversation conversation, List<String> rest) {
    visit.requireMethod("POST");
    visit.require("conversation:message:create");
    if (rest.size() != 3 || !conversation.has(rest.get(1))) {
      throw new ApiRefusal(ApiError.notFound());
    }
    ObjectNode act = Json.object();
    switch (rest.get(2)) {
      case "typing" -> act.put("type", "typing");
      case "messages" ->
          act.put("type", "text").put("text", Part.root(visit.body()).at("textBody").text());
      default -> throw new ApiRefusal(ApiError.notFound());
    }
    if (!conversation.connected()) {
      throw new ApiRefusal(ApiError.badRequest("The conversation is disconnected."));
    }
    ObjectNode webhook = new Agent(visit.organization()).act(conversation, act).webhook();
    if (webhook == null || act.path("type").asText().equals("typing")) {
      return new Reply.Empty(204, Map.of());
    }
    String id = webhook.path("id").asText();
    visit.accept(id, conversation.id());
    return Reply.ok(details(visit, id));
  }

  private static Reply agentless(Visit visit) {
    visit.requireMethod("POST");
    visit.require("conversation:message:create");
    Organization organization = visit.organization();
    Part body = Part.root(visit.body());
    Integration integration = organization.usable(body.at("fromAddress").text());
    String to = body.at("toAddress").text();
    body.at("toAddressMessengerType").oneOf(Set.of("open"));
    Part text = body.at("textBody");
    Part template = body.at("messagingTemplate");
    if (text.present() == template.present()) {
      throw new ApiRefusal(
          ApiError.badRequest("Exactly one of textBody and messagingTemplate must be given."));
    }
    boolean goOn = body.at("useExistingActiveConversation").node().asBoolean(false);
    Conversation active = goOn ? organization.conversations().active(integration.id(), to) : null;
    Conversation conversation =
        active != null
            ? active
            : organization
                .conversations()
                .begin(integration, new Customer(to, idType(to), null, null, null));
    Agent.Done done = new Agent(organization).act(conversation, act(text, template));
    if (active == null) {
      conversation.end("system");
    }
    ObjectNode webhook = done.webhook();
    String id = webhook == null ? "" : webhook.path("id").asText();
    visit.accept(id, conversation.id());
    ObjectNode json = Json.object().put("id", id).put("conversationId", conversation.id());
    json.put("fromAddress", integration.id()).put("toAddress", to).put("messengerType", "open");
    if (text.present()) {
      json.put("textBody", text.text());
    } else {
      json.set("messagingTemplate", template.node());
    }
    json.put("timestamp", Moment.text(visit.at()));
    return Reply.json(
        202, json.put("selfUri", "/api/v2/conversations/messages/" + id + "/details"));
  }

  private static ObjectNode act(Part text, Part template) {
    ObjectNode act = Json.object();
    if (text.present()) {
      return act.put("type", "text").put("text", text.text()).put("originatingEntity", "Bot");
    }
    act.put("type", "notification")
        .putObject("template")
        .put("id", template.at("responseId").text());
    ObjectNode body = (ObjectNode) act.get("template");
    var parameters = body.putObject("body").put("text", "").putArray("parameters");
    for (JsonNode parameter : template.node().path("bodyParameters")) {
      parameters
          .addObject()
          .put("name", parameter.path("key").asText(parameter.path("id").asText()))
          .put("text", parameter.path("value").asText());
    }
    return act;
  }

  /// Only the form of the address tells what kind it is.
  private static String idType(String address) {
    return address.matches("\\+?[0-9]{5,15}")
        ? "Phone"
        : address.contains("@") ? "Email" : "Opaque";
  }
}
