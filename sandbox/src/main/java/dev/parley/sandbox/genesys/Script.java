package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.ControlRefusal;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// What the agent answers by itself: a list of rules, of which the first that fits a message of a
/// customer is played.
final class Script {

  /// @param text found somewhere in the message's text, in any case; null fits every message
  /// @param kind `Text`, `Structured`, or the media type of the attachment; null fits every message
  /// @param left how often it can still be played
  private record Rule(
      @Nullable Pattern text, @Nullable String kind, List<JsonNode> acts, AtomicInteger left) {

    boolean fits(StoredMessage message) {
      JsonNode json = message.normalized();
      boolean worded =
          text == null
              || text.matcher(json.path("text").asText()).find()
              || text.matcher(json.at("/content/0/buttonResponse/payload").asText()).find();
      return worded
          && (kind == null
              || kind.equals(json.path("type").asText())
              || kind.equals(json.at("/content/0/attachment/mediaType").asText()))
          && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
  }

  private final List<Rule> rules;
  private final JsonNode source;

  private Script(List<Rule> rules, JsonNode source) {
    this.rules = rules;
    this.source = source;
  }

  static Script silent() {
    return new Script(List.of(), Json.array());
  }

  /// Reads a list of rules `{text?, kind?, times?, say: [act, ...]}`; an act may have `afterMs`.
  ///
  /// @throws ControlRefusal when a rule makes no sense
  static Script of(JsonNode json) {
    if (!json.isArray()) {
      throw new ControlRefusal(400, "the body must be a list of rules");
    }
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : json) {
      List<JsonNode> acts = new ArrayList<>();
      for (JsonNode act : rule.path("say")) {
        if (!Agent.ACTS.contains(act.path("type").asText())) {
          throw new ControlRefusal(400, "type must be one of " + Agent.ACTS);
        }
        acts.add(act);
      }
      rules.add(
          new Rule(
              pattern(Json.text(rule, "text")),
              Json.text(rule, "kind"),
              List.copyOf(acts),
              new AtomicInteger(rule.path("times").asInt(Integer.MAX_VALUE))));
    }
    return new Script(List.copyOf(rules), json);
  }

  ArrayNode json() {
    return source.deepCopy();
  }

  /// Plays the rule that fits this message, if there is one, on the caller's thread.
  void answer(Organization organization, StoredMessage message) {
    for (Rule rule : rules) {
      if (rule.fits(message)) {
        Agent agent = new Agent(organization);
        for (JsonNode act : rule.acts) {
          if (!Pause.millis(act.path("afterMs").asLong(0))) {
            return;
          }
          agent.act(message.conversation(), echoed(act, message));
        }
        return;
      }
    }
  }

  /// `{text}` in the agent's words stands for those of the customer.
  private static JsonNode echoed(JsonNode act, StoredMessage message) {
    String text = act.path("text").asText();
    if (!text.contains("{text}")) {
      return act;
    }
    ObjectNode echo = act.deepCopy();
    return echo.put("text", text.replace("{text}", message.normalized().path("text").asText()));
  }

  private static @Nullable Pattern pattern(@Nullable String text) {
    try {
      return text == null
          ? null
          : Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    } catch (PatternSyntaxException e) {
      throw new ControlRefusal(400, "text is no regular expression: " + e.getMessage());
    }
  }
}
