package dev.parley.conversations;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation with a customer on a channel.
///
/// @param lane where its events are in the log
/// @param status `open` or `resolved`
/// @param lastSeq the number of its last message, 0 when it has none
/// @param lastAt when something was last said in it, or when it began; lists are in this order
/// @param unread inbound messages that nobody has marked as read
/// @param window until when free messages may be sent; null where the channel has no such rule, a past time when closed
public record Conversation(
    UUID id,
    UUID projectId,
    UUID channelId,
    UUID contactId,
    int lane,
    String status,
    long lastSeq,
    @Nullable LastMessage lastMessage,
    int unread,
    @Nullable Instant window,
    Instant lastAt,
    Instant createdAt,
    Instant updatedAt) {

  /// What lists show of the last message.
  public record LastMessage(UUID id, Message.Direction direction, String preview, Instant at) {}
}
