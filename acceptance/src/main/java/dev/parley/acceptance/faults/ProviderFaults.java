package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.driver.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// What a provider does: delivers often, late, in disorder and in heaps, and fails in every way when it is called.
final class ProviderFaults {
  private ProviderFaults() {}

  /// Each webhook five times at once, in any order, some with a thousand updates, some with bad ones among them.
  static List<Tally> deliveries(Stage stage, int rounds, Random random) {
    var duplicates = new Tally("each webhook 5 times, shuffled", rounds, 0, 0, 0, 0, "");
    var heaps = new Tally("1,000 updates in one, 20 of them bad", rounds, 0, 0, 0, 0, "");
    for (int round = 0; round < rounds; round++) {
      duplicates = duplicates.plus(shuffled(stage, "shuffle" + round, random));
      heaps = heaps.plus(heap(stage, "heap" + round));
    }
    return List.of(duplicates, heaps);
  }

  private static Tally shuffled(Stage stage, String run, Random random) {
    PhoneNumber number = stage.acme.number();
    var ids = new ArrayList<List<String>>();
    var bodies = new ArrayList<byte[]>();
    for (int i = 0; i < 60; i++) {
      String customer = "44779%04d%02d".formatted(Math.floorMod(run.hashCode(), 10_000), i % 6);
      String id = "wamid." + run + "." + i;
      ids.add(List.of(id));
      byte[] body =
          Webhook.body(
              number,
              List.of(
                  Webhook.messages(
                      number, customer, List.of(Webhook.text(id, customer, Instant.now(), id)))));
      bodies.addAll(Collections.nCopies(5, body));
    }
    Collections.shuffle(bodies, random);
    try (var threads = Executors.newFixedThreadPool(16, Thread.ofVirtual().factory())) {
      Executor executor = threads;
      CompletableFuture.allOf(
              bodies.stream()
                  .map(
                      body ->
                          CompletableFuture.runAsync(
                              () -> stage.acme.post(stage.server.url(), body).expect(200),
                              executor))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    }
    return counted(stage, run, ids);
  }

  private static Tally heap(Stage stage, String run) {
    PhoneNumber number = stage.acme.number();
    var values = new ArrayList<JsonNode>();
    Map<String, List<String>> good = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      String customer = "44778%04d%02d".formatted(Math.floorMod(run.hashCode(), 10_000), i % 10);
      String id = "wamid.%s.%d".formatted(run, i);
      var message = Webhook.text(id, customer, Instant.now(), id);
      if (i % 50 == 49) {
        message.remove("timestamp");
      } else {
        good.computeIfAbsent(customer, _ -> new ArrayList<>()).add(id);
      }
      values.add(Webhook.messages(number, customer, List.of(message)));
    }
    stage.acme.post(stage.server.url(), Webhook.body(number, values)).expect(200);
    Tally tally = counted(stage, run, List.copyOf(good.values()));
    long buried =
        stage
            .server
            .sql()
            .number(
                "SELECT count(*) FROM dead_letters WHERE payload LIKE ?", "%wamid." + run + ".%");
    return tally.plus(new Tally(run, 1, 20, Math.abs(20 - buried), 0, 0, ""));
  }

  private static Tally counted(Stage stage, String run, List<List<String>> ledger) {
    stage.count().awaitDrained("inbound-messages");
    List<String> there =
        stage
            .server
            .sql()
            .texts(
                "SELECT data->'message'->>'providerMessageId' FROM events WHERE type = 'message.received'"
                    + " AND data->'message'->>'providerMessageId' LIKE ? ORDER BY lane, seq",
                "wamid." + run + ".%");
    return Count.compare(run, 1, ledger, there, "");
  }

  /// Each way in which a call of the Graph API can fail, for some messages of several conversations.
  static void calls(Stage stage, int rounds, Consumer<Tally> told) {
    List<String> conversations = stage.conversations("447700933", 4);
    faults()
        .forEach(
            (name, fault) -> {
              var tally = new Tally(name, rounds, 0, 0, 0, 0, "");
              for (int round = 0; round < rounds; round++) {
                tally = tally.plus(call(stage, conversations, name, fault));
              }
              told.accept(tally);
            });
  }

  private static Map<String, JsonNode> faults() {
    Map<String, JsonNode> faults = new TreeMap<>();
    faults.put("Graph 429, Retry-After", fault("error", "code", 130429, "retryAfterSeconds", 1));
    faults.put("Graph 503", fault("error", "code", 131000, "httpStatus", 503));
    faults.put("Graph error in a 200", fault("okWithError", "code", 130429));
    faults.put("Graph hangs", fault("hang", "delayMs", 4000));
    faults.put("Graph cuts before taking", fault("reset"));
    faults.put("Graph cuts after taking", fault("resetAfterAccept"));
    faults.put("Graph answers half", fault("truncate"));
    faults.put("Graph is slow", fault("latency", "delayMs", 800));
    return faults;
  }

  private static JsonNode fault(String mode, Object... more) {
    var fault = Json.of("on", "messages", "mode", mode, "times", 4);
    fault.setAll(Json.of(more));
    return fault;
  }

  private static Tally call(Stage stage, List<String> conversations, String name, JsonNode fault) {
    var sent = new ArrayList<String>();
    stage.sandbox.faults(stage.acme.number(), fault);
    for (int i = 0; i < 6; i++) {
      String conversation = conversations.get(i % conversations.size());
      sent.add(stage.acme.api().sendText(conversation, name).path("id").asText());
    }
    Tally tally = stage.count().outbound(name, 1, sent, stage.sandbox, stage.acme.number());
    stage.sandbox.faults(stage.acme.number());
    return tally;
  }

  /// More messages at once than the provider allows: none may be refused for it.
  static Tally limits(Stage stage, int messages) {
    List<String> conversations = stage.conversations("447700944", 12);
    stage.sandbox.behave(stage.acme.number(), Json.of("throughputPerSecond", 80));
    long refused = refused(stage);
    var sent = Collections.synchronizedList(new ArrayList<String>());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < messages; i++) {
        String conversation = conversations.get(i % conversations.size());
        String text = "burst " + i;
        threads.execute(
            () -> sent.add(stage.acme.api().sendText(conversation, text).path("id").asText()));
      }
    }
    Tally tally =
        stage
            .count()
            .outbound(
                "burst over the limits", 1, List.copyOf(sent), stage.sandbox, stage.acme.number());
    Wait.pause(Duration.ofMillis(100));
    long over = refused(stage) - refused;
    return tally.plus(
        new Tally("limits", 1, 0, over, 0, 0, over + " refused by the provider's limits"));
  }

  private static long refused(Stage stage) {
    return stage.sandbox.counts(stage.acme.number()).path("refused").asLong();
  }
}
