package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.ProblemResponse;
import dev.parley.platform.json.Json;
import java.time.Duration;

/// The one answer to a [Command].
public sealed interface Ack {
  /// It is done.
  ///
  /// @param result an object, possibly empty
  record Done(ObjectNode result) implements Ack {
    @Override
    public ObjectNode json() {
      ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", true);
      answer.setAll(result);
      return answer;
    }
  }

  /// It is not done.
  record Refused(Problem problem) implements Ack {
    @Override
    public ObjectNode json() {
      ObjectNode error =
          JsonNodeFactory.instance
              .objectNode()
              .put("code", ProblemResponse.body(problem).code())
              .put("detail", problem.getMessage());
      if (!problem.errors().isEmpty()) {
        error.set("errors", Json.MAPPER.valueToTree(problem.errors()));
      }
      Duration retryAfter = problem.retryAfter();
      if (retryAfter != null) {
        error.put("retryAfterMs", Math.max(1, retryAfter.toMillis()));
      }
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.set("error", error);
      return answer;
    }
  }

  /// Done, with nothing to say.
  static Ack done() {
    return new Done(JsonNodeFactory.instance.objectNode());
  }

  /// Done, with the members of what `result` is written as.
  static Ack done(String name, Object result) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.set(name, Json.MAPPER.<JsonNode>valueToTree(result));
    return new Done(object);
  }

  /// `{ok: true, …}` or `{error: {code, detail, …}}`.
  ObjectNode json();
}
