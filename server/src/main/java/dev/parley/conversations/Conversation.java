package dev.parley.conversations;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation with a customer on a channel.
///
/// @param lane where its events are in the log
/// @param snoozedUntil when a snoozed one opens by itself; null for others
/// @param assigneeId the user who works on it
/// @param teamId the team whose it is
/// @param waitingSince since when the customer has no answer; null when there is nothing to answer
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
    ConversationStatus status,
    @Nullable Instant snoozedUntil,
    Priority priority,
    @Nullable UUID assigneeId,
    @Nullable UUID teamId,
    @Nullable Instant waitingSince,
    long lastSeq,
    @Nullable LastMessage lastMessage,
    int unread,
    @Nullable Instant window,
    Instant lastAt,
    Instant createdAt,
    Instant updatedAt) {

  /// What lists show of the last message.
  public record LastMessage(UUID id, Message.Direction direction, String preview, Instant at) {}

  /// Where and with whom one begins.
  record Beginning(UUID projectId, UUID channelId, UUID contactId, int lane, boolean hasWindow) {}

  /// One in which nothing was said yet.
  static Conversation begun(UUID id, Beginning beginning, Instant now) {
    return new Conversation(
        id,
        beginning.projectId(),
        beginning.channelId(),
        beginning.contactId(),
        beginning.lane(),
        ConversationStatus.OPEN,
        null,
        Priority.NONE,
        null,
        null,
        null,
        0,
        null,
        0,
        beginning.hasWindow() ? Instant.EPOCH : null,
        now,
        now,
        now);
  }

  /// How it stands at the desk.
  public Desk desk() {
    return new Desk(status, snoozedUntil, priority, assigneeId, teamId);
  }
}
