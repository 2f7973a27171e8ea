package dev.parley.inbox;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A word that conversations can be given.
///
/// @param name unique in the tenant, whatever its case
/// @param color `#` and six hexadecimal digits in lower case
/// @param conversations how many have it
public record Tag(
    UUID id,
    String name,
    @Schema(examples = "#d9480f") String color,
    long conversations,
    Instant createdAt,
    Instant updatedAt) {

  /// What a conversation shows of it.
  @Schema(name = "TagLabel")
  public record Label(UUID id, String name, String color) {}
}
