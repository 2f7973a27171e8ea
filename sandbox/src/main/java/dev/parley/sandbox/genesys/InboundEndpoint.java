package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;

/// The four inbound endpoints under `/conversations/messages/{integrationId}/inbound/open/`. A body
/// is checked and taken; what becomes of it is found out afterwards and told by a receipt.
final class InboundEndpoint {
  private InboundEndpoint() {}

  /// `message`.
  static Reply message(Visit visit, String integrationId) {
    Organization organization = visit.organization();
    Integration integration = enter(visit, integrationId);
    JsonNode body = visit.body();
    Behaviour behaviour = organization.behaviour();
    InboundRules.Attachment attachment = InboundRules.message(body, behaviour.get(Knob.MAX_TEXT));
    Customer customer = Customer.of(Part.root(body).at("channel").at("from"));
    Conversation conversation =
        organization.conversations().of(integration, customer, organization.threadingWindow());
    conversation.attributes(body.at("/channel/metadata/customAttributes"));

    String id = Conversations.newId();
    ObjectNode normalized = normalized(visit, id, integration, customer, body);
    normalized.put("type", "Text");
    copy(body, normalized, "text");
    copy(body, normalized, "content");
    copy(body, normalized, "metadata");
    StoredMessage message = organization.conversations().add(conversation, true, normalized);
    String messageId = Json.text(body.path("channel"), "messageId");
    if (messageId != null) {
      organization.counts().message(messageId);
    }
    visit.accept(id, conversation.id());
    Intake.begin(organization, integration, message, attachment);
    ObjectNode answer = normalized.deepCopy();
    if (visit.call().flag("prefetchConversationId")) {
      answer.put("conversationId", conversation.id());
    }
    return accepted(visit, answer);
  }

  /// `event`.
  static Reply event(Visit visit, String integrationId) {
    Integration integration = enter(visit, integrationId);
    JsonNode body = visit.body();
    InboundRules.event(body);
    Customer customer = Customer.of(Part.root(body).at("channel").at("from"));
    String id = Conversations.newId();
    Conversation conversation =
        visit.organization().conversations().active(integration.id(), customer.id());
    visit.accept(id, conversation == null ? null : conversation.id());
    ObjectNode answer = normalized(visit, id, integration, customer, body).put("type", "Event");
    copy(body, answer, "events");
    return accepted(visit, answer);
  }

  /// `receipt`.
  static Reply receipt(Visit visit, String integrationId) {
    Organization organization = visit.organization();
    Integration integration = enter(visit, integrationId);
    JsonNode body = visit.body();
    InboundRules.receipt(body);
    String id = body.path("id").asText();
    ObjectNode receipt = Json.object().put("id", id);
    ObjectNode channel = receipt.putObject("channel").put("id", integration.id());
    channel.put("platform", "Open").put("type", "Private");
    channel.set("to", body.at("/channel/to"));
    channel.putObject("from").put("id", integration.id());
    channel.set("time", body.at("/channel/time"));
    receipt.put("type", "Receipt");
    copy(body, receipt, "status");
    copy(body, receipt, "reasons");
    receipt.put("isFinalReceipt", body.path("isFinalReceipt").asBoolean(false));
    receipt.put("direction", "Outbound");
    StoredMessage message = organization.conversations().message(id);
    if (message == null || message.inbound()) {
      organization.counts().unknownReceipt();
    } else {
      message.receipt(receipt);
    }
    String conversation = message == null ? null : message.conversation().id();
    organization
        .counts()
        .receipt(id, body.path("status").asText(), body.path("isFinalReceipt").asBoolean(false));
    visit.accept(id, conversation);
    return accepted(visit, receipt);
  }

  /// `structured/response`.
  static Reply response(Visit visit, String integrationId) {
    Organization organization = visit.organization();
    Integration integration = enter(visit, integrationId);
    JsonNode body = visit.body();
    InboundRules.response(body);
    Customer customer = Customer.of(Part.root(body).at("channel").at("from"));
    Conversation conversation =
        organization.conversations().of(integration, customer, organization.threadingWindow());
    String id = Conversations.newId();
    ObjectNode answer = normalized(visit, id, integration, customer, body);
    answer.put("type", "Structured").set("text", body.at("/buttonResponse/text"));
    ObjectNode element = answer.putArray("content").addObject();
    element.put("contentType", "ButtonResponse").set("buttonResponse", body.get("buttonResponse"));
    copy(body, answer, "originatingMessageId");
    StoredMessage message = organization.conversations().add(conversation, true, answer);
    String messageId = Json.text(body.path("channel"), "messageId");
    if (messageId != null) {
      organization.counts().message(messageId);
    }
    visit.accept(id, conversation.id());
    Intake.begin(organization, integration, message, null);
    return accepted(visit, answer);
  }

  private static Integration enter(Visit visit, String integrationId) {
    visit.requireMethod("POST");
    visit.require("conversation:message:receive");
    return visit.organization().usable(integrationId);
  }

  private static Reply accepted(Visit visit, ObjectNode answer) {
    return Reply.json(
        (int) visit.organization().behaviour().get(Knob.ACCEPT_STATUS), answer.deepCopy());
  }

  private static ObjectNode normalized(
      Visit visit, String id, Integration integration, Customer customer, JsonNode body) {
    ObjectNode json = Json.object().put("id", id);
    ObjectNode channel = json.putObject("channel").put("id", integration.id());
    boolean echo = visit.organization().behaviour().is(Knob.ECHO);
    String given = echo ? Json.text(body.path("channel"), "messageId") : null;
    channel.put("platform", "Open").put("type", "Private");
    channel.put("messageId", given == null ? id : given);
    channel.putObject("to").put("id", integration.id());
    channel.set("from", customer.json());
    channel.set("time", body.at("/channel/time"));
    copy(body.path("channel"), channel, "metadata");
    return json.put("direction", "Inbound");
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    JsonNode value = from.get(field);
    if (value != null) {
      to.set(field, value);
    }
  }
}
