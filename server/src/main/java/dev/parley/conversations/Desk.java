package dev.parley.conversations;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a customer's conversation stands and who works on it: what people at the desk change.
///
/// @param snoozedUntil not null exactly when it is snoozed
/// @param assigneeId the user who works on it
/// @param teamId the team whose it is
public record Desk(
    ConversationStatus status,
    @Nullable Instant snoozedUntil,
    Priority priority,
    @Nullable UUID assigneeId,
    @Nullable UUID teamId) {

  /// Throws `IllegalArgumentException` when the moment does not fit the status.
  public Desk {
    if ((status == ConversationStatus.SNOOZED) != (snoozedUntil != null)) {
      throw new IllegalArgumentException(status + " until " + snoozedUntil);
    }
  }

  /// With another status; `until` is for [ConversationStatus#SNOOZED] alone.
  public Desk with(ConversationStatus other, @Nullable Instant until) {
    return new Desk(other, until, priority, assigneeId, teamId);
  }

  /// With another priority.
  public Desk with(Priority other) {
    return new Desk(status, snoozedUntil, other, assigneeId, teamId);
  }

  /// In other hands; null for nobody's.
  public Desk assigned(@Nullable UUID user, @Nullable UUID team) {
    return new Desk(status, snoozedUntil, priority, user, team);
  }
}
