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
  @EventType(value = "conversation.read", doc = "Somebody marked the conversation as read.")
  record Read(UUID conversationId, long upToSeq, String by) implements ConversationEvent {}

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
  record Edited(UUID conversationId, UUID messageId, Content content, Instant at)
      implements ConversationEvent {}

  /// The writer took a message back.
  @EventType(value = "message.deleted", doc = "The writer took a message back.")
  record Deleted(UUID conversationId, UUID messageId, Instant at) implements ConversationEvent {}

  /// Somebody reacted, or took a reaction back (`emoji` is absent).
  @EventType(value = "message.reacted", doc = "Somebody reacted to a message or took it back.")
  record Reacted(UUID conversationId, UUID messageId, String by, @Nullable String emoji)
      implements ConversationEvent {}
}
