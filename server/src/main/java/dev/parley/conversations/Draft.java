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
/// @param clientKey tells it from one that was sent before
public record Draft(
    Content content,
    @Nullable UUID replyTo,
    @Nullable UUID threadOf,
    Message.@Nullable Mentions mentions,
    @Nullable JsonNode metadata,
    @Nullable ClientKey clientKey) {

  /// Whether it asks for what only conversations among users have.
  boolean isForUsers() {
    return threadOf != null || mentions != null || metadata != null;
  }
}
