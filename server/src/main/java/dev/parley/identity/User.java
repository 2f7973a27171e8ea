package dev.parley.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody who may sign in to a tenant.
///
/// @param email lower-case, unique in the tenant
/// @param lastSignInAt null for somebody who never did
public record User(
    UUID id,
    String email,
    String name,
    UserRole role,
    State state,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant lastSignInAt) {
  /// Whether they may sign in.
  public enum State {
    /// Yes.
    ACTIVE,
    /// No; what they did stays.
    DISABLED
  }
}
