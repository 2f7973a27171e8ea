package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One call of the Platform API that bore a good token.
///
/// @param number its place in the ledger, from 1
/// @param at when it came
/// @param kind `message`, `event`, `receipt`, `response`, `integrations`, `conversations`,
///   `agentless` or `other`
/// @param status the answer; 0 when the connection was cut or half of an answer was sent
/// @param accepted whether Genesys took what came
/// @param id the id that Genesys gave it, or that it is about
record CallEntry(
    long number,
    Instant at,
    String kind,
    String method,
    String path,
    int status,
    boolean accepted,
    String correlationId,
    @Nullable String id,
    @Nullable String conversationId,
    String body) {

  ObjectNode json() {
    ObjectNode json = Json.object().put("number", number).put("at", at.toString());
    json.put("kind", kind).put("method", method).put("path", path).put("status", status);
    json.put("accepted", accepted).put("correlationId", correlationId);
    json.put("id", id).put("conversationId", conversationId);
    if (!body.isEmpty()) {
      json.set("body", Json.parseOrText(body));
    }
    return json;
  }
}
