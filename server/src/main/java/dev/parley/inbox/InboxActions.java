package dev.parley.inbox;

import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationFilter.Hands;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.Desk;
import dev.parley.conversations.DeskStates;
import dev.parley.conversations.Priority;
import dev.parley.identity.RoleTable;
import dev.parley.identity.User;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What agents do with a conversation at the desk. Each act locks the conversation, so that of two at once the second
/// sees what the first has done; an act that changes nothing leaves no trace.
@Singleton
public final class InboxActions {
  /// Longest time that a conversation is snoozed for.
  static final Duration LONGEST_SNOOZE = Duration.ofDays(366);

  private final TenantDb db;
  private final DeskStates desk;
  private final Inbox inbox;
  private final EventLog events;
  private final InstantSource clock;

  /// Works through `db`.
  public InboxActions(
      TenantDb db, DeskStates desk, Inbox inbox, EventLog events, InstantSource clock) {
    this.db = db;
    this.desk = desk;
    this.inbox = inbox;
    this.events = events;
    this.clock = clock;
  }

  /// What is to change; null leaves it.
  ///
  /// @param snoozedUntil with [ConversationStatus#SNOOZED] alone
  /// @param from the status that the caller saw; when it is another one by now nothing changes
  public record Change(
      @Nullable ConversationStatus status,
      @Nullable Instant snoozedUntil,
      @Nullable Priority priority,
      @Nullable ConversationStatus from) {}

  /// Changes status and priority. Without `from` the last one to say wins. Throws a [Problem] when there is no such
  /// conversation, the moment is not in the future, or the status is not `from`.
  public InboxConversation change(Caller caller, UUID id, Change change) {
    check(change);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, id);
          if (change.from() != null
              && change.from() != locked.status()
              && change.status() != locked.status()) {
            throw new Problem(
                Problem.Code.WRONG_STATE,
                "It is " + Input.word(locked.status()) + " by now; look at it again.");
          }
          Desk after = locked.desk();
          if (change.status() != null) {
            after = after.with(change.status(), change.snoozedUntil());
          }
          if (change.priority() != null) {
            after = after.with(change.priority());
          }
          return inbox.view(tx, desk.change(tx, caller, locked, after));
        });
  }

  private void check(Change change) {
    var check = new Input();
    Instant until = change.snoozedUntil();
    if (change.status() == ConversationStatus.SNOOZED) {
      Instant now = clock.instant();
      check.check(until != null, "snoozedUntil", "is required for the status snoozed");
      check.check(
          until == null || (until.isAfter(now) && until.isBefore(now.plus(LONGEST_SNOOZE))),
          "snoozedUntil",
          "must be in the future and within " + LONGEST_SNOOZE.toDays() + " days");
    } else {
      check.check(until == null, "snoozedUntil", "goes with the status snoozed alone");
    }
    check.done();
  }

  /// In whose hands it is to be.
  ///
  /// @param assignee [Hands#ANY] leaves it
  /// @param team [Hands#ANY] leaves it
  /// @param from who has it as the caller saw it; [Hands#ANY] when the caller does not say
  public record Assignment(Hands assignee, Hands team, Hands from) {}

  /// Puts a conversation into other hands. From somebody else's it is taken only when the caller says in `from` whose
  /// they are. An agent who is not in the conversation's team takes it out of the team; a team in which its agent is not
  /// takes it from the agent. Throws a [Problem] when there is no such conversation, user or team, when the user may not
  /// answer or is not in the team that is named with them, or when somebody else has the conversation.
  public InboxConversation assign(Caller caller, UUID id, Assignment wanted) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, id);
          Desk after = hands(tx, locked, wanted);
          refuseIfTaken(tx, caller, locked, after, wanted.from());
          return inbox.view(tx, desk.change(tx, caller, locked, after));
        });
  }

  private static void refuseIfTaken(
      Tx tx, Caller caller, Conversation locked, Desk after, Hands from) {
    UUID has = locked.assigneeId();
    boolean asSeen =
        from.given() ? Objects.equals(has, from.id()) : has == null || has.equals(caller.id());
    if (asSeen || Objects.equals(has, after.assigneeId())) {
      return;
    }
    if (has == null) {
      throw new Problem(Problem.Code.WRONG_STATE, "Nobody works on it any more; look at it again.");
    }
    String who =
        Users.find(tx, List.of(has)).stream().map(User::name).findFirst().orElse("Somebody");
    throw Problem.settledBy(
        Problem.Code.ALREADY_ASSIGNED,
        who + " works on it; to take it over, send their id as from.",
        new Problem.FieldError("from", has.toString()));
  }

  private static Desk hands(Tx tx, Conversation locked, Assignment wanted) {
    UUID user = wanted.assignee().given() ? wanted.assignee().id() : locked.assigneeId();
    UUID team = wanted.team().given() ? wanted.team().id() : locked.teamId();
    if (team != null && !TeamStore.hold(tx.sql(), tx.tenant(), team)) {
      if (wanted.team().given()) {
        throw Problem.invalid("teamId", "is no team");
      }
      team = null;
    }
    if (user != null && !mayAnswer(tx, user)) {
      if (wanted.assignee().given()) {
        throw Problem.invalid("assigneeId", "must be an active user who may answer");
      }
      user = null;
    }
    if (user != null && team != null && !TeamStore.holdMember(tx.sql(), tx.tenant(), team, user)) {
      if (wanted.assignee().given() && wanted.team().given()) {
        throw Problem.invalid("assigneeId", "is not in the team");
      }
      if (wanted.assignee().given()) {
        team = null;
      } else {
        user = null;
      }
    }
    return locked.desk().assigned(user, team);
  }

  /// Whether somebody is active and may answer; it stays so until the transaction ends.
  static boolean mayAnswer(Tx tx, UUID user) {
    return Users.hold(tx, List.of(user)).stream()
        .anyMatch(u -> RoleTable.of(u.role()).contains(Permission.CONVERSATIONS_WRITE));
  }

  /// Gives a conversation a tag; one that it has stays. Throws a [Problem] when there is no such conversation or tag,
  /// or it has too many.
  public InboxConversation tag(Caller caller, UUID id, UUID tagId) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, id);
          Tag.Label tag =
              TagStore.hold(tx.sql(), tx.tenant(), tagId)
                  .orElseThrow(() -> Problem.notFound("tag"));
          if (TagStore.put(tx.sql(), tx.tenant(), id, tagId)) {
            if (TagStore.countOf(tx.sql(), tx.tenant(), id) > Tags.MOST_OF_CONVERSATION) {
              throw new Problem(
                  Problem.Code.QUOTA_EXCEEDED,
                  "A conversation has at most " + Tags.MOST_OF_CONVERSATION + " tags.");
            }
            events.publish(
                tx,
                locked.lane(),
                new InboxEvent.Tagged(id, tagId, tag.name(), tag.color(), DeskStates.by(caller)));
          }
          return inbox.view(tx, locked);
        });
  }

  /// Takes a tag from a conversation; one that it does not have is no error. Throws a [Problem] when there is no such
  /// conversation.
  public InboxConversation untag(Caller caller, UUID id, UUID tagId) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, id);
          if (TagStore.take(tx.sql(), tx.tenant(), id, tagId)) {
            events.publish(
                tx, locked.lane(), new InboxEvent.Untagged(id, tagId, DeskStates.by(caller)));
          }
          return inbox.view(tx, locked);
        });
  }
}
