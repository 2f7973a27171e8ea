package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.ControlRefusal;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Pause;
import dev.parley.sandbox.Reply;
import dev.parley.sandbox.SpoiledFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// The faults that an organisation's calls meet. Rules are tried in order; latencies add up, the
/// first other rule that strikes decides.
final class Faults {
  /// The calls by which a customer's side speaks.
  static final Set<String> INBOUND = Set.of("message", "event", "receipt", "response");

  private static final Set<String> PLACES =
      Set.of(
          "any",
          "inbound",
          "message",
          "event",
          "receipt",
          "response",
          "token",
          "integrations",
          "conversations",
          "agentless",
          "download",
          "other");
  private static final Set<String> OF_FILES = Set.of("stall", "drip", "corrupt", "shorten");
  private static final Set<String> MODES =
      Set.of(
          "error",
          "errorAfterAccept",
          "latency",
          "hang",
          "reset",
          "resetAfterAccept",
          "truncate",
          "stall",
          "drip",
          "corrupt",
          "shorten");
  private static final Set<String> NAMES =
      Set.of("on", "mode", "httpStatus", "retryAfterSeconds", "delayMs", "times", "probability");

  private record Rule(
      String on,
      String mode,
      int httpStatus,
      int retryAfterSeconds,
      long delayMs,
      double probability,
      AtomicInteger left) {

    boolean strikes(String place, DoubleSupplier random) {
      boolean here =
          on.equals("any") || on.equals(place) || (on.equals("inbound") && INBOUND.contains(place));
      return here
          && left.get() > 0
          && (probability >= 1 || random.getAsDouble() < probability)
          && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
  }

  private volatile List<Rule> rules = List.of();

  /// Replaces all rules.
  ///
  /// @throws ControlRefusal when a rule makes no sense
  void replace(JsonNode json) {
    if (!json.isArray()) {
      throw new ControlRefusal(400, "the body must be a list of rules");
    }
    List<Rule> next = new ArrayList<>();
    json.elements().forEachRemaining(rule -> next.add(rule(rule)));
    rules = List.copyOf(next);
  }

  ArrayNode json() {
    ArrayNode list = Json.array();
    for (Rule rule : rules) {
      ObjectNode json = list.addObject().put("on", rule.on).put("mode", rule.mode);
      json.put("httpStatus", rule.httpStatus).put("retryAfterSeconds", rule.retryAfterSeconds);
      json.put("delayMs", rule.delayMs).put("probability", rule.probability);
      if (rule.left.get() < Integer.MAX_VALUE / 2) {
        json.put("left", rule.left.get());
      }
    }
    return list;
  }

  /// Does the work of one call under the rules in force.
  ///
  /// @param place what is called, one of the places above
  /// @param random a number from 0 to 1 for each chance
  /// @param contextId goes into the body of errors
  /// @param work what the call is for
  Reply around(String place, DoubleSupplier random, String contextId, Supplier<Reply> work) {
    Rule decisive = null;
    for (Rule rule : rules) {
      if (rule.strikes(place, random)) {
        if (!OF_FILES.contains(rule.mode)) {
          Pause.millis(rule.delayMs);
        }
        if (!rule.mode.equals("latency")) {
          decisive = rule;
          break;
        }
      }
    }
    if (decisive == null) {
      return work.get();
    }
    return switch (decisive.mode) {
      case "error" -> error(decisive, contextId);
      case "errorAfterAccept" -> {
        var _ = work.get();
        yield error(decisive, contextId);
      }
      case "truncate", "stall", "drip", "corrupt", "shorten" -> spoiled(work.get(), decisive);
      case "resetAfterAccept" -> {
        var _ = work.get();
        yield new Reply.Cut();
      }
      default -> new Reply.Cut();
    };
  }

  /// Only files can be spoiled in every way; of other answers half is sent.
  private static Reply spoiled(Reply whole, Rule rule) {
    return switch (whole) {
      case Reply.Content file ->
          new SpoiledFile(file, SpoiledFile.Way.named(rule.mode), rule.delayMs);
      case Reply.Body body -> new Reply.Truncated(body);
      default -> whole;
    };
  }

  private static Reply.Body error(Rule rule, String contextId) {
    Map<String, String> headers =
        rule.retryAfterSeconds == 0
            ? Map.of()
            : Map.of("Retry-After", Integer.toString(rule.retryAfterSeconds));
    return new Reply.Body(rule.httpStatus, ApiError.of(rule.httpStatus).body(contextId), headers);
  }

  private static Rule rule(JsonNode json) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!NAMES.contains(field.getKey())) {
        throw new ControlRefusal(400, "unknown field of a fault: " + field.getKey());
      }
    }
    String on = json.path("on").asText("any");
    String mode = json.path("mode").asText("");
    if (!PLACES.contains(on)) {
      throw new ControlRefusal(400, "on must be one of " + PLACES);
    }
    if (!MODES.contains(mode)) {
      throw new ControlRefusal(400, "mode must be one of " + MODES);
    }
    if (OF_FILES.contains(mode) && !on.equals("download")) {
      throw new ControlRefusal(400, mode + " is only for on: download");
    }
    int httpStatus = json.path("httpStatus").asInt(503);
    if (httpStatus < 400 || httpStatus > 599) {
      throw new ControlRefusal(400, "httpStatus must be from 400 to 599");
    }
    int retryAfter = json.path("retryAfterSeconds").asInt(httpStatus == 429 ? 1 : 0);
    return new Rule(
        on,
        mode,
        httpStatus,
        retryAfter,
        json.path("delayMs").asLong(Set.of("hang", "stall").contains(mode) ? 60_000 : 0),
        json.path("probability").asDouble(1),
        new AtomicInteger(json.path("times").asInt(Integer.MAX_VALUE)));
  }
}
