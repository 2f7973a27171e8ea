package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Follows a tenant's event log by long polling, from its beginning. Not for several threads.
public final class Events {
  private final Api api;
  private final List<JsonNode> seen = new ArrayList<>();
  private @Nullable String after;

  Events(Api api) {
    this.api = api;
  }

  /// Begins at the end of the log in place of its beginning.
  public Events fromNow() {
    after = api.get("/api/v1/events?from=now").ok().path("next").asText();
    return this;
  }

  /// The next page, waiting at most so many seconds for one that is not empty.
  public List<JsonNode> next(int waitSeconds) {
    String path = "/api/v1/events?limit=200&wait=" + waitSeconds;
    JsonNode page = api.get(after == null ? path : path + "&after=" + after).ok();
    after = page.path("next").asText();
    List<JsonNode> items = Api.items(page);
    seen.addAll(items);
    return items;
  }

  /// The first event, read before or yet to come, that satisfies. Throws an `AssertionError` after that time.
  public JsonNode await(String what, Duration most, Predicate<JsonNode> satisfied) {
    long deadline = System.nanoTime() + most.toNanos();
    int looked = 0;
    while (true) {
      for (; looked < seen.size(); looked++) {
        if (satisfied.test(seen.get(looked))) {
          return seen.get(looked);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "no event within %s: %s; there were %s"
                .formatted(most, what, seen.stream().map(e -> e.path("type").asText()).toList()));
      }
      next(1);
    }
  }

  /// All that were read.
  public List<JsonNode> seen() {
    return List.copyOf(seen);
  }
}
