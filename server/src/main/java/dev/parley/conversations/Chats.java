package dev.parley.conversations;

import dev.parley.identity.Users;
import dev.parley.media.Files;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.lanes.Lanes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Conversations among users: begin, find, change, archive. Who is in them is [ChatMembers]' business, what is
/// said [Conversations]'; what each of
/// them has for themselves [OwnChats]'.
@Singleton
public final class Chats {
  private final TenantDb db;
  private final EventLog events;
  private final ChatPicture picture;
  private final InstantSource clock;

  /// Works through `db`.
  public Chats(TenantDb db, EventLog events, Files files, InstantSource clock) {
    this.db = db;
    this.events = events;
    this.picture = new ChatPicture(files);
    this.clock = clock;
  }

  /// A group or channel to be made.
  ///
  /// @param participants role by user, without the owner, who is the caller
  public record Draft(
      ConversationKind kind,
      String title,
      @Nullable String description,
      Chat.Privacy privacy,
      Chat.InvitePolicy invitePolicy,
      Map<UUID, ChatRole> participants) {}

  /// What is to change; null leaves it, an empty description and the nil UUID as avatar take them away.
  public record Change(
      @Nullable String title,
      @Nullable String description,
      Chat.@Nullable Privacy privacy,
      Chat.@Nullable InvitePolicy invitePolicy,
      @Nullable UUID avatarFileId) {}

  /// The direct conversation with another user, begun if there is none; of two who begin it at once both get the same.
  /// Throws a [Problem] when there is no such active user.
  public Chat direct(Caller caller, UUID other) {
    requireUser(caller);
    UUID self = caller.id();
    if (self.equals(other)) {
      throw Problem.invalid("userId", "must be another user than yourself");
    }
    String key = directKey(self, other);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          UUID known = ChatStore.direct(tx.sql(), tx.tenant(), key).orElse(null);
          if (known != null) {
            return find(tx, caller, known);
          }
          requireActive(tx, "userId", Set.of(self, other));
          Chat chat =
              blank(
                  ConversationKind.DIRECT,
                  tx,
                  self,
                  null,
                  null,
                  Chat.Privacy.PRIVATE,
                  Chat.InvitePolicy.ADMINS);
          if (!ChatStore.insert(tx.sql(), tx.tenant(), chat, key)) {
            // The other has begun it meanwhile; the insert has waited for that.
            return ChatStore.direct(tx.sql(), tx.tenant(), key)
                .map(id -> find(tx, caller, id))
                .orElseThrow(() -> new IllegalStateException("a direct conversation vanished"));
          }
          begin(tx, caller, chat, Map.of(self, ChatRole.MEMBER, other, ChatRole.MEMBER));
          return find(tx, caller, chat.id());
        });
  }

  private static String directKey(UUID one, UUID other) {
    String a = one.toString();
    String b = other.toString();
    return a.compareTo(b) < 0 ? a + ":" + b : b + ":" + a;
  }

  /// Makes a group or channel, which the caller owns. Throws a [Problem] when a participant is no active user.
  public Chat create(Caller caller, Draft draft) {
    requireUser(caller);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          var everybody = new HashMap<>(draft.participants());
          everybody.put(caller.id(), ChatRole.OWNER);
          requireActive(tx, "participants", everybody.keySet());
          Chat chat =
              blank(
                  draft.kind(),
                  tx,
                  caller.id(),
                  draft.title(),
                  draft.description(),
                  draft.privacy(),
                  draft.invitePolicy());
          ChatStore.insert(tx.sql(), tx.tenant(), chat, null);
          begin(tx, caller, chat, everybody);
          return find(tx, caller, chat.id());
        });
  }

  private void begin(Tx tx, Caller caller, Chat chat, Map<UUID, ChatRole> participants) {
    events.publish(
        tx,
        chat.lane(),
        new ConversationEvent.Created(
            chat.id(), chat.kind(), chat.title(), chat.privacy(), caller.id()));
    var byRole = new EnumMap<ChatRole, Set<UUID>>(ChatRole.class);
    participants.forEach(
        (user, role) -> byRole.computeIfAbsent(role, _ -> new HashSet<>()).add(user));
    byRole.forEach(
        (role, some) -> {
          ParticipantStore.add(tx.sql(), tx.tenant(), chat.id(), some, role, 0, chat.createdAt());
          some.forEach(
              user ->
                  events.publish(
                      tx,
                      chat.lane(),
                      new ConversationEvent.ParticipantAdded(chat.id(), user, role, caller.id())));
        });
    refuseOverfull(tx, participants.keySet());
    ChatStore.recount(tx.sql(), tx.tenant(), chat.id());
  }

  /// After users were added: throws a [Problem] when one is in too many conversations now.
  static void refuseOverfull(Tx tx, Collection<UUID> added) {
    int most = ChatLimits.CONVERSATIONS_OF_USER;
    if (!ParticipantStore.overfull(tx.sql(), tx.tenant(), added, most).isEmpty()) {
      throw new Problem(
          Problem.Code.WRONG_STATE,
          "A user can be in at most " + most + " conversations; leave others first.");
    }
  }

  private Chat blank(
      ConversationKind kind,
      Tx tx,
      UUID by,
      @Nullable String title,
      @Nullable String description,
      Chat.Privacy privacy,
      Chat.InvitePolicy invitePolicy) {
    UUID id = Ids.next();
    Instant now = clock.instant();
    return new Chat(
        id,
        kind,
        Lanes.of(tx.tenant(), id.toString()),
        title,
        description,
        null,
        privacy,
        invitePolicy,
        by,
        null,
        0,
        0,
        null,
        now,
        now,
        now,
        null,
        null);
  }

  private static void requireActive(Tx tx, String field, Collection<UUID> ids) {
    Set<UUID> known = Users.names(tx, ids).keySet();
    for (UUID id : ids) {
      if (!known.contains(id)) {
        throw new Problem(
            Problem.Code.NOT_FOUND, "There is no such user: " + field + " names " + id + ".");
      }
    }
  }

  /// Who signs in may talk with others; keys and operators are nobody's partners.
  static void requireUser(Caller caller) {
    if (caller.kind() != Caller.Kind.USER) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "Only users who have signed in take part in conversations.");
    }
  }

  /// One, as the caller sees it. Throws a [Problem] when the caller is no participant.
  public Chat find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> find(tx, caller, id));
  }

  static Chat find(Tx tx, Caller caller, UUID id) {
    return ChatStore.find(tx.sql(), tx.tenant(), id, caller.id())
        .filter(_ -> caller.kind() == Caller.Kind.USER)
        .orElseThrow(() -> Problem.notFound("conversation"));
  }

  /// Changes the settings. Throws a [Problem] when the caller may not, or it is archived.
  public Chat change(Caller caller, UUID id, Change change) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat before = locked(tx, caller, id, Right.MANAGE);
          String description =
              change.description() == null ? before.description() : change.description();
          Chat after =
              with(
                  before,
                  change.title() == null ? before.title() : change.title(),
                  description == null || description.isEmpty() ? null : description,
                  change.privacy() == null ? before.privacy() : change.privacy(),
                  change.invitePolicy() == null ? before.invitePolicy() : change.invitePolicy(),
                  ChatPicture.next(before, change.avatarFileId()),
                  null);
          picture.show(tx, caller, before, after);
          ChatStore.update(tx.sql(), tx.tenant(), after);
          events.publish(
              tx,
              after.lane(),
              new ConversationEvent.Updated(
                  id,
                  after.title(),
                  after.description(),
                  after.avatarFileId(),
                  after.privacy(),
                  after.invitePolicy(),
                  caller.id()));
          return find(tx, caller, id);
        });
  }

  private Chat with(
      Chat chat,
      @Nullable String title,
      @Nullable String description,
      Chat.Privacy privacy,
      Chat.InvitePolicy invitePolicy,
      @Nullable UUID avatarFileId,
      @Nullable Instant archivedAt) {
    return new Chat(
        chat.id(),
        chat.kind(),
        chat.lane(),
        title,
        description,
        avatarFileId,
        privacy,
        invitePolicy,
        chat.createdBy(),
        chat.with(),
        chat.participants(),
        chat.lastSeq(),
        chat.lastMessage(),
        chat.lastAt(),
        chat.createdAt(),
        clock.instant(),
        archivedAt,
        chat.me());
  }

  /// Puts it away for everybody, so that nobody writes any more, or brings it back. Throws a [Problem] when the caller
  /// may not.
  public Chat archive(Caller caller, UUID id, boolean away) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat before = locked(tx, caller, id, Right.ARCHIVE);
          if ((before.archivedAt() != null) != away) {
            archive(tx, before, away, caller.id());
          }
          return find(tx, caller, id);
        });
  }

  void archive(Tx tx, Chat chat, boolean away, UUID by) {
    ChatStore.update(
        tx.sql(),
        tx.tenant(),
        with(
            chat,
            chat.title(),
            chat.description(),
            chat.privacy(),
            chat.invitePolicy(),
            chat.avatarFileId(),
            away ? clock.instant() : null));
    events.publish(
        tx,
        chat.lane(),
        away
            ? new ConversationEvent.Archived(chat.id(), by)
            : new ConversationEvent.Unarchived(chat.id(), by));
  }

  /// Locks it for a caller who may do that. Throws a [Problem]: not found for who may not see it, forbidden for who
  /// sees it and may not, and another for one that is archived.
  static Chat locked(Tx tx, Caller caller, UUID id, Right right) {
    Chat chat =
        ChatStore.lock(tx.sql(), tx.tenant(), id)
            .orElseThrow(() -> Problem.notFound("conversation"));
    permit(caller, AccessStore.facts(tx.sql(), tx.tenant(), caller.id(), List.of(id)), right);
    return chat;
  }

  /// Throws the [Problem] of [#locked] unless the facts, of one conversation if it is there, permit it.
  static void permit(Caller caller, List<ConversationAccess.Facts> known, Right right) {
    ConversationAccess.Facts facts =
        known.stream().findFirst().orElseThrow(() -> Problem.notFound("conversation"));
    ConversationAccess access = ConversationAccess.of(caller, facts);
    if (!access.may(right)) {
      throw access.may(Right.READ)
          ? refused(facts.archived(), right)
          : Problem.notFound("conversation");
    }
  }

  static Problem refused(boolean archived, Right right) {
    return archived
        ? new Problem(
            Problem.Code.WRONG_STATE,
            "The conversation is archived; its owner or an administrator can bring it back.")
        : new Problem(
            Problem.Code.FORBIDDEN,
            switch (right) {
              case WRITE -> "Readers of a conversation cannot write in it.";
              case LEAVE -> "A direct conversation cannot be left; archive it for yourself.";
              case JOIN -> "You are a participant already.";
              case READ, REACT, PIN, INVITE, MANAGE, MODERATE, ARCHIVE ->
                  "Your role in this conversation does not permit that.";
            });
  }
}
