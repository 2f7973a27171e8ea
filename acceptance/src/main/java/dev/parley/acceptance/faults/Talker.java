package dev.parley.acceptance.faults;

import dev.parley.acceptance.driver.Genesys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// An agent in Genesys who writes texts into some conversations by turns. What was said is in the ledger.
final class Talker implements AutoCloseable {
  private final Genesys genesys;
  private final String organization;
  private final Map<String, List<String>> said = new LinkedHashMap<>();
  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final String run;
  private int next;
  private volatile boolean running = true;
  private Thread thread = Thread.ofVirtual().unstarted(() -> {});

  Talker(Genesys genesys, String organization, List<String> conversations, String run) {
    this.genesys = genesys;
    this.organization = organization;
    this.run = run;
    conversations.forEach(id -> said.put(id, new ArrayList<>()));
  }

  /// Goes on writing until it is closed.
  Talker start(Duration pause) {
    thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (running) {
                    say(1);
                    LockSupport.parkNanos(pause.toNanos());
                  }
                });
    return this;
  }

  /// Writes so many texts, one after the other.
  void say(int howMany) {
    List<String> conversations = List.copyOf(said.keySet());
    for (int i = 0; i < howMany; i++) {
      String conversation = conversations.get(next % conversations.size());
      String text = "%s %06d".formatted(run, next++);
      String id = genesys.say(organization, conversation, text);
      texts.put(id, text);
      said.computeIfAbsent(conversation, _ -> new ArrayList<>()).add(text);
    }
  }

  /// The ids of the webhooks.
  List<String> ids() {
    return List.copyOf(texts.keySet());
  }

  /// What the webhook of that id says; empty when it is none of these.
  String text(String id) {
    return texts.getOrDefault(id, "");
  }

  /// Whether that is a text of this run.
  boolean said(String text) {
    return text.startsWith(run + " ");
  }

  /// The texts of each conversation in their order.
  List<List<String>> ledger() {
    return List.copyOf(said.values());
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
