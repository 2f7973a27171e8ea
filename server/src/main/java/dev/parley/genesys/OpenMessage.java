package dev.parley.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Bodies of Genesys' inbound endpoints: messages, structured responses, receipts.
final class OpenMessage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int NAME = 100;

  private OpenMessage() {}

  static ObjectNode body(Telling telling, int part) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ObjectNode channel = body.putObject("channel");
    ObjectNode from =
        channel
            .putObject("from")
            .put("id", telling.customer().id())
            .put("idType", telling.customer().idType());
    if (telling.name() != null && !telling.name().isBlank()) {
      from.put("nickname", Texts.cut(telling.name().strip(), NAME));
    }
    // Parts of one message are apart by a millisecond: name and time together are unique there.
    channel
        .put("time", TIME.format(telling.time().plusMillis(part)))
        .put("messageId", telling.externalId(part));
    if (!telling.attributes().isEmpty()) {
      channel.putObject("metadata").set("customAttributes", telling.attributes());
    }
    switch (telling.parts().get(part)) {
      case Part.Text text -> body.put("text", text.text());
      case Part.File file -> attachment(body, file);
      case Part.Choice choice -> {
        body.putObject("buttonResponse")
            .put("type", choice.type())
            .put("text", choice.text())
            .put("payload", choice.payload());
        body.put("originatingMessageId", choice.originatingMessageId());
      }
    }
    return body;
  }

  private static void attachment(ObjectNode body, Part.File file) {
    if (file.caption() != null) {
      body.put("text", file.caption());
    }
    ObjectNode attachment =
        body.putArray("content")
            .addObject()
            .put("contentType", "Attachment")
            .putObject("attachment")
            .put("mediaType", file.mediaType())
            .put("url", file.given().url())
            .put("mime", file.given().mime());
    if (file.given().filename() != null) {
      attachment.put("filename", file.given().filename());
    }
  }

  /// @param status `Sent`, `Delivered` or `Failed`; the first is not final
  static ObjectNode receipt(
      String webhook,
      BridgeStore.Customer to,
      Instant time,
      String status,
      String code,
      String why) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("id", webhook);
    ObjectNode channel = body.putObject("channel");
    channel.putObject("to").put("id", to.id()).put("idType", to.idType());
    channel.put("time", TIME.format(time));
    body.put("status", status).put("direction", "Outbound");
    if (status.equals("Failed")) {
      body.putArray("reasons")
          .addObject()
          .put("code", code.isEmpty() ? ReasonCode.GENERAL_ERROR.word() : code)
          .put("message", why.isEmpty() ? "The message could not be delivered." : why);
    }
    return body.put("isFinalReceipt", !status.equals("Sent"));
  }
}
