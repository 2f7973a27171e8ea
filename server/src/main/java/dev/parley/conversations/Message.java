package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message as everybody sees it: in answers, in events, on sockets.
///
/// @param seq its place in the conversation, from 1
/// @param direction who wrote it
/// @param sender who exactly
/// @param replyTo the message that it answers, when we know it
/// @param state what became of it; null for inbound messages
/// @param providerMessageId the provider's id; null until the provider has given one
/// @param providerTime when the provider says that it was written, to the second
/// @param createdAt when we stored it
/// @param attempt how often it was handed to the provider
/// @param threadOf the message that began the thread in which this one stands
/// @param thread what hangs on this message, if it began a thread
/// @param metadata what the client that sent it keeps with it
/// @param deletedBy the user who took it away; null for one that a customer has taken back
public record Message(
    UUID id,
    UUID conversationId,
    long seq,
    Direction direction,
    Sender sender,
    Content content,
    @Nullable UUID replyTo,
    @Nullable String replyToProviderId,
    @Nullable DeliveryState state,
    @Nullable Failure failure,
    @Nullable String providerMessageId,
    @Nullable Instant providerTime,
    Instant createdAt,
    @Nullable Instant sentAt,
    @Nullable Instant deliveredAt,
    @Nullable Instant readAt,
    @Nullable Instant failedAt,
    @Nullable Instant editedAt,
    @Nullable Instant deletedAt,
    int attempt,
    List<ReactionOf> reactions,
    @Nullable UUID threadOf,
    @Nullable Replies thread,
    @Nullable Mentions mentions,
    @Nullable JsonNode metadata,
    @Nullable UUID deletedBy) {

  /// A message in a customer's conversation, which has no thread, mentions or metadata.
  public Message(
      UUID id,
      UUID conversationId,
      long seq,
      Direction direction,
      Sender sender,
      Content content,
      @Nullable UUID replyTo,
      @Nullable String replyToProviderId,
      @Nullable DeliveryState state,
      @Nullable Failure failure,
      @Nullable String providerMessageId,
      @Nullable Instant providerTime,
      Instant createdAt,
      @Nullable Instant sentAt,
      @Nullable Instant deliveredAt,
      @Nullable Instant readAt,
      @Nullable Instant failedAt,
      @Nullable Instant editedAt,
      @Nullable Instant deletedAt,
      int attempt,
      List<ReactionOf> reactions) {
    this(
        id,
        conversationId,
        seq,
        direction,
        sender,
        content,
        replyTo,
        replyToProviderId,
        state,
        failure,
        providerMessageId,
        providerTime,
        createdAt,
        sentAt,
        deliveredAt,
        readAt,
        failedAt,
        editedAt,
        deletedAt,
        attempt,
        reactions,
        null,
        null,
        null,
        null,
        null);
  }

  /// The same with another content.
  Message with(Content other) {
    return new Message(
        id,
        conversationId,
        seq,
        direction,
        sender,
        other,
        replyTo,
        replyToProviderId,
        state,
        failure,
        providerMessageId,
        providerTime,
        createdAt,
        sentAt,
        deliveredAt,
        readAt,
        failedAt,
        editedAt,
        deletedAt,
        attempt,
        reactions,
        threadOf,
        thread,
        mentions,
        metadata,
        deletedBy);
  }

  /// Which way it went.
  public enum Direction {
    /// The customer wrote it.
    @JsonProperty("inbound")
    INBOUND,
    /// We wrote it.
    @JsonProperty("outbound")
    OUTBOUND
  }

  /// Who wrote a message.
  ///
  /// @param kind `contact`, `user`, `api-key`, `system`, `desk` for an agent of another desk such as Genesys Cloud, or
  ///   `phone-app` for what the business wrote on the phone
  public record Sender(String kind, @Nullable UUID id, @Nullable String name) {}

  /// Whom it mentions.
  ///
  /// @param users by id
  /// @param all everybody in the conversation
  /// @param here everybody in it who is there at the moment; counts like `all`
  public record Mentions(List<UUID> users, boolean all, boolean here) {}

  /// The answers in the thread that a message began.
  ///
  /// @param count how many, without those taken back
  public record Replies(int count, Instant lastAt) {}

  /// Somebody's emoji on the message.
  public record ReactionOf(String kind, @Nullable UUID id, String emoji, Instant at) {}
}
