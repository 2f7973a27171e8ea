package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Sql;
import dev.parley.acceptance.driver.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Counts by SQL, and at the sandbox, what is really there.
final class Count {
  private static final Duration DRAINED = Duration.ofSeconds(60);
  private static final Set<String> ENDS = Set.of("sent", "delivered", "read", "played", "failed");

  private final Sql sql;
  private final UUID tenant;

  Count(Sql sql, String tenant) {
    this.sql = sql;
    this.tenant = UUID.fromString(tenant);
  }

  /// Waits until nothing waits in the queue of that name.
  void awaitDrained(String queue) {
    Wait.until(
        queue + " is empty",
        DRAINED,
        () -> sql.number("SELECT count(*) FROM work_items WHERE queue = ?", queue),
        waiting -> waiting == 0);
  }

  /// Looks for everything that was acknowledged, in the messages and in the events.
  Tally inbound(String fault, int rounds, Writer writer) {
    awaitDrained("inbound-messages");
    List<List<String>> ledger = writer.ledger();
    String like = "wamid." + writer.run() + ".%";
    List<String> stored =
        sql.texts(
            "SELECT provider_message_id FROM messages WHERE tenant_id = ? AND provider_message_id LIKE ?"
                + " ORDER BY conversation_id, seq",
            tenant,
            like);
    List<String> told =
        sql.texts(
            "SELECT data->'message'->>'providerMessageId' FROM events WHERE tenant_id = ?"
                + " AND type = 'message.received' AND data->'message'->>'providerMessageId' LIKE ?"
                + " ORDER BY lane, seq",
            tenant,
            like);
    // Each effect counted where it shows: the conversation's own counters.
    long wrongCounts =
        sql.number(
            "SELECT count(*) FROM conversations c WHERE tenant_id = ? AND (last_seq, unread) <> (SELECT"
                + " count(*), count(*) FILTER (WHERE direction = 'inbound') FROM messages m WHERE m.tenant_id ="
                + " c.tenant_id AND m.conversation_id = c.id)",
            tenant);
    Tally messages = compare(fault, rounds, ledger, stored, "");
    Tally events = compare(fault, rounds, ledger, told, "");
    return new Tally(
        fault,
        rounds,
        messages.counted(),
        messages.lost() + events.lost(),
        messages.doubled() + events.doubled() + wrongCounts,
        messages.disordered() + events.disordered(),
        "");
  }

  /// Ids that must be there against those that are, in their order.
  static Tally compare(
      String fault, int rounds, List<List<String>> ledger, List<String> there, String note) {
    Map<String, Integer> place = new HashMap<>();
    long doubled = 0;
    for (int i = 0; i < there.size(); i++) {
      if (place.putIfAbsent(there.get(i), i) != null) {
        doubled++;
      }
    }
    long counted = 0;
    long lost = 0;
    long disordered = 0;
    for (List<String> ids : ledger) {
      int before = -1;
      for (String id : ids) {
        counted++;
        Integer at = place.get(id);
        if (at == null) {
          lost++;
        } else if (at < before) {
          disordered++;
        } else {
          before = at;
        }
      }
    }
    return new Tally(fault, rounds, counted, lost, doubled, disordered, note);
  }

  /// Waits until each accepted send has an end and counts how often the sandbox took it.
  Tally outbound(
      String fault, int rounds, List<String> accepted, Sandbox sandbox, PhoneNumber number) {
    Set<String> open = new HashSet<>(accepted);
    Map<String, Integer> ends = new HashMap<>();
    try {
      Wait.until(
          "every accepted send has an end",
          DRAINED,
          () -> {
            Map<String, String> states = states();
            open.removeIf(id -> ENDS.contains(states.getOrDefault(id, "gone")));
            return open.isEmpty();
          });
    } catch (AssertionError e) {
      // Counted below.
    }
    Map<String, String> states = states();
    for (String id : accepted) {
      ends.merge(states.getOrDefault(id, "gone"), 1, Integer::sum);
    }
    List<String> taken = new ArrayList<>();
    for (JsonNode send : sandbox.sends(number)) {
      if (send.path("accepted").asBoolean()) {
        taken.add(send.path("callbackData").asText().split(":", 2)[0]);
      }
    }
    Set<String> ours = new HashSet<>(accepted);
    taken.retainAll(ours);
    long doubled =
        taken.stream().distinct().filter(id -> Collections.frequency(taken, id) > 1).count();
    // What the provider has must not be called failed, and what it never saw must not be called
    // sent.
    Set<String> reached = new HashSet<>(taken);
    long wrong =
        accepted.stream()
            .filter(id -> !open.contains(id))
            .filter(id -> !reached.contains(id) && !"failed".equals(states.get(id)))
            .count();
    return new Tally(
        fault, rounds, accepted.size(), open.size() + wrong, doubled, 0, "sends " + ends);
  }

  private Map<String, String> states() {
    var states = new HashMap<String, String>();
    sql.rows(
            "SELECT id::text, state FROM messages WHERE tenant_id = ? AND direction = 'outbound'",
            tenant)
        .forEach(row -> states.put(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
    return states;
  }
}
