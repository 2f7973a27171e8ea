package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `POST /{phoneNumberId}/messages`: sends, read marks and typing indicators.
final class MessagesEndpoint {
  private static final Duration WINDOW = Duration.ofHours(24);
  private static final Pattern PHONE = Pattern.compile("[1-9][0-9]{4,14}");
  private static final Pattern USER_ID = Pattern.compile("[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]{1,128}");
  private static final int SENT_KEPT = 500_000;

  private final World world;
  private final StatusFlow statuses;
  // Which of the messages sent are reactions: those can't be reacted to.
  private final BoundedMap<String, Boolean> reactions = new BoundedMap<>(SENT_KEPT);

  MessagesEndpoint(World world) {
    this.world = world;
    this.statuses = new StatusFlow(world);
  }

  Reply post(BusinessNumber number, Call call) {
    JsonNode message = parse(call.body());
    boolean mark = message.path("status").asText("").equals("read");
    return number
        .faults()
        .around(
            "messages",
            number::chance,
            error -> record(number, call, message, mark, error == null ? 0 : error.code(), null),
            () -> judge(number, call, message, mark));
  }

  private Reply judge(BusinessNumber number, Call call, JsonNode message, boolean mark) {
    try {
      if (mark) {
        checkMark(message);
        record(number, call, message, true, 0, "");
        return Reply.success();
      }
      Accepted accepted = accept(number, message);
      record(number, call, message, false, 0, accepted.wamid());
      statuses.begin(number, accepted);
      return Reply.ok(answer(accepted));
    } catch (GraphRefusal refusal) {
      record(number, call, message, mark, refusal.error().code(), null);
      return refusal.error().reply();
    }
  }

  /// A message that WhatsApp took.
  ///
  /// @param input the recipient as the sender wrote it
  /// @param category what is billed: the template's category or `service`
  /// @param failure why it won't arrive; null when it will
  record Accepted(
      String wamid,
      String input,
      Customers.Customer to,
      String type,
      String category,
      @Nullable String callbackData,
      @Nullable GraphError failure) {}

  private Accepted accept(BusinessNumber number, JsonNode message) {
    if (!number.registered()) {
      throw new GraphRefusal(GraphError.of(133010, "Register the phone number first."));
    }
    Behaviour behaviour = number.behaviour();
    if (!number.limits().takeThroughput(behaviour.throughputPerSecond())) {
      throw new GraphRefusal(
          GraphError.of(130429, "Cloud API message throughput has been reached."));
    }
    if (!message.isObject()) {
      throw new GraphRefusal(GraphError.invalid("The body is not a JSON object."));
    }
    String type = MessageRules.check(message);
    Customers.Customer to = recipient(number, message);
    Template template =
        type.equals("template")
            ? TemplateSend.check(number.account().templates(), Field.root(message))
            : null;
    if (template != null && to.waId() == null && template.category().equals("AUTHENTICATION")) {
      throw new GraphRefusal(
          GraphError.of(131062, "Authentication templates need a phone number in to."));
    }
    if (type.equals("reaction")) {
      checkReaction(message);
    }
    String objection = mediaObjection(message, type);
    GraphError failure = failure(number, to, template == null);
    if (behaviour.pairLimit() && !number.limits().takePair(to.key())) {
      throw new GraphRefusal(
          GraphError.of(
              131056, "Too many messages sent from this phone number to the same phone number"));
    }
    String wamid = world.ids().outbound(to.key());
    if (type.equals("reaction")) {
      reactions.put(wamid, true);
    }
    return new Accepted(
        wamid,
        message.path(message.has("to") ? "to" : "recipient").asText(),
        to,
        type,
        template == null ? "service" : template.category().toLowerCase(Locale.ROOT),
        Json.text(message, "biz_opaque_callback_data"),
        objection == null ? failure : GraphError.of(131053, objection));
  }

  private static Customers.Customer recipient(BusinessNumber number, JsonNode message) {
    Field to = Field.root(message).at("to");
    if (!to.present()) {
      Field userId = Field.root(message).at("recipient");
      if (!userId.present()) {
        throw to.missing();
      }
      if (!USER_ID.matcher(userId.text(200)).matches()) {
        throw userId.invalid("is not a valid business-scoped user id");
      }
      return number.customers().withUserId(userId.text(200));
    }
    String digits = to.text(50).replaceAll("[+\\s().-]", "");
    if (!PHONE.matcher(digits).matches()) {
      throw to.invalid("is not a valid phone number");
    }
    if (digits.equals(number.settings().digits())) {
      throw new GraphRefusal(
          GraphError.of(131021, "Param to must not be the sender's own number."));
    }
    return number.customers().withPhone(digits);
  }

  /// Why the message can't arrive; null when it can. Throws instead where the behaviour says
  /// `sync`.
  private static @Nullable GraphError failure(
      BusinessNumber number, Customers.Customer to, boolean freeForm) {
    Behaviour behaviour = number.behaviour();
    boolean absent = to.waId() != null && behaviour.notOnWhatsApp().contains(to.waId());
    boolean unknown = to.lastHeard() == 0 && behaviour.unknownRecipients() != Behaviour.When.OFF;
    if (absent || unknown) {
      GraphError error = GraphError.of(131026, "Message Undeliverable.");
      if (unknown && behaviour.unknownRecipients() == Behaviour.When.SYNC) {
        throw new GraphRefusal(error);
      }
      return error;
    }
    boolean open = Instant.ofEpochSecond(to.lastHeard()).plus(WINDOW).isAfter(Instant.now());
    if (!freeForm || open || behaviour.windowRefusal() == Behaviour.When.OFF) {
      return null;
    }
    GraphError error =
        GraphError.of(
            131047,
            "Message failed to send because more than 24 hours have passed since the customer last replied to"
                + " this number.");
    if (behaviour.windowRefusal() == Behaviour.When.SYNC) {
      throw new GraphRefusal(error);
    }
    return error;
  }

  private @Nullable String mediaObjection(JsonNode message, String type) {
    if (!Set.of("image", "video", "audio", "document", "sticker").contains(type)) {
      return null;
    }
    Field media = Field.root(message).at(type);
    String id = MessageRules.mediaId(media);
    if (id == null) {
      return null;
    }
    MediaStore.Media file = world.file(id);
    if (file == null) {
      throw media.at("id").invalid("does not exist or has expired: " + id);
    }
    return MediaKind.ofMessageType(type).objectionTo(file.mimeType());
  }

  private void checkReaction(JsonNode message) {
    Field target = Field.root(message).at("reaction").at("message_id");
    if (reactions.get(target.node().asText()) != null) {
      throw target.invalid("is a reaction itself");
    }
  }

  private static void checkMark(JsonNode message) {
    Field root = Field.root(message);
    if (!message.path("messaging_product").asText("").equals("whatsapp")) {
      throw root.at("messaging_product").missing();
    }
    MessageRules.messageId(root.at("message_id"));
    if (root.at("typing_indicator").present()) {
      root.at("typing_indicator").object().at("type").oneOf(Set.of("text"));
    }
  }

  private static ObjectNode answer(Accepted accepted) {
    ObjectNode json = Json.object().put("messaging_product", "whatsapp");
    ObjectNode contact = json.putArray("contacts").addObject().put("input", accepted.input());
    if (accepted.to().waId() != null) {
      contact.put("wa_id", accepted.to().waId());
    }
    contact.put("user_id", accepted.to().userId());
    ObjectNode sent = json.putArray("messages").addObject().put("id", accepted.wamid());
    if (accepted.type().equals("template")) {
      sent.put("message_status", "accepted");
    }
    return json;
  }

  private static void record(
      BusinessNumber number,
      Call call,
      JsonNode message,
      boolean mark,
      int errorCode,
      @Nullable String wamid) {
    boolean accepted = wamid != null;
    String callbackData = Json.text(message, "biz_opaque_callback_data");
    if (mark) {
      number.counters().marked();
    } else if (accepted) {
      number.counters().accepted(callbackData);
    } else {
      number.counters().refused();
    }
    String body = call.body().text();
    String id = wamid == null || wamid.isEmpty() ? null : wamid;
    Instant now = Instant.now();
    String kind = mark ? "read" : "message";
    number
        .sends()
        .add(n -> new SendEntry(n, now, kind, body, accepted, errorCode, id, callbackData));
  }

  private static JsonNode parse(Bytes body) {
    try {
      return Json.parse(body);
    } catch (IOException notJson) {
      return Json.array();
    }
  }
}
