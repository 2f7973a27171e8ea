package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens in conversations.
public sealed interface ConversationEvent extends DomainEvent {
  /// The conversation.
  UUID conversationId();

  @Override
  @JsonIgnore
  default UUID inConversation() {
    return conversationId();
  }

  /// The first message of a customer on a channel, or somebody began to write to one.
  @EventType(value = "conversation.opened", doc = "A conversation with a customer began.")
  record Opened(UUID conversationId, UUID projectId, UUID channelId, UUID contactId)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public UUID inProject() {
      return projectId;
    }
  }

  /// Somebody has marked it as read.
  @EventType(
      value = "conversation.read",
      doc = "Somebody marked the conversation as read up to a message; `unread` are left.")
  record Read(UUID conversationId, long upToSeq, int unread, String by)
      implements ConversationEvent {}

  /// Somebody, or time, or the customer has given it another status.
  @EventType(
      value = "conversation.status-changed",
      doc =
          "A customer's conversation has another status. `cause` is `customer-wrote`, `snooze-ended`, or absent when"
              + " somebody set it.")
  record StatusChanged(
      UUID conversationId,
      ConversationStatus from,
      ConversationStatus to,
      @Nullable Instant snoozedUntil,
      Message.Sender by,
      @Nullable String cause)
      implements ConversationEvent {}

  /// It is more or less urgent.
  @EventType(
      value = "conversation.priority-changed",
      doc = "A customer's conversation has another priority.")
  record PriorityChanged(UUID conversationId, Priority from, Priority to, Message.Sender by)
      implements ConversationEvent {}

  /// Somebody else works on it, or nobody.
  @EventType(
      value = "conversation.assigned",
      doc =
          "A customer's conversation is in other hands; what is absent is nobody's. `cause` is `user-gone`, `team-left`,"
              + " `team-deleted`, or absent when somebody assigned it.")
  record Assigned(
      UUID conversationId,
      @Nullable UUID fromAssigneeId,
      @Nullable UUID fromTeamId,
      @Nullable UUID assigneeId,
      @Nullable UUID teamId,
      Message.Sender by,
      @Nullable String cause)
      implements ConversationEvent {}

  /// The customer wrote.
  @EventType(value = "message.received", doc = "The customer wrote a message.")
  record Received(
      UUID conversationId,
      UUID channelId,
      UUID contactId,
      Message message,
      @Nullable JsonNode referral)
      implements ConversationEvent {}

  /// The business wrote on the phone.
  @EventType(value = "message.echoed", doc = "The business wrote a message in the phone's app.")
  record Echoed(UUID conversationId, UUID channelId, UUID contactId, Message message)
      implements ConversationEvent {}

  /// We accepted a message for sending.
  @EventType(value = "message.queued", doc = "A message was accepted for sending.")
  record Queued(UUID conversationId, UUID channelId, UUID contactId, Message message)
      implements ConversationEvent {}

  /// The provider has taken the message.
  @EventType(value = "message.sent", doc = "The provider has taken the message.")
  record Sent(UUID conversationId, UUID messageId, String providerMessageId, Instant at)
      implements ConversationEvent {}

  /// It is on the customer's device.
  @EventType(value = "message.delivered", doc = "The message is on the customer's device.")
  record Delivered(UUID conversationId, UUID messageId, Instant at) implements ConversationEvent {}

  /// The customer has seen it.
  @EventType(value = "message.read", doc = "The customer has seen the message.")
  record Seen(UUID conversationId, UUID messageId, Instant at) implements ConversationEvent {}

  /// The customer has played it.
  @EventType(value = "message.played", doc = "The customer has played the voice note.")
  record Played(UUID conversationId, UUID messageId, Instant at) implements ConversationEvent {}

  /// It was not delivered.
  @EventType(value = "message.failed", doc = "The message was not and will not be delivered.")
  record Failed(UUID conversationId, UUID messageId, Failure failure, Instant at)
      implements ConversationEvent {}

  /// The provider gave no answer.
  @EventType(
      value = "message.outcome-unknown",
      doc = "The provider gave no answer; the message may or may not have been sent.")
  record OutcomeUnknown(UUID conversationId, UUID messageId, String cause, Instant heldUntil)
      implements ConversationEvent {}

  /// Somebody had it sent again after it failed, or the channel's policy did after an unknown outcome.
  @EventType(value = "message.retried", doc = "A message is tried again, by a person or by policy.")
  record Retried(UUID conversationId, UUID messageId, String by, boolean mayBeSentTwice)
      implements ConversationEvent {}

  /// The writer changed a message.
  @EventType(value = "message.edited", doc = "The writer changed a message.")
  record Edited(
      UUID conversationId,
      UUID messageId,
      Content content,
      Instant at,
      @Nullable UUID by,
      Message.@Nullable Mentions mentions)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return by != null;
    }

    /// By the customer.
    Edited(UUID conversationId, UUID messageId, Content content, Instant at) {
      this(conversationId, messageId, content, at, null, null);
    }
  }

  /// The writer took a message back.
  @EventType(
      value = "message.deleted",
      doc = "The writer took a message back, or somebody who may took it away.")
  record Deleted(UUID conversationId, UUID messageId, Instant at, @Nullable UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return by != null;
    }

    /// By the customer.
    Deleted(UUID conversationId, UUID messageId, Instant at) {
      this(conversationId, messageId, at, null);
    }
  }

  /// The file of a message is in our storage.
  @EventType(
      value = "message.media-stored",
      doc = "The file of a message is in our storage; `file.state` says whether it can be fetched.")
  record MediaStored(UUID conversationId, UUID messageId, UUID fileId, MessageFile file)
      implements ConversationEvent {}

  /// The file of a message could not be had.
  @EventType(
      value = "message.media-failed",
      doc = "The file of a message could not be had: `failed`, `expired` or `too-large`, and why.")
  record MediaFailed(UUID conversationId, UUID messageId, MessageFile.State state, String cause)
      implements ConversationEvent {}

  /// Somebody has the file of a message fetched once more.
  @EventType(
      value = "message.media-retried",
      doc = "Somebody has the file of a message fetched once more.")
  record MediaRetried(UUID conversationId, UUID messageId, String by)
      implements ConversationEvent {}

  /// Somebody reacted, or took a reaction back (`emoji` is absent).
  @EventType(value = "message.reacted", doc = "Somebody reacted to a message or took it back.")
  record Reacted(UUID conversationId, UUID messageId, String by, @Nullable String emoji)
      implements ConversationEvent {}

  /// Users began to talk.
  @EventType(value = "conversation.created", doc = "A conversation among users began.")
  record Created(
      UUID conversationId,
      ConversationKind kind,
      @Nullable String title,
      Chat.Privacy privacy,
      UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// Its settings are these now.
  @EventType(
      value = "conversation.updated",
      doc = "The settings of a conversation among users were changed; these are all of them.")
  record Updated(
      UUID conversationId,
      @Nullable String title,
      @Nullable String description,
      @Nullable UUID avatarFileId,
      Chat.Privacy privacy,
      Chat.InvitePolicy invitePolicy,
      UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// Nobody writes any more.
  @EventType(
      value = "conversation.archived",
      doc = "A conversation among users was put away; nobody writes in it any more.")
  record Archived(UUID conversationId, UUID by) implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// It is back.
  @EventType(value = "conversation.unarchived", doc = "An archived conversation was brought back.")
  record Unarchived(UUID conversationId, UUID by) implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// From this event on the user sees the conversation.
  @EventType(
      value = "participant.added",
      doc = "A user came into the conversation, by joining (`by` is the user) or by being added.")
  record ParticipantAdded(UUID conversationId, UUID userId, ChatRole role, UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// After this event the user sees nothing of the conversation.
  @EventType(
      value = "participant.removed",
      doc = "A user left the conversation (`by` is the user) or was removed.")
  record ParticipantRemoved(UUID conversationId, UUID userId, UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// A participant's role is another.
  @EventType(value = "participant.role-changed", doc = "A participant has another role now.")
  record RoleChanged(UUID conversationId, UUID userId, ChatRole role, UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// A participant has read so far.
  @EventType(
      value = "participant.read",
      doc = "A user has read the conversation up to that message.")
  record ParticipantRead(UUID conversationId, UUID userId, long upToSeq)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// A user wrote to users.
  @EventType(
      value = "message.posted",
      doc = "A user wrote a message in a conversation among users.")
  record Posted(UUID conversationId, ConversationKind kind, Message message)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return true;
    }
  }

  /// A user put an emoji on a message.
  @EventType(value = "message.reaction-added", doc = "A user put an emoji on a message.")
  record ReactionAdded(
      UUID conversationId,
      ConversationKind kind,
      UUID messageId,
      UUID userId,
      String emoji,
      Instant at)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return kind != ConversationKind.CUSTOMER;
    }
  }

  /// A user took it off again.
  @EventType(value = "message.reaction-removed", doc = "A user took an emoji off a message.")
  record ReactionRemoved(
      UUID conversationId, ConversationKind kind, UUID messageId, UUID userId, String emoji)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return kind != ConversationKind.CUSTOMER;
    }
  }

  /// A message is to stay in sight.
  @EventType(value = "message.pinned", doc = "A message was pinned.")
  record Pinned(UUID conversationId, ConversationKind kind, UUID messageId, UUID by, Instant at)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return kind != ConversationKind.CUSTOMER;
    }
  }

  /// No longer.
  @EventType(value = "message.unpinned", doc = "A message is no longer pinned.")
  record Unpinned(UUID conversationId, ConversationKind kind, UUID messageId, UUID by)
      implements ConversationEvent {
    @Override
    @JsonIgnore
    public boolean participantsOnly() {
      return kind != ConversationKind.CUSTOMER;
    }
  }
}
