package dev.parley.realtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to a session when what its caller may do has changed: it is held at the place of the change, its rights
/// are asked for anew, what it may follow no longer ends, and it goes on from there. No event after the change is decided
/// by the rights of before, and none that may still be seen is left out. Of the session's event loop.
final class Reconsidering {
  private static final int ROUNDS = 5;

  private final Session session;
  private final TenantStream stream;
  private final Streams streams;
  private final CatchUp catchUp;

  /// How often the rights have changed since it was held; 0 while it is not.
  private int changes;

  /// Conversations whose participants have changed for this user since the question was asked.
  private final Set<UUID> moved = new HashSet<>(0);

  private int rounds;

  Reconsidering(Session session, TenantStream stream, Streams streams, CatchUp catchUp) {
    this.session = session;
    this.stream = stream;
    this.streams = streams;
    this.catchUp = catchUp;
  }

  boolean isUnderWay() {
    return changes > 0;
  }

  void moved(UUID conversation) {
    if (isUnderWay()) {
      moved.add(conversation);
    }
  }

  /// The rights may have changed.
  void begin() {
    if (changes++ == 0) {
      catchUp.hold();
      rounds = 0;
      ask();
    }
  }

  /// The answer: null when the credential is no longer good.
  ///
  /// @param visible of the conversations that were asked about
  private record Found(@Nullable Caller now, Set<UUID> visible) {}

  private void ask() {
    int asked = changes;
    moved.clear();
    Caller caller = session.caller();
    Set<UUID> followed = session.follows().conversations();
    streams
        .work()
        .run(
            session.loop(),
            () -> look(caller, followed),
            found -> found(found, asked, followed),
            // Without an answer nothing may be sent; it comes again and is asked then.
            _ -> session.close(Closing.UNAVAILABLE));
  }

  private Found look(Caller caller, Collection<UUID> followed) {
    Caller now = streams.current(caller);
    return new Found(
        now,
        now == null || followed.isEmpty() ? Set.of() : streams.rights().visible(now, followed));
  }

  private void found(Found found, int asked, Set<UUID> followed) {
    if (session.isOver()) {
      return;
    }
    Caller now = found.now();
    if (now == null) {
      session.close(Closing.REVOKED);
      return;
    }
    if (changes != asked || !moved.isEmpty()) {
      if (++rounds > ROUNDS) {
        session.close(Closing.UNAVAILABLE);
      } else {
        ask();
      }
      return;
    }
    changes = 0;
    apply(now, followed, found.visible());
  }

  private void apply(Caller now, Set<UUID> followed, Set<UUID> visible) {
    Follows follows = session.follows();
    boolean any = !follows.isEmpty();
    boolean different = !now.permissions().equals(session.caller().permissions());
    List<String> ended = new ArrayList<>();
    for (UUID conversation : followed) {
      if (!visible.contains(conversation)) {
        if (follows.hasNamed(conversation)) {
          ended.add(new Topic.Conversation(conversation).toString());
        }
        session.unfollow(conversation);
      }
    }
    if (follows.mine() && !takesPart(now)) {
      follows.mine(false);
      ended.add(new Topic.Mine().toString());
    }
    if (follows.inbox() && !now.allows(Permission.CONVERSATIONS_READ)) {
      follows.inbox(false);
      ended.add(new Topic.Inbox().toString());
    }
    if (follows.log() && !now.allows(Permission.EVENTS_READ)) {
      follows.log(false);
      ended.add(new Topic.Log().toString());
    }
    stream.watch(session, follows.watches());
    session.become(now);
    if (any && follows.isEmpty()) {
      session.close(Closing.REVOKED);
      return;
    }
    if (different || !ended.isEmpty()) {
      session.send(Frame.notice("rights.changed", told(now, ended)));
    }
    catchUp.release();
    session.resumed();
  }

  private static boolean takesPart(Caller caller) {
    return caller.kind() == Caller.Kind.USER
        && (caller.allows(Permission.CHAT) || caller.allows(Permission.CONVERSATIONS_READ));
  }

  private static ObjectNode told(Caller now, List<String> ended) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    ArrayNode permissions = told.putArray("permissions");
    now.permissions().stream().map(Permission::scope).sorted().forEach(permissions::add);
    ArrayNode topics = told.putArray("ended");
    ended.forEach(topics::add);
    return told;
  }
}
