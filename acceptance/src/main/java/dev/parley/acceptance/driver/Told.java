package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a client was told over one connection, in its order, and how that ended. For several threads.
final class Told {
  private final List<JsonNode> messages = new ArrayList<>();
  private @Nullable String end;

  synchronized void add(JsonNode message) {
    messages.add(message);
    notifyAll();
  }

  /// Nothing more comes; the first reason stays.
  synchronized void end(String why) {
    if (end == null) {
      end = why;
    }
    notifyAll();
  }

  synchronized boolean isOver() {
    return end != null;
  }

  synchronized List<JsonNode> all() {
    return List.copyOf(messages);
  }

  /// Those from the index on, counted from 0.
  synchronized List<JsonNode> from(int index) {
    return List.copyOf(messages.subList(index, messages.size()));
  }

  /// Waits for a message that satisfies, told before or yet to come. An `AssertionError` that shows the last ones when
  /// none comes in the time.
  synchronized JsonNode await(String what, Predicate<JsonNode> satisfied, Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    int looked = 0;
    while (true) {
      for (; looked < messages.size(); looked++) {
        if (satisfied.test(messages.get(looked))) {
          return messages.get(looked);
        }
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (end != null || left <= 0) {
        throw new AssertionError(
            "not told within %s: %s; the end %s; the last were %s"
                .formatted(
                    most,
                    what,
                    end,
                    messages.subList(Math.max(0, messages.size() - 5), messages.size())));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
