package dev.parley.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.calls.CallPolicy;
import dev.parley.platform.calls.CallPolicy.Bodies;
import dev.parley.platform.http.Input;
import java.util.List;

/// What a tenant's settings say about the log of its calls:
/// `{"apiLog": {"bodies": "none|errors|all", "phones": "mask|keep", "content": "mask|keep"}}`. Secrets never stay.
public final class CallSettings {
  private static final String FIELD = "apiLog";
  private static final List<String> MASKING = List.of("mask", "keep");

  private CallSettings() {}

  /// What stands in the settings, with `bodies` where they do not say; phone numbers and texts are masked unless they
  /// say that they be kept.
  public static CallPolicy of(JsonNode settings, String bodies) {
    JsonNode told = settings.path(FIELD);
    return new CallPolicy(
        bodies(told.path("bodies").asText(bodies)),
        told.path("phones").asText("").equals("keep"),
        told.path("content").asText("").equals("keep"));
  }

  private static Bodies bodies(String word) {
    for (Bodies one : Bodies.values()) {
      if (Input.word(one).equals(word)) {
        return one;
      }
    }
    return Bodies.NONE;
  }

  /// Throws a [dev.parley.platform.http.Problem] when they say something else.
  static void check(JsonNode settings) {
    JsonNode told = settings.path(FIELD);
    if (told.isMissingNode()) {
      return;
    }
    var input = new Input();
    input.check(told.isObject(), "settings." + FIELD, "must be an object");
    if (told.has("bodies")) {
      input.word("settings.apiLog.bodies", told.path("bodies").asText(), Bodies.class);
    }
    for (String field : List.of("phones", "content")) {
      input.check(
          !told.has(field) || MASKING.contains(told.path(field).asText()),
          "settings.apiLog." + field,
          "must be mask or keep");
    }
    input.done();
  }
}
