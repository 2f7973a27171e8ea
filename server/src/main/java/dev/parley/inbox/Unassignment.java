package dev.parley.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.DeskStates;
import dev.parley.identity.RoleTable;
import dev.parley.identity.UserRole;
import dev.parley.platform.access.Permission;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Takes conversations out of the hands of who cannot answer any more: users who were disabled, deleted or may do less
/// now, who are out of the conversation's team, and teams that were deleted. Resolved conversations stay with whoever
/// resolved them, and are looked at when they open again. Deleted users are taken out of their teams, and their saved
/// filters go with them.
///
/// What is so now decides, not the event: it may be handled late or twice.
@Singleton
public final class Unassignment implements Subscriptions.Handler {
  /// The subscription's name.
  public static final String NAME = "unassignment";

  /// The events that it wants.
  public static final Set<String> TYPES =
      Set.of(
          "user.suspended",
          "user.deleted",
          "user.role-changed",
          "team.member-removed",
          "team.deleted",
          "conversation.status-changed");

  private final DeskStates desk;

  /// Changes conversations through `desk`.
  public Unassignment(DeskStates desk) {
    this.desk = desk;
  }

  @Override
  public void handle(Tx tx, List<StoredEvent> events) {
    for (StoredEvent event : events) {
      JsonNode data = Json.tree(event.data());
      switch (event.type()) {
        case "user.deleted" -> {
          Teams.forget(tx, List.of(id(data, "userId")));
          SavedFilters.forget(tx, List.of(id(data, "userId")));
          ofUser(tx, id(data, "userId"));
        }
        case "user.suspended" -> ofUser(tx, id(data, "userId"));
        case "user.role-changed" -> {
          UserRole role = UserRole.ofWord(data.path("to").asText());
          if (!RoleTable.of(role).contains(Permission.CONVERSATIONS_WRITE)) {
            ofUser(tx, id(data, "userId"));
          }
        }
        case "team.member-removed" ->
            look(tx, DeskStates.unresolvedOf(tx, List.of(id(data, "userId")), id(data, "teamId")));
        case "team.deleted" -> look(tx, DeskStates.unresolvedOf(tx, id(data, "teamId")));
        case "conversation.status-changed" -> {
          if (data.path("from").asText().equals("resolved")) {
            look(tx, List.of(id(data, "conversationId")));
          }
        }
        default -> throw new IllegalArgumentException(event.type());
      }
    }
  }

  private void ofUser(Tx tx, UUID user) {
    look(tx, DeskStates.unresolvedOf(tx, List.of(user), null));
  }

  private void look(Tx tx, List<UUID> conversations) {
    for (UUID id : conversations) {
      DeskStates.find(tx, id).ifPresent(_ -> look(tx, DeskStates.lock(tx, id)));
    }
  }

  private void look(Tx tx, Conversation locked) {
    if (locked.status() == ConversationStatus.RESOLVED) {
      return;
    }
    UUID user = locked.assigneeId();
    UUID team = locked.teamId();
    String cause = null;
    if (team != null && !TeamStore.hold(tx.sql(), tx.tenant(), team)) {
      team = null;
      cause = "team-deleted";
    }
    if (user != null && !InboxActions.mayAnswer(tx, user)) {
      user = null;
      cause = "user-gone";
    } else if (user != null
        && team != null
        && !TeamStore.holdMember(tx.sql(), tx.tenant(), team, user)) {
      user = null;
      cause = "team-left";
    }
    if (cause != null) {
      desk.change(tx, locked, locked.desk().assigned(user, team), cause);
    }
  }

  private static UUID id(JsonNode data, String field) {
    return UUID.fromString(data.path(field).asText());
  }
}
