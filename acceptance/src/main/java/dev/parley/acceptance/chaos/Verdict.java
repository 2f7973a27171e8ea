package dev.parley.acceptance.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the clients' logs came to, held against the stored events.
///
/// @param heard messages that clients were told, of all clients
/// @param missing of those that a client must have been told
/// @param doubled told twice to one client
/// @param disordered told after a later one of the conversation
/// @param withoutRight told while the user was not in the conversation
/// @param lost connections that were told to look at everything anew, which the scenario gives no reason for
record Verdict(
    long heard,
    long missing,
    long doubled,
    long disordered,
    long withoutRight,
    long lost,
    List<String> examples) {
  /// Something that is stored in a conversation, in its order.
  ///
  /// @param kind `message`, `added` or `removed`
  /// @param user whom it is about, for the latter two
  /// @param seq the message's number
  /// @param at when it happened, in milliseconds
  record Stored(String kind, String user, long seq, long at) {}

  boolean good() {
    return missing + doubled + disordered + withoutRight + lost == 0;
  }

  /// Compares. A user in a conversation at the end must have heard every message since they were last added. What was
  /// said before a user was taken out they may have been too late to fetch. What was said while they were out they may
  /// only have heard after they were added again, since participants may read everything.
  static Verdict of(Map<String, List<Stored>> conversations, List<ChaosClient> clients) {
    var examples = new ArrayList<String>();
    long heard = 0;
    long missing = 0;
    long doubled = 0;
    long disordered = 0;
    long withoutRight = 0;
    for (ChaosClient client : clients) {
      Map<String, List<ChaosClient.Heard>> own = new HashMap<>();
      for (ChaosClient.Heard one : client.heard()) {
        own.computeIfAbsent(one.conversation(), _ -> new ArrayList<>()).add(one);
        heard++;
      }
      for (var entry : conversations.entrySet()) {
        List<ChaosClient.Heard> log = own.getOrDefault(entry.getKey(), List.of());
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (ChaosClient.Heard one : log) {
          if (!seen.add(one.seq())) {
            doubled++;
            examples.add("twice: " + one + " by " + client.user());
          } else if (one.seq() < last) {
            disordered++;
            examples.add("after " + last + ": " + one + " by " + client.user());
          }
          last = Math.max(last, one.seq());
        }
        missing += missing(client, entry.getValue(), seen, examples);
        withoutRight += withoutRight(client, entry.getValue(), log, examples);
      }
    }
    return new Verdict(
        heard,
        missing,
        doubled,
        disordered,
        withoutRight,
        clients.stream().mapToLong(ChaosClient::losses).sum(),
        examples.subList(0, Math.min(20, examples.size())));
  }

  private static long missing(
      ChaosClient client, List<Stored> stored, Set<Long> seen, List<String> examples) {
    int from = -1;
    for (int i = 0; i < stored.size(); i++) {
      Stored one = stored.get(i);
      if (one.user().equals(client.user())) {
        from = one.kind().equals("added") ? i : -1;
      }
    }
    if (from < 0) {
      return 0;
    }
    long missing = 0;
    for (Stored one : stored.subList(from, stored.size())) {
      if (one.kind().equals("message") && !seen.contains(one.seq())) {
        missing++;
        examples.add("missing: " + one + " of " + client);
      }
    }
    return missing;
  }

  private static long withoutRight(
      ChaosClient client, List<Stored> stored, List<ChaosClient.Heard> log, List<String> examples) {
    var heardAt = new HashMap<Long, Long>();
    log.forEach(one -> heardAt.putIfAbsent(one.seq(), one.at()));
    long wrong = 0;
    boolean in = false;
    for (int i = 0; i < stored.size(); i++) {
      Stored one = stored.get(i);
      if (one.user().equals(client.user())) {
        in = one.kind().equals("added");
      } else if (one.kind().equals("message") && !in && heardAt.containsKey(one.seq())) {
        long back = addedAfter(client, stored, i);
        if (heardAt.getOrDefault(one.seq(), 0L) < back) {
          wrong++;
          examples.add("without right: " + one + " by " + client.user());
        }
      }
    }
    return wrong;
  }

  private static long addedAfter(ChaosClient client, List<Stored> stored, int index) {
    for (Stored one : stored.subList(index, stored.size())) {
      if (one.kind().equals("added") && one.user().equals(client.user())) {
        return one.at();
      }
    }
    return Long.MAX_VALUE;
  }

  @Override
  public String toString() {
    return "missing %d, doubled %d, out of order %d, seen without right %d, cursors refused %d (of %d told)"
        .formatted(missing, doubled, disordered, withoutRight, lost, heard);
  }
}
