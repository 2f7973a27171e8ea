package dev.parley.inbox;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.conversations.Message;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to what the inbox is run with.
public sealed interface InboxEvent extends DomainEvent {
  /// A group of agents.
  @EventType(value = "team.created", doc = "A team was made.")
  record TeamCreated(UUID teamId, String name, @Nullable String description)
      implements InboxEvent {}

  /// It is called otherwise.
  @EventType(value = "team.changed", doc = "A team's name or description changed.")
  record TeamChanged(UUID teamId, String name, @Nullable String description)
      implements InboxEvent {}

  /// It is no more.
  @EventType(value = "team.deleted", doc = "A team was deleted; its conversations lose it.")
  record TeamDeleted(UUID teamId) implements InboxEvent {}

  /// Somebody is in it.
  @EventType(value = "team.member-added", doc = "A user came into a team.")
  record MemberAdded(UUID teamId, UUID userId) implements InboxEvent {}

  /// Somebody is no longer in it.
  @EventType(
      value = "team.member-removed",
      doc = "A user is out of a team; the team's conversations that they worked on lose them.")
  record MemberRemoved(UUID teamId, UUID userId) implements InboxEvent {}

  /// A word for conversations.
  @EventType(value = "tag.created", doc = "A tag was made.")
  record TagCreated(UUID tagId, String name, String color) implements InboxEvent {}

  /// Another word or colour.
  @EventType(value = "tag.changed", doc = "A tag's name or colour changed.")
  record TagChanged(UUID tagId, String name, String color) implements InboxEvent {}

  /// It is no more.
  @EventType(value = "tag.deleted", doc = "A tag was deleted, and with it from all conversations.")
  record TagDeleted(UUID tagId) implements InboxEvent {}

  /// A conversation has the tag.
  @EventType(value = "conversation.tagged", doc = "A customer's conversation was given a tag.")
  record Tagged(UUID conversationId, UUID tagId, String name, String color, Message.Sender by)
      implements InboxEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// A conversation has it no longer.
  @EventType(value = "conversation.untagged", doc = "A customer's conversation has lost a tag.")
  record Untagged(UUID conversationId, UUID tagId, Message.Sender by) implements InboxEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// A note for those who work here.
  @EventType(
      value = "conversation.note-added",
      doc = "Somebody wrote a note in a customer's conversation; the customer does not see it.")
  record NoteAdded(UUID conversationId, Note note) implements InboxEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// It says something else.
  @EventType(value = "conversation.note-changed", doc = "A note was changed by who wrote it.")
  record NoteChanged(UUID conversationId, Note note) implements InboxEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// It is no more.
  @EventType(value = "conversation.note-deleted", doc = "A note was deleted.")
  record NoteDeleted(UUID conversationId, UUID noteId, Message.Sender by) implements InboxEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// Somebody is to look at a note.
  @EventType(
      value = "conversation.mentioned",
      doc = "A note mentions the user; one event for each of them.")
  record Mentioned(UUID conversationId, UUID noteId, UUID userId, String preview, Message.Sender by)
      implements InboxEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// An answer that agents use again and again.
  @EventType(value = "canned-reply.created", doc = "A canned reply was made.")
  record CannedReplyCreated(UUID cannedReplyId, String shortcut) implements InboxEvent {}

  /// It says something else, or is called otherwise.
  @EventType(value = "canned-reply.changed", doc = "A canned reply was changed.")
  record CannedReplyChanged(UUID cannedReplyId, String shortcut) implements InboxEvent {}

  /// It is no more.
  @EventType(value = "canned-reply.deleted", doc = "A canned reply was deleted.")
  record CannedReplyDeleted(UUID cannedReplyId) implements InboxEvent {}
}
