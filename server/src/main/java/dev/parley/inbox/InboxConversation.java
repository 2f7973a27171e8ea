package dev.parley.inbox;

import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationLists;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.Priority;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A customer's conversation with everything that a row of the inbox shows.
///
/// @param lane where its events are in the log
/// @param snoozedUntil when a snoozed one opens by itself; absent for others
/// @param assigneeId the user who works on it
/// @param teamId the team whose it is
/// @param waitingSince since when the customer has no answer; absent when there is nothing to answer
/// @param lastSeq the number of its last message, 0 when it has none
/// @param lastAt when something was last said in it, or when it began
/// @param unread inbound messages that nobody has marked as read
/// @param window until when free messages may be sent; absent where the channel has no such rule, a past time when closed
/// @param channel absent when the channel was deleted
/// @param tags by name
/// @param participants in the answer about one conversation; absent in lists
/// @param notes how many notes it has, in the answer about one conversation; absent in lists
public record InboxConversation(
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
    Conversation.@Nullable LastMessage lastMessage,
    int unread,
    @Nullable Instant window,
    Instant lastAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Person contact,
    @Nullable Place channel,
    @Nullable Person assignee,
    @Nullable Named team,
    List<Tag.Label> tags,
    @Nullable List<ConversationLists.Participant> participants,
    @Nullable Integer notes) {

  /// A contact or a user.
  ///
  /// @param name absent while nobody has said
  /// @param address a contact's phone number without the plus sign, or another name by which a provider knows them; a
  ///     user's e-mail address
  /// @param avatarFileId a user's picture
  @Schema(name = "InboxPerson")
  public record Person(
      UUID id, @Nullable String name, @Nullable String address, @Nullable UUID avatarFileId) {}

  /// A channel.
  ///
  /// @param kind such as `whatsapp`
  @Schema(name = "InboxChannel")
  public record Place(UUID id, String name, String kind) {}

  /// A team.
  @Schema(name = "InboxTeam")
  public record Named(UUID id, String name) {}

  /// With those who take part, and how many notes there are.
  InboxConversation with(List<ConversationLists.Participant> people, int written) {
    return new InboxConversation(
        id,
        projectId,
        channelId,
        contactId,
        lane,
        status,
        snoozedUntil,
        priority,
        assigneeId,
        teamId,
        waitingSince,
        lastSeq,
        lastMessage,
        unread,
        window,
        lastAt,
        createdAt,
        updatedAt,
        contact,
        channel,
        assignee,
        team,
        tags,
        people,
        written);
  }
}
