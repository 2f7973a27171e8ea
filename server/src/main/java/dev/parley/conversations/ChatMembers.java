package dev.parley.conversations;

import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is in a conversation among people, and as what. Each change is an event in the conversation's lane, so whoever
/// follows it knows from which event on somebody is in it or no longer.
@Singleton
public final class ChatMembers {
  private final TenantDb db;
  private final Chats chats;
  private final EventLog events;
  private final InstantSource clock;

  /// Works through `db`.
  public ChatMembers(TenantDb db, Chats chats, EventLog events, InstantSource clock) {
    this.db = db;
    this.chats = chats;
    this.events = events;
    this.clock = clock;
  }

  /// In the order of their ids: `limit` + 1 rows where there are more. Throws a [Problem] when the caller is no
  /// participant.
  public List<Chat.Participant> page(Caller caller, UUID id, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chats.find(tx, caller, id);
          return ParticipantStore.page(tx.sql(), tx.tenant(), id, null, after, limit + 1);
        });
  }

  /// Adds users; those who are in it already stay as they are. Throws a [Problem] when the caller may not, when one is
  /// no active user, or when it would be too many.
  public Chat add(Caller caller, UUID id, Set<UUID> added, ChatRole role) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = Chats.locked(tx, caller, id, Right.INVITE);
          if (role.leads()) {
            requireLead(tx, caller, id);
          }
          if (!Users.names(tx, added).keySet().containsAll(added)) {
            throw Problem.notFound("user");
          }
          join(tx, chat, added, role, caller.id());
          return Chats.find(tx, caller, id);
        });
  }

  private static void requireLead(Tx tx, Caller caller, UUID id) {
    if (!participant(tx, id, caller.id()).role().leads()) {
      throw Chats.refused(false, Right.MANAGE);
    }
  }

  private void join(Tx tx, Chat chat, Set<UUID> added, ChatRole role, UUID by) {
    Set<UUID> fresh =
        ParticipantStore.add(
            tx.sql(), tx.tenant(), chat.id(), added, role, chat.lastSeq(), clock.instant());
    int now = ChatStore.recount(tx.sql(), tx.tenant(), chat.id());
    if (now > chat.kind().capacity()) {
      throw new Problem(
          Problem.Code.WRONG_STATE,
          "This conversation takes at most " + chat.kind().capacity() + " participants.");
    }
    Chats.refuseOverfull(tx, fresh);
    for (UUID user : fresh) {
      events.publish(
          tx, chat.lane(), new ConversationEvent.ParticipantAdded(chat.id(), user, role, by));
    }
  }

  /// The caller joins a public one: a group as member, a channel as reader. Who is in it stays as they are. Throws a
  /// [Problem] when it is not public.
  public Chat join(Caller caller, UUID id) {
    Chats.requireUser(caller);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          if (ChatStore.find(tx.sql(), tx.tenant(), id, caller.id()).isEmpty()) {
            Chat chat = Chats.locked(tx, caller, id, Right.JOIN);
            join(tx, chat, Set.of(caller.id()), usual(chat.kind()), caller.id());
          }
          return Chats.find(tx, caller, id);
        });
  }

  /// What one is who is added without further words.
  static ChatRole usual(ConversationKind kind) {
    return kind == ConversationKind.CHANNEL ? ChatRole.READER : ChatRole.MEMBER;
  }

  /// The caller leaves. An owner who does hands over to the administrator who has been there longest, or else to
  /// whoever has; one whom everybody has left is archived. Throws a [Problem] for a direct conversation.
  public void leave(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = Chats.locked(tx, caller, id, Right.LEAVE);
          take(tx, chat, participant(tx, id, caller.id()), caller.id());
        });
  }

  /// Removes somebody. Administrators remove members and readers; administrators are removed by the owner, and the
  /// owner by nobody. Throws a [Problem] when the caller may not or there is no such participant.
  public void remove(Caller caller, UUID id, UUID user) {
    if (user.equals(caller.id())) {
      leave(caller, id);
      return;
    }
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = Chats.locked(tx, caller, id, Right.MANAGE);
          Chat.Participant other = participant(tx, id, user);
          requireAbove(tx, caller, id, other.role());
          take(tx, chat, other, caller.id());
        });
  }

  private static void requireAbove(Tx tx, Caller caller, UUID id, ChatRole role) {
    ChatRole own = participant(tx, id, caller.id()).role();
    if (role == ChatRole.OWNER || (role == ChatRole.ADMIN && own != ChatRole.OWNER)) {
      throw new Problem(
          Problem.Code.FORBIDDEN,
          "Administrators are changed and removed by the owner, and the owner by nobody else.");
    }
  }

  private void take(Tx tx, Chat chat, Chat.Participant leaving, UUID by) {
    UUID user = leaving.userId();
    UUID heir =
        leaving.role() == ChatRole.OWNER
            ? ParticipantStore.heir(tx.sql(), tx.tenant(), chat.id(), user).orElse(null)
            : null;
    ParticipantStore.leave(tx.sql(), tx.tenant(), chat.id(), user, clock.instant());
    events.publish(tx, chat.lane(), new ConversationEvent.ParticipantRemoved(chat.id(), user, by));
    if (heir != null) {
      assign(tx, chat, heir, ChatRole.OWNER, by);
    }
    int left = ChatStore.recount(tx.sql(), tx.tenant(), chat.id());
    if (left == 0 && chat.archivedAt() == null) {
      chats.archive(tx, chat, true, by);
    }
  }

  /// Changes a participant's role. Who is made owner takes the place of the one who is, who becomes administrator; only
  /// the owner can do that. Throws a [Problem] when the caller may not or there is no such participant.
  public Chat.Participant changeRole(Caller caller, UUID id, UUID user, ChatRole role) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = Chats.locked(tx, caller, id, Right.MANAGE);
          Chat.Participant other = participant(tx, id, user);
          if (other.role() != role) {
            requireAbove(tx, caller, id, other.role());
            if (role == ChatRole.OWNER) {
              handOver(tx, caller, chat);
            }
            assign(tx, chat, user, role, caller.id());
          }
          return participant(tx, id, user);
        });
  }

  private void handOver(Tx tx, Caller caller, Chat chat) {
    if (participant(tx, chat.id(), caller.id()).role() != ChatRole.OWNER) {
      throw new Problem(Problem.Code.FORBIDDEN, "Only the owner can make somebody the owner.");
    }
    assign(tx, chat, caller.id(), ChatRole.ADMIN, caller.id());
  }

  private void assign(Tx tx, Chat chat, UUID user, ChatRole role, UUID by) {
    ParticipantStore.changeRole(tx.sql(), tx.tenant(), chat.id(), user, role);
    events.publish(tx, chat.lane(), new ConversationEvent.RoleChanged(chat.id(), user, role, by));
  }

  private static Chat.Participant participant(Tx tx, UUID id, UUID user) {
    return ParticipantStore.find(tx.sql(), tx.tenant(), id, user)
        .orElseThrow(() -> Problem.notFound("participant"));
  }

  /// Takes users who are gone out of all groups and channels; direct conversations stay for the other one to read.
  public void forget(Tx tx, Collection<UUID> gone) {
    for (UUID user : gone) {
      for (ConversationAccess.Facts facts :
          AccessStore.ofUser(tx.sql(), tx.tenant(), user, ChatLimits.CONVERSATIONS_OF_USER)) {
        if (facts.kind() == ConversationKind.DIRECT) {
          continue;
        }
        Chat chat =
            ChatStore.lock(tx.sql(), tx.tenant(), facts.conversationId())
                .orElseThrow(() -> new IllegalStateException("a conversation vanished"));
        ParticipantStore.find(tx.sql(), tx.tenant(), chat.id(), user)
            .ifPresent(participant -> take(tx, chat, participant, user));
      }
    }
  }
}
