package dev.parley.inbox;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A list of conversations that somebody comes back to.
///
/// @param userId whose it is
/// @param shared whether others see it; `me` in it is then whoever looks
public record SavedFilter(
    UUID id,
    UUID userId,
    String name,
    Query query,
    boolean shared,
    Instant createdAt,
    Instant updatedAt) {

  /// The parameters of the list, as they stand in its address; what is absent is not narrowed.
  @Schema(name = "SavedFilterQuery")
  public record Query(
      @Nullable String status,
      @Nullable String channelId,
      @Nullable String assignee,
      @Nullable String team,
      @Nullable String tagId,
      @Nullable Boolean unread,
      @Nullable String priority,
      @Nullable String q,
      @Nullable String sort) {}
}
