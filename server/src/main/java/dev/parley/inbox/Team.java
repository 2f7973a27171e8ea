package dev.parley.inbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A group of agents whose conversations can be.
///
/// @param name unique in the tenant, whatever its case
/// @param members how many users are in it
/// @param mine whether the caller is in it
public record Team(
    UUID id,
    String name,
    @Nullable String description,
    int members,
    boolean mine,
    Instant createdAt,
    Instant updatedAt) {

  /// Somebody in a team.
  ///
  /// @param active whether they may sign in
  public record Member(UUID userId, String name, String email, boolean active, Instant addedAt) {}
}
