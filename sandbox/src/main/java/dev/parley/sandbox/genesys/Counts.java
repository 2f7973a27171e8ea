package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.BoundedMap;
import dev.parley.sandbox.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/// Exact counts of what an organisation met, messages that came twice among them.
final class Counts {
  private static final int KEPT = 1_000_000;
  private static final int EXAMPLES = 20;

  private final LongAdder tokens = new LongAdder();
  private final LongAdder unauthorized = new LongAdder();
  private final LongAdder limited = new LongAdder();
  private final LongAdder downloads = new LongAdder();
  private final LongAdder teardowns = new LongAdder();
  private final LongAdder unknownReceipts = new LongAdder();
  private final Map<String, LongAdder> calls = new TreeMap<>();
  private final Map<String, LongAdder> receipts = new TreeMap<>();
  private final BoundedMap<String, Integer> byMessageId = new BoundedMap<>(KEPT);
  private final BoundedMap<String, Integer> finalReceipts = new BoundedMap<>(KEPT);
  private final BoundedMap<String, Integer> doubled = new BoundedMap<>(EXAMPLES);
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder finalTwice = new LongAdder();

  void token() {
    tokens.increment();
  }

  void unauthorized() {
    unauthorized.increment();
  }

  void limited() {
    limited.increment();
  }

  void downloaded() {
    downloads.increment();
  }

  void tornDown() {
    teardowns.increment();
  }

  void unknownReceipt() {
    unknownReceipts.increment();
  }

  /// A call of this kind, and whether Genesys took what came.
  void call(String kind, boolean accepted) {
    add(calls, kind);
    if (accepted) {
      add(calls, kind + "Accepted");
    }
  }

  /// An accepted message with the middleware's own id.
  void message(String messageId) {
    int times = byMessageId.update(messageId, 0, n -> n + 1);
    if (times > 1) {
      duplicates.increment();
      doubled.put(messageId, times);
    }
  }

  /// An accepted receipt.
  void receipt(String id, String status, boolean isFinal) {
    add(receipts, status);
    if (isFinal && finalReceipts.update(id, 0, n -> n + 1) > 1) {
      finalTwice.increment();
    }
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("tokens", tokens.sum());
    json.put("unauthorized", unauthorized.sum()).put("rateLimited", limited.sum());
    json.put("downloads", downloads.sum()).put("tearDowns", teardowns.sum());
    write(calls, json.putObject("calls"));
    ObjectNode messages = json.putObject("byMessageId").put("distinct", byMessageId.size());
    messages.put("duplicates", duplicates.sum());
    var examples = messages.putArray("examples");
    doubled.keys().forEach(examples::add);
    ObjectNode told = json.putObject("receipts");
    write(receipts, told);
    told.put("unknown", unknownReceipts.sum()).put("finalTwice", finalTwice.sum());
    return json;
  }

  private static void add(Map<String, LongAdder> adders, String name) {
    synchronized (adders) {
      adders.computeIfAbsent(name, n -> new LongAdder()).increment();
    }
  }

  private static void write(Map<String, LongAdder> adders, ObjectNode json) {
    synchronized (adders) {
      adders.forEach((name, adder) -> json.put(name, adder.sum()));
    }
  }
}
