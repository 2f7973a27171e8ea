package dev.parley.acceptance.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Reads the event log by long polling and notes when each message's event came.
final class Follower implements Runnable {
  private static final long PATIENCE = 30_000_000_000L;

  private final Api api;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final AtomicLongArray due;
  private final AtomicLongArray seen;
  private String cursor;
  private volatile boolean running = true;
  private volatile int arrived;

  /// Follows from now on. `ids` are the provider's ids of the messages that will be sent.
  Follower(Launched parley, Launched.Channel channel, List<String> ids) {
    api = parley.api().withKey(channel.apiKey());
    for (int i = 0; i < ids.size(); i++) {
      indexes.put(ids.get(i), i);
    }
    due = new AtomicLongArray(ids.size());
    seen = new AtomicLongArray(ids.size());
    cursor = api.get("/api/v1/events?from=now").ok().path("next").asText();
  }

  /// Says when the message was due, by the clock of `System.nanoTime()`.
  void due(int index, long at) {
    due.set(index, at);
  }

  @Override
  public void run() {
    int count = 0;
    while (running) {
      JsonNode page =
          api.get("/api/v1/events?type=message.received&limit=200&wait=2&after=" + cursor).ok();
      long now = System.nanoTime();
      cursor = page.path("next").asText();
      for (JsonNode event : page.path("items")) {
        Integer index =
            indexes.get(event.path("data").path("message").path("providerMessageId").asText());
        if (index != null && seen.compareAndSet(index, 0, now)) {
          arrived = ++count;
        }
      }
    }
  }

  /// Waits for the events of the first `sent` messages, and answers how long each took from when it was due, in
  /// microseconds. Throws when one does not come.
  Histogram finish(Thread thread, int sent) {
    long deadline = System.nanoTime() + PATIENCE;
    while (arrived < sent && thread.isAlive() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(20_000_000);
    }
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    var latency = new Histogram(120_000_000L, 3);
    for (int i = 0; i < sent; i++) {
      if (seen.get(i) == 0) {
        throw new IllegalStateException("of " + sent + " messages " + arrived + " became events");
      }
      latency.recordValue(Math.max(0, (seen.get(i) - due.get(i)) / 1000));
    }
    return latency;
  }
}
