package dev.parley.admin;

import dev.parley.platform.health.Reading;
import dev.parley.platform.queue.QueueDepths;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What figures of queues, subscriptions and dead letters say, for one tenant and for all of them.
final class Work {
  /// What to do when none of these can be read.
  static final String DATABASE = "Look at the database; everything of this kind is kept there.";

  private static final double SLOW_SECONDS = 60;
  private static final double STUCK_SECONDS = 900;
  private static final long BEHIND = 10_000;

  private Work() {}

  static List<Reading> queues(List<QueueDepths.Depth> depths) {
    var all = new LinkedHashMap<String, QueueDepths.Depth>();
    Queues.ALL.forEach(queue -> all.put(queue, new QueueDepths.Depth(queue, 0, 0)));
    depths.forEach(depth -> all.put(depth.queue(), depth));
    return all.values().stream().map(Work::queue).toList();
  }

  private static Reading queue(QueueDepths.Depth depth) {
    long seconds = Math.round(depth.oldestSeconds());
    Map<String, Long> facts = Map.of("items", depth.items(), "oldestSeconds", seconds);
    if (depth.oldestSeconds() < SLOW_SECONDS) {
      String text = depth.items() == 0 ? "Empty." : depth.items() + " wait.";
      return Reading.ok(depth.queue(), "queue", text, facts);
    }
    String text = "%d wait, the oldest for %d s.".formatted(depth.items(), seconds);
    return depth.oldestSeconds() < STUCK_SECONDS
        ? Reading.degraded(
            depth.queue(),
            "queue",
            text,
            "If it goes on: look whether the other side answers, then start more processes of the role worker.",
            facts)
        : Reading.down(
            depth.queue(),
            "queue",
            text,
            "Look whether the role worker runs, whether channels are paused, and what the log says.",
            facts);
  }

  static List<Reading> subscriptions(Map<String, Long> lags) {
    var readings = new ArrayList<Reading>();
    new TreeMap<>(lags)
        .forEach(
            (name, lag) -> {
              Map<String, Long> facts = Map.of("lag", lag);
              readings.add(
                  lag < BEHIND
                      ? Reading.ok(name, "subscription", lag + " events behind.", facts)
                      : Reading.degraded(
                          name,
                          "subscription",
                          lag + " events behind.",
                          "It catches up by itself while the role worker runs; the log tells when it cannot.",
                          facts));
            });
    return readings;
  }

  static Reading dead(List<QueueDepths.Dead> counts) {
    var facts = new TreeMap<String, Long>();
    long letters = 0;
    @Nullable Instant oldest = null;
    for (QueueDepths.Dead dead : counts) {
      facts.put(dead.queue(), dead.letters());
      letters += dead.letters();
      oldest = oldest == null || dead.oldest().isBefore(oldest) ? dead.oldest() : oldest;
    }
    return letters == 0
        ? Reading.ok("dead-letters", "dead-letters", "None.", facts)
        : Reading.degraded(
                "dead-letters",
                "dead-letters",
                letters + " could not be done.",
                "Read their causes; then retry or drop them.",
                facts)
            .since(oldest);
  }
}
