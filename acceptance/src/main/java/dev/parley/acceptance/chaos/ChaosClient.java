package dev.parley.acceptance.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A client of the scenario: connects to any node, is dropped or frozen now and then, comes back and resumes, and keeps
/// everything that it was ever told, in the order in which it was told.
final class ChaosClient {
  /// One message as it was told.
  ///
  /// @param at when, in this machine's milliseconds
  record Heard(String conversation, long seq, long at) {}

  private final String user;
  private final String name;
  private final Door door;
  private final List<URI> nodes;
  private final Supplier<Api> credentials;
  private final Random random;
  private final List<Heard> heard = new ArrayList<>();
  private @Nullable String cursor;
  private volatile boolean chaos = true;
  private volatile boolean running = true;
  private final AtomicInteger drops = new AtomicInteger();
  private final AtomicInteger freezes = new AtomicInteger();
  private final AtomicInteger losses = new AtomicInteger();
  private volatile Door.@Nullable Line line;
  private int taken;
  private long lastTold = System.currentTimeMillis();
  private volatile @Nullable Throwable failure;
  private final Thread thread;

  /// @param door by its name
  /// @param credentials the user's, as they are good now
  ChaosClient(String user, String door, List<URI> nodes, Supplier<Api> credentials, long seed) {
    this.user = user;
    this.name = door;
    this.door = Door.of(door);
    this.nodes = nodes;
    this.credentials = credentials;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().name("client").start(this::run);
  }

  String user() {
    return user;
  }

  boolean connected() {
    return line != null;
  }

  int drops() {
    return drops.get();
  }

  int freezes() {
    return freezes.get();
  }

  /// How often it was told that it has missed too much.
  int losses() {
    return losses.get();
  }

  /// From now on it stays connected.
  void calm() {
    chaos = false;
  }

  /// Ends it. Throws what it failed with, if it did.
  void end() throws InterruptedException {
    running = false;
    thread.join();
    Throwable failed = failure;
    if (failed != null) {
      throw new IllegalStateException("the client of " + this + " failed", failed);
    }
  }

  /// Whose it is, and how it stands.
  @Override
  public synchronized String toString() {
    return "%s at %s, %s, told something last at %d"
        .formatted(user, name, connected() ? "connected" : "not connected", lastTold);
  }

  synchronized List<Heard> heard() {
    return List.copyOf(heard);
  }

  private void run() {
    try {
      live();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private void live() {
    while (running) {
      Door.Line open = line;
      if (open == null) {
        connect();
        continue;
      }
      Wait.pause(Duration.ofMillis(20));
      take(open);
      if (open.isOver()) {
        leave(open);
      } else if (chaos && random.nextInt(150) == 0) {
        drops.incrementAndGet();
        open.close();
        leave(open);
      } else if (chaos && random.nextInt(400) == 0) {
        freezes.incrementAndGet();
        open.frozen(true);
        Wait.pause(Duration.ofMillis(200 + random.nextInt(2000)));
        open.frozen(false);
      }
    }
    Door.Line open = line;
    if (open != null) {
      open.close();
    }
  }

  private void connect() {
    try {
      line = door.open(nodes.get(random.nextInt(nodes.size())), credentials.get(), cursor);
      taken = 0;
    } catch (RuntimeException | AssertionError e) {
      if (e instanceof Door.Lost) {
        losses.incrementAndGet();
        cursor = null;
      }
      Wait.pause(Duration.ofMillis(100 + random.nextInt(400)));
    }
  }

  private void leave(Door.Line over) {
    take(over);
    line = null;
  }

  private synchronized void take(Door.Line open) {
    List<JsonNode> told = open.told(taken);
    taken += told.size();
    lastTold = told.isEmpty() ? lastTold : System.currentTimeMillis();
    for (JsonNode event : told) {
      // Of what was taken, and not of what the line holds by now.
      cursor = event.path("cursor").asText(cursor);
      if (event.path("event").asText().equals("message.posted")) {
        heard.add(
            new Heard(
                event.path("conversationId").asText(),
                event.path("data").path("message").path("seq").asLong(),
                System.currentTimeMillis()));
      }
    }
  }
}
