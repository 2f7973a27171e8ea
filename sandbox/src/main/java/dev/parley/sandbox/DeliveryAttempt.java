package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One POST of a webhook.
///
/// @param number its place in the ledger, from 1
/// @param delivery the same for all attempts of one webhook
/// @param attempt 1 for the first
/// @param at when it was sent
/// @param millis how long the answer took
/// @param status the answer; 0 for none
/// @param failure why there was none
/// @param body the exact bytes sent
public record DeliveryAttempt(
    long number,
    long delivery,
    int attempt,
    Instant at,
    long millis,
    int status,
    @Nullable String failure,
    Bytes body) {

  /// As the control API tells it.
  public ObjectNode json() {
    ObjectNode json = Json.object().put("number", number).put("delivery", delivery);
    json.put("attempt", attempt)
        .put("at", at.toString())
        .put("millis", millis)
        .put("status", status);
    if (failure != null) {
      json.put("failure", failure);
    }
    return json.set("body", Json.parseOrText(body.text()));
  }
}
