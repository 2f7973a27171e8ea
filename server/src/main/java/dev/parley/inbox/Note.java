package dev.parley.inbox;

import dev.parley.conversations.Message;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What agents write for each other in a customer's conversation. The customer never sees it.
///
/// @param afterSeq the number of the message behind which it stands, 0 at the beginning
/// @param mentions users whom it is to reach
@Schema(name = "ConversationNote")
public record Note(
    UUID id,
    UUID conversationId,
    long afterSeq,
    Message.Sender author,
    String text,
    List<UUID> mentions,
    Instant createdAt,
    @Nullable Instant editedAt) {

  /// Copies the mentions.
  public Note {
    mentions = List.copyOf(mentions);
  }
}
