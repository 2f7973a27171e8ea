package dev.parley.realtime;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.Place;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Tailed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tenant's events on one event loop: who follows what, and up to where they were given out. Of its event loop.
final class TenantStream {
  private static final int BATCH = 256;

  final TenantId tenant;
  private final Shard shard;
  private final Recent recent;
  private final Map<UUID, List<Session>> byConversation = new HashMap<>();
  private final Map<UUID, List<Session>> byHolder = new HashMap<>();
  private final List<Session> watchers = new ArrayList<>();
  private final List<Session> behind = new ArrayList<>();
  private long index;
  private Place place;
  private int sessions;

  TenantStream(TenantId tenant, Shard shard) {
    this.tenant = tenant;
    this.shard = shard;
    this.recent = shard.streams.recent();
    Recent.Moment now = recent.now(tenant);
    this.index = now.index();
    this.place = now.place();
  }

  Place place() {
    return place;
  }

  long index() {
    return index;
  }

  void enter(Session session) {
    sessions++;
    byHolder.computeIfAbsent(session.holder(), _ -> new ArrayList<>(1)).add(session);
  }

  void leave(Session session) {
    session.follows().conversations().forEach(id -> unfollow(id, session));
    remove(watchers, session);
    remove(behind, session);
    List<Session> own = byHolder.get(session.holder());
    if (own != null && remove(own, session) && own.isEmpty()) {
      byHolder.remove(session.holder());
    }
    sessions--;
    if (sessions == 0) {
      shard.drop(tenant);
    }
  }

  void follow(UUID conversation, Session session) {
    byConversation.computeIfAbsent(conversation, _ -> new ArrayList<>(1)).add(session);
  }

  void unfollow(UUID conversation, Session session) {
    List<Session> followers = byConversation.get(conversation);
    if (followers != null && remove(followers, session) && followers.isEmpty()) {
      byConversation.remove(conversation);
    }
  }

  void watch(Session session, boolean on) {
    remove(watchers, session);
    if (on) {
      watchers.add(session);
    }
  }

  void behind(Session session, boolean is) {
    remove(behind, session);
    if (is) {
      behind.add(session);
    }
  }

  private static boolean remove(List<Session> list, Session session) {
    int at = list.indexOf(session);
    if (at < 0) {
      return false;
    }
    Session last = list.removeLast();
    if (at < list.size()) {
      list.set(at, last);
    }
    return true;
  }

  /// Gives out what has come; answers whether there is more.
  boolean turn() {
    List<Tailed> batch = recent.from(tenant, index, BATCH);
    if (batch == null) {
      // This loop stood still for longer than events are kept. Who was cut off or taken out
      // meanwhile is not known, so
      // everybody comes in anew.
      byHolder.values().forEach(own -> own.forEach(s -> s.doom(Closing.UNAVAILABLE)));
      return false;
    }
    for (Tailed tailed : batch) {
      deliver(tailed);
    }
    if (!batch.isEmpty()) {
      shard.streams.measures().fannedOut(batch.getLast().event().time());
    }
    for (Session session : List.copyOf(behind)) {
      session.catchUp();
    }
    return batch.size() == BATCH;
  }

  private void deliver(Tailed tailed) {
    StoredEvent event = tailed.event();
    // Who is held because of it gets it, too, by what they may see afterwards.
    before(event);
    index++;
    place = tailed.place();
    UUID conversation = event.conversationId();
    if (conversation != null) {
      List<Session> followers = byConversation.get(conversation);
      if (followers != null) {
        Frame frame = tailed.made(shard.streams::frame);
        for (Session session : followers) {
          session.live(frame);
        }
      }
    }
    for (Session session : watchers) {
      if ((conversation == null || !session.follows().has(conversation))
          && session.follows().watches(session.caller(), event)) {
        session.live(tailed.made(shard.streams::frame));
      }
    }
    after(event);
  }

  private void before(StoredEvent event) {
    Memberships.Cut cut = Memberships.cut(event);
    if (cut != null) {
      cut(cut);
    } else if (Memberships.isAdded(event)) {
      eachOfSubject(event, Session::added);
    }
  }

  private void after(StoredEvent event) {
    if (Memberships.isRemoved(event)) {
      eachOfSubject(event, Session::removed);
    }
  }

  private interface Change {
    void apply(Session session, UUID conversation);
  }

  private void eachOfSubject(StoredEvent event, Change change) {
    UUID user = Memberships.user(event);
    UUID conversation = event.conversationId();
    List<Session> own = user == null ? null : byHolder.get(user);
    if (own != null && conversation != null) {
      own.forEach(session -> change.apply(session, conversation));
    }
  }

  private void cut(Memberships.Cut cut) {
    switch (cut) {
      case Memberships.Cut.SignIn(UUID user, UUID id) ->
          byHolder.getOrDefault(user, List.of()).stream()
              .filter(session -> id.equals(session.caller().sessionId()))
              .forEach(session -> session.doom(Closing.REVOKED));
      case Memberships.Cut.Holder(UUID id) ->
          byHolder.getOrDefault(id, List.of()).forEach(s -> s.doom(Closing.REVOKED));
      case Memberships.Cut.Rights(UUID user) ->
          byHolder.getOrDefault(user, List.of()).forEach(Session::reconsider);
      case Memberships.Cut.Tenant() ->
          byHolder.values().forEach(own -> own.forEach(s -> s.doom(Closing.SUSPENDED)));
    }
  }

  void toConversation(Activity.Spot spot, Frame frame, @Nullable UUID exceptUser) {
    for (Session session : byConversation.getOrDefault(spot.conversation(), List.of())) {
      if (!session.holder().equals(exceptUser)) {
        session.live(frame);
      }
    }
    if (spot.inbox()) {
      for (Session session : watchers) {
        if (session.follows().inbox()
            && !session.follows().has(spot.conversation())
            && !session.holder().equals(exceptUser)) {
          session.live(frame);
        }
      }
    }
  }

  void toUsers(Collection<UUID> users, Frame frame) {
    for (UUID user : users) {
      for (Session session : byHolder.getOrDefault(user, List.of())) {
        session.live(frame);
      }
    }
  }
}
