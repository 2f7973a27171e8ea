package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Somebody who answers: sends texts by the REST API to some conversations by turns, each with an idempotency key that
/// is used again until there is an answer. What was accepted is in the ledger.
final class Sender implements AutoCloseable {
  private final Tenant tenant;
  private final List<String> conversations;
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean running = true;

  Sender(Tenant tenant, List<String> conversations, String run, Duration pause) {
    this.tenant = tenant;
    this.conversations = List.copyOf(conversations);
    this.thread = Thread.ofVirtual().start(() -> send(run, pause));
  }

  private void send(String run, Duration pause) {
    for (int i = 0; running; i++) {
      one(conversations.get(i % conversations.size()), run + "-" + i);
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private void one(String conversation, String key) {
    JsonNode content = Json.of("type", "text", "body", key);
    // At most so long that a server that never comes back ends this too.
    for (int tries = 0; tries < 2000; tries++) {
      try {
        Answer answer = tenant.api().send(conversation, content, key);
        if (answer.status() / 100 == 2) {
          accepted.add(answer.json().path("id").asText());
          return;
        }
        if (answer.status() == 409) {
          // The key of a call that a kill cut short stays taken for a minute: nobody was told that
          // it was accepted.
          return;
        }
      } catch (UncheckedIOException e) {
        // Down; the same key makes trying again safe.
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /// The ids of the messages that were accepted.
  List<String> ledger() {
    return new ArrayList<>(accepted);
  }

  int count() {
    return accepted.size();
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
