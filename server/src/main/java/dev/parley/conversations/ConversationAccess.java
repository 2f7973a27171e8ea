package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a caller may do in a conversation, as it stood when it was asked for. Without [Right#READ] the caller may know
/// that the conversation is there, which is so for those that can be joined, and nothing else.
///
/// A customer's conversation is open to whoever has the permission. One among people is open to its participants
/// alone: no role and no permission lets anybody else in.
///
/// @param lane where its events are in the log
/// @param role the caller's, null for who is no participant and in customers' conversations
public record ConversationAccess(
    UUID conversationId,
    ConversationKind kind,
    int lane,
    @Nullable ChatRole role,
    Set<Right> rights) {

  /// Copies the rights.
  public ConversationAccess {
    rights = Set.copyOf(rights);
  }

  /// Whether the caller may do that.
  public boolean may(Right right) {
    return rights.contains(right);
  }

  /// What the decision rests on.
  ///
  /// @param role of the caller if they are a participant now
  record Facts(
      UUID conversationId,
      ConversationKind kind,
      int lane,
      boolean isPublic,
      boolean membersInvite,
      boolean archived,
      @Nullable ChatRole role) {}

  /// The decision; the whole table of who may do what in conversations.
  static ConversationAccess of(Caller caller, Facts facts) {
    EnumSet<Right> rights =
        facts.kind() == ConversationKind.CUSTOMER ? customers(caller) : people(caller, facts);
    return new ConversationAccess(
        facts.conversationId(), facts.kind(), facts.lane(), facts.role(), rights);
  }

  private static EnumSet<Right> customers(Caller caller) {
    EnumSet<Right> rights = EnumSet.noneOf(Right.class);
    if (caller.allows(Permission.CONVERSATIONS_READ)) {
      rights.add(Right.READ);
    }
    if (caller.allows(Permission.CONVERSATIONS_WRITE)) {
      rights.addAll(EnumSet.of(Right.READ, Right.WRITE, Right.PIN));
      if (caller.kind() == Caller.Kind.USER) {
        rights.add(Right.REACT);
      }
    }
    return rights;
  }

  private static EnumSet<Right> people(Caller caller, Facts facts) {
    EnumSet<Right> rights = EnumSet.noneOf(Right.class);
    boolean chats = caller.allows(Permission.CHAT);
    if (caller.kind() != Caller.Kind.USER
        || (!chats && !caller.allows(Permission.CONVERSATIONS_READ))) {
      return rights;
    }
    ChatRole role = facts.role();
    if (role == null) {
      if (chats && facts.isPublic() && !facts.archived()) {
        rights.add(Right.JOIN);
      }
      return rights;
    }
    rights.add(Right.READ);
    boolean direct = facts.kind() == ConversationKind.DIRECT;
    if (!direct) {
      rights.add(Right.LEAVE);
      if (chats && role.leads()) {
        rights.add(Right.ARCHIVE);
      }
    }
    if (chats && !facts.archived()) {
      active(facts, role, direct, rights);
    }
    return rights;
  }

  private static void active(Facts facts, ChatRole role, boolean direct, EnumSet<Right> rights) {
    rights.add(Right.REACT);
    if (role != ChatRole.READER) {
      rights.add(Right.WRITE);
      if (facts.kind() != ConversationKind.CHANNEL) {
        rights.add(Right.PIN);
      }
      if (!direct && facts.membersInvite()) {
        rights.add(Right.INVITE);
      }
    }
    if (!direct && role.leads()) {
      rights.addAll(EnumSet.of(Right.PIN, Right.INVITE, Right.MANAGE, Right.MODERATE));
    }
  }
}
