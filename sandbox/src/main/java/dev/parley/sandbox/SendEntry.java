package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One POST that reached `/messages`.
///
/// @param number its place in the ledger, from 1
/// @param at when it was judged
/// @param kind `message`, or `read` for a read mark (with or without typing indicator)
/// @param body the body as it came
/// @param accepted whether WhatsApp took it
/// @param errorCode why not; 0 when it was taken or when the connection was cut before
/// @param wamid the id given to the message; null when there is none
/// @param callbackData the sender's `biz_opaque_callback_data`
record SendEntry(
    long number,
    Instant at,
    String kind,
    String body,
    boolean accepted,
    int errorCode,
    @Nullable String wamid,
    @Nullable String callbackData) {

  ObjectNode json() {
    ObjectNode json =
        Json.object().put("number", number).put("at", at.toString()).put("kind", kind);
    json.put("accepted", accepted);
    if (!accepted) {
      json.put("errorCode", errorCode);
    }
    json.put("id", wamid).put("callbackData", callbackData);
    return json.set("body", Json.parseOrText(body));
  }
}
