package dev.parley.conversations;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Something that was done with a conversation at the desk.
///
/// @param kind `status`, `priority` or `assignment`
/// @param by who did it: a user, an API key, the contact who wrote, or the system
/// @param cause why it happened by itself; null when somebody did it
public record DeskChange(
    UUID id,
    String kind,
    Side from,
    Side to,
    Message.Sender by,
    @Nullable String cause,
    Instant at) {

  /// How it was before, or is after; only what the kind is about.
  @Schema(name = "DeskChangeSide")
  public record Side(
      @Nullable ConversationStatus status,
      @Nullable Instant snoozedUntil,
      @Nullable Priority priority,
      @Nullable UUID assigneeId,
      @Nullable UUID teamId) {}
}
