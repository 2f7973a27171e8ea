package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A conversation among users of a tenant, as one of them sees it.
///
/// @param lane where its events are in the log
/// @param title of a group or channel; null in a direct conversation
/// @param with the other user of a direct conversation
/// @param participants how many are in it now
/// @param lastSeq the number of its last message, 0 when it has none
/// @param lastAt when something was last said in it, or when it began; lists are in this order
/// @param archivedAt since when nobody may write any more
/// @param me the caller's own place in it; null for who may only join
public record Chat(
    UUID id,
    ConversationKind kind,
    int lane,
    @Nullable String title,
    @Nullable String description,
    @Nullable UUID avatarFileId,
    Privacy privacy,
    InvitePolicy invitePolicy,
    @Nullable UUID createdBy,
    @Nullable UUID with,
    int participants,
    long lastSeq,
    @Nullable LastMessage lastMessage,
    Instant lastAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt,
    @Nullable Own me) {

  /// Who may find it.
  public enum Privacy {
    /// Every user of the tenant, and they may join.
    @JsonProperty("public")
    PUBLIC,
    /// Its participants.
    @JsonProperty("private")
    PRIVATE
  }

  /// Who may add participants.
  public enum InvitePolicy {
    /// The owner and administrators.
    @JsonProperty("admins")
    ADMINS,
    /// Whoever may write.
    @JsonProperty("members")
    MEMBERS
  }

  /// What lists show of the last message.
  @Schema(name = "ChatLastMessage")
  public record LastMessage(
      UUID id, @Nullable UUID senderId, @Nullable String senderName, String preview, Instant at) {}

  /// A participant's own place.
  ///
  /// @param lastSeenSeq up to which message they have read
  /// @param unread messages of others after that, exactly
  /// @param mentions those of them that mention the user or everybody
  /// @param mutedUntil until when they want no notifications
  /// @param archived whether they have put it away for themselves
  public record Own(
      ChatRole role,
      Instant joinedAt,
      long lastSeenSeq,
      long unread,
      long mentions,
      @Nullable Instant mutedUntil,
      boolean archived) {}

  /// One of the participants.
  ///
  /// @param lastSeenAt when their reading mark last moved
  public record Participant(
      UUID userId,
      ChatRole role,
      Instant joinedAt,
      long lastSeenSeq,
      @Nullable Instant lastSeenAt) {}
}
