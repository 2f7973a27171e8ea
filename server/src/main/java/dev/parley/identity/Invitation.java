package dev.parley.identity;

import dev.parley.platform.access.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody is asked to become a user.
///
/// @param inviterName what they were called then
/// @param userId the user that came of it, null until it is accepted
/// @param sentAt when the newest mail was asked for
/// @param endedAt when it was accepted or revoked
public record Invitation(
    UUID id,
    String email,
    UserRole role,
    Caller.Kind inviterKind,
    UUID inviterId,
    String inviterName,
    State state,
    @Nullable UUID userId,
    Instant createdAt,
    Instant sentAt,
    Instant expiresAt,
    @Nullable Instant endedAt) {

  /// What became of it.
  public enum State {
    /// It may be accepted until it expires.
    OPEN,
    /// The user is there.
    ACCEPTED,
    /// It was taken back.
    REVOKED
  }
}
