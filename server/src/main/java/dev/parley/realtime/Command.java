package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.identity.Callers;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a client asks for over its connection, whatever the protocol. [Commands] reads them from JSON and carries them
/// out; each gets one [Ack].
public sealed interface Command {
  /// Shows a fresh token, before the old one expires.
  record Authenticate(Callers.Shown shown) implements Command {}

  /// Follows topics. The ack's `cursor` is the place after which events come.
  ///
  /// @param after the cursor to go on after; only before anything else is followed
  record Subscribe(List<Topic> topics, @Nullable String after) implements Command {}

  /// Follows topics no longer.
  record Unsubscribe(List<Topic> topics) implements Command {}

  /// Says something. A repeated key answers the first message.
  record Send(UUID conversationId, Content content, @Nullable UUID replyTo, @Nullable String key)
      implements Command {}

  /// Changes an own message.
  record Edit(UUID conversationId, UUID messageId, Content content) implements Command {}

  /// Takes a message back.
  record Delete(UUID conversationId, UUID messageId) implements Command {}

  /// Reacts to a message, or takes the own reaction back when `emoji` is null.
  record React(UUID conversationId, UUID messageId, @Nullable String emoji) implements Command {}

  /// Has read up to a message's number; all of it when null.
  record Read(UUID conversationId, @Nullable Long upToSeq) implements Command {}

  /// Writes at the moment, or has stopped.
  record Typing(UUID conversationId, boolean on) implements Command {}

  /// Is there, with a state such as `online` or `away`.
  record Present(String state) implements Command {}

  /// Asks for nothing but an answer.
  record Ping() implements Command {}

  /// A command that another module adds; see [Commands#add].
  record Other(String op, JsonNode fields) implements Command {}
}
