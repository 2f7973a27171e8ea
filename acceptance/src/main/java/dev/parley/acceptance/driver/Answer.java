package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// What came back.
///
/// @param request method and path, for messages
/// @param status the HTTP status
public record Answer(String request, int status, HttpHeaders headers, String text) {
  /// The body; a missing node when there is none.
  public JsonNode json() {
    return text.isBlank() ? MissingNode.getInstance() : Json.read(text);
  }

  /// The first header of that name, or null.
  public @Nullable String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  /// The problem's stable code, or an empty text.
  public String code() {
    return json().path("code").asText();
  }

  /// This, when the status is one of these; else an `AssertionError` that shows the answer.
  public Answer expect(int... statuses) {
    for (int wanted : statuses) {
      if (status == wanted) {
        return this;
      }
    }
    throw new AssertionError("%s answered %d %s".formatted(request, status, text));
  }

  /// The body of a good answer; an `AssertionError` that shows any other.
  public JsonNode ok() {
    if (status < 200 || status > 299) {
      throw new AssertionError("%s answered %d %s".formatted(request, status, text));
    }
    return json();
  }
}
