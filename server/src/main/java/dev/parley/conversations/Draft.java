package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message to be sent.
///
/// @param replyTo the message of the conversation that it quotes
/// @param threadOf the message of the conversation whose thread it goes into; among users only
/// @param mentions whom it mentions; among users only
/// @param metadata kept with it for clients; among users only
/// @param clientKey the same key in the same conversation is the same message
public record Draft(
    Content content,
    @Nullable UUID replyTo,
    @Nullable UUID threadOf,
    Message.@Nullable Mentions mentions,
    @Nullable JsonNode metadata,
    @Nullable String clientKey) {

  /// Whether it asks for what only conversations among users have.
  boolean isForUsers() {
    return threadOf != null || mentions != null || metadata != null;
  }
}
