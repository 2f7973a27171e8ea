package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.driver.Webhook;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Customers who write: each posts signed webhooks with a rising counter, one to three messages at a time, and repeats
/// one until it is acknowledged. What was acknowledged is in the ledger.
final class Writer implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofMillis(50);

  private final Tenant tenant;
  private final URI server;
  private final String run;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentHashMap<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong lastAcknowledgement = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean running = true;

  private Writer(Tenant tenant, URI server, String run) {
    this.tenant = tenant;
    this.server = server;
    this.run = run;
  }

  /// Begins; `run` is part of every message's id and tells this writer's messages from others'.
  static Writer start(Tenant tenant, URI server, String run, int customers, Duration pause) {
    var writer = new Writer(tenant, server, run);
    for (int i = 0; i < customers; i++) {
      String customer = "4477%s%02d".formatted(digits(run), i);
      writer.threads.add(Thread.ofVirtual().start(() -> writer.write(customer, pause)));
    }
    return writer;
  }

  private static String digits(String run) {
    return "%06d".formatted(Math.floorMod(run.hashCode(), 1_000_000));
  }

  private void write(String customer, Duration pause) {
    int next = 0;
    while (running) {
      var messages = new ArrayList<JsonNode>();
      for (int i = 0; i <= next % 3; i++) {
        int number = next + i;
        messages.add(
            Webhook.text(id(customer, number), customer, Instant.now(), Integer.toString(number)));
      }
      byte[] body =
          Webhook.body(
              tenant.number(), List.of(Webhook.messages(tenant.number(), customer, messages)));
      post(body);
      next += messages.size();
      acknowledged.put(customer, next);
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private void post(byte[] body) {
    while (true) {
      try {
        Answer answer = tenant.post(server, body);
        if (answer.status() == 200) {
          lastAcknowledgement.set(System.nanoTime());
          return;
        }
        refused.incrementAndGet();
      } catch (UncheckedIOException e) {
        // The server is down; the provider would try again too.
      }
      LockSupport.parkNanos(AGAIN.toNanos());
    }
  }

  String id(String customer, int number) {
    return "wamid.%s.%s.%06d".formatted(run, customer, number);
  }

  String run() {
    return run;
  }

  /// How many messages are acknowledged so far.
  int count() {
    return acknowledged.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// How often it was told to come again.
  int refused() {
    return refused.get();
  }

  /// When the last acknowledgement came, by `System.nanoTime()`.
  long lastAcknowledgement() {
    return lastAcknowledgement.get();
  }

  /// The ids that must be there: those of each customer in their order.
  List<List<String>> ledger() {
    var all = new ArrayList<List<String>>();
    acknowledged.forEach(
        (customer, count) -> {
          var ids = new ArrayList<String>();
          for (int i = 0; i < count; i++) {
            ids.add(id(customer, i));
          }
          all.add(ids);
        });
    return all;
  }

  /// Waits until so many more are acknowledged.
  void awaitMore(int more, Duration most) {
    int goal = count() + more;
    Wait.until(more + " more messages are taken", most, () -> count() >= goal);
  }

  /// Ends when everybody's last webhook is acknowledged, for which the server has to be up.
  @Override
  public void close() {
    running = false;
    Wait.until(
        "the last webhooks are taken",
        Duration.ofSeconds(60),
        () -> threads.stream().noneMatch(Thread::isAlive));
  }
}
