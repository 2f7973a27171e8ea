package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The faults that a number's Graph calls meet. Rules are tried in order; latencies add up, the
/// first other rule that strikes decides.
final class Faults {
  private static final Set<String> MEDIA = Set.of("upload", "lookUp", "download");
  private static final Set<String> PLACES =
      Set.of("messages", "media", "upload", "lookUp", "download", "templates", "any");
  private static final Set<String> OF_FILES =
      Set.of("stall", "drip", "corrupt", "shorten", "endless");
  private static final Set<String> MODES =
      Set.of(
          "error",
          "latency",
          "hang",
          "reset",
          "resetAfterAccept",
          "truncate",
          "okWithError",
          "stall",
          "drip",
          "corrupt",
          "shorten",
          "endless");
  private static final Set<String> NAMES =
      Set.of(
          "on",
          "mode",
          "httpStatus",
          "code",
          "retryAfterSeconds",
          "delayMs",
          "times",
          "probability");

  private record Rule(
      String on,
      String mode,
      int httpStatus,
      int code,
      int retryAfterSeconds,
      long delayMs,
      double probability,
      AtomicInteger left) {

    boolean strikes(String place, DoubleSupplier random) {
      boolean here =
          on.equals("any") || on.equals(place) || (on.equals("media") && MEDIA.contains(place));
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
      json.put("httpStatus", rule.httpStatus).put("code", rule.code).put("delayMs", rule.delayMs);
      json.put("retryAfterSeconds", rule.retryAfterSeconds).put("probability", rule.probability);
      if (rule.left.get() < Integer.MAX_VALUE / 2) {
        json.put("left", rule.left.get());
      }
    }
    return list;
  }

  /// Does the work of one call under the rules in force.
  ///
  /// @param place what is called: `messages`, `upload`, `lookUp`, `download`, `templates` or anything
  ///   else
  /// @param random a number from 0 to 1 for each chance
  /// @param spared told the error (or null for a cut) when the work is not done at all
  /// @param work what the call is for
  Reply around(String place, DoubleSupplier random, Spared spared, Supplier<Reply> work) {
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
      case "error", "okWithError" -> {
        GraphError error = error(decisive);
        spared.by(error);
        yield new Reply.Body(error.httpStatus(), error.body(), retryAfter(decisive));
      }
      case "truncate", "stall", "drip", "corrupt", "shorten", "endless" ->
          spoiled(work.get(), decisive);
      case "resetAfterAccept" -> {
        var _ = work.get();
        yield new Reply.Cut();
      }
      default -> {
        spared.by(null);
        yield new Reply.Cut();
      }
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

  /// Hears of a call that a fault ended before its work began.
  interface Spared {
    void by(@Nullable GraphError error);
  }

  private static GraphError error(Rule rule) {
    GraphError error = GraphError.of(rule.code, null);
    if (rule.mode.equals("okWithError")) {
      return error.withHttpStatus(200);
    }
    return rule.httpStatus == 0 ? error : error.withHttpStatus(rule.httpStatus);
  }

  private static Map<String, String> retryAfter(Rule rule) {
    return rule.retryAfterSeconds == 0
        ? Map.of()
        : Map.of("Retry-After", Integer.toString(rule.retryAfterSeconds));
  }

  private static Rule rule(JsonNode json) {
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!NAMES.contains(field)) {
                throw new ControlRefusal(400, "unknown field of a fault: " + field);
              }
            });
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
    return new Rule(
        on,
        mode,
        json.path("httpStatus").asInt(0),
        json.path("code").asInt(131000),
        json.path("retryAfterSeconds").asInt(0),
        json.path("delayMs").asLong(Set.of("hang", "stall").contains(mode) ? 60_000 : 0),
        json.path("probability").asDouble(1),
        new AtomicInteger(json.path("times").asInt(Integer.MAX_VALUE)));
  }
}
