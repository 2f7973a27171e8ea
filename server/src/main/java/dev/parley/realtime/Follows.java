package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import dev.parley.platform.events.StoredEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What one session follows. Of its event loop.
final class Follows {
  private static final int NAMED = 1;
  private static final int OWN = 2;

  private Map<UUID, Integer> conversations = Map.of();
  private int named;
  private boolean mine;
  private boolean inbox;
  private boolean log;

  boolean isEmpty() {
    return conversations.isEmpty() && !mine && !inbox && !log;
  }

  boolean mine() {
    return mine;
  }

  void mine(boolean on) {
    mine = on;
  }

  boolean inbox() {
    return inbox;
  }

  void inbox(boolean on) {
    inbox = on;
  }

  boolean log() {
    return log;
  }

  void log(boolean on) {
    log = on;
  }

  /// Whether events come to it that are of no conversation that it follows.
  boolean watches() {
    return inbox || log;
  }

  /// How many conversations it follows by name.
  int named() {
    return named;
  }

  boolean has(UUID conversation) {
    return conversations.containsKey(conversation);
  }

  boolean hasNamed(UUID conversation) {
    return (conversations.getOrDefault(conversation, 0) & NAMED) != 0;
  }

  Set<UUID> conversations() {
    return Set.copyOf(conversations.keySet());
  }

  /// Answers whether it is new.
  boolean addNamed(UUID conversation) {
    return add(conversation, NAMED);
  }

  /// Answers whether it is new.
  boolean addOwn(UUID conversation) {
    return add(conversation, OWN);
  }

  private boolean add(UUID conversation, int why) {
    if (conversations.isEmpty()) {
      conversations = new HashMap<>(4);
    }
    int before = conversations.getOrDefault(conversation, 0);
    if (why == NAMED && (before & NAMED) == 0) {
      named++;
    }
    conversations.put(conversation, before | why);
    return before == 0;
  }

  /// Answers whether it is followed no longer.
  boolean dropNamed(UUID conversation) {
    return drop(conversation, NAMED);
  }

  /// Answers whether it is followed no longer.
  boolean dropOwn(UUID conversation) {
    return drop(conversation, OWN);
  }

  private boolean drop(UUID conversation, int why) {
    int before = conversations.getOrDefault(conversation, 0);
    if ((before & why) == 0) {
      return false;
    }
    if (why == NAMED) {
      named--;
    }
    int left = before & ~why;
    if (left == 0) {
      conversations.remove(conversation);
      return true;
    }
    conversations.put(conversation, left);
    return false;
  }

  /// Answers whether it was followed.
  boolean dropWholly(UUID conversation) {
    int before = conversations.getOrDefault(conversation, 0);
    if ((before & NAMED) != 0) {
      named--;
    }
    if (before != 0) {
      conversations.remove(conversation);
    }
    return before != 0;
  }

  /// Whether an event comes because the caller may see it, whatever conversation it is of.
  boolean watches(Caller caller, StoredEvent event) {
    return (log || (inbox && Visibility.isOfInbox(event))) && Visibility.sees(caller, event);
  }

  /// Whether an event is for this session at all.
  boolean covers(Caller caller, StoredEvent event) {
    UUID conversation = event.conversationId();
    return (conversation != null && has(conversation))
        || watches(caller, event)
        || (mine && Memberships.isAbout(event, caller.id()));
  }
}
