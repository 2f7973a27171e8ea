package dev.parley.inbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An answer that agents use again and again.
///
/// @param shortcut unique in the tenant, in lower case
/// @param text with variables such as `{{contact.name}}`
/// @param filled the text for the conversation that was named, with the variables' values
public record CannedReply(
    UUID id,
    String shortcut,
    String text,
    @Nullable String filled,
    Instant createdAt,
    Instant updatedAt) {

  /// With the text for a conversation.
  CannedReply filled(String other) {
    return new CannedReply(id, shortcut, text, other, createdAt, updatedAt);
  }
}
