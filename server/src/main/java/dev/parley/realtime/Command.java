package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.identity.Callers;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a client asks for over its connection, whatever the protocol. [Commands#parse] reads them from JSON, a [Session]
/// carries them out one after the other; each gets one [Ack].
public sealed interface Command {
  /// Shows a fresh token, before the old one expires.
  record Authenticate(Callers.Shown shown) implements Command {}

  /// Follows topics. The ack's `cursor` is the place after which events come.
  ///
  /// @param after the cursor to go on after; only before anything else is followed
  record Subscribe(List<Topic> topics, @Nullable String after) implements Command {}

  /// Follows topics no longer.
  record Unsubscribe(List<Topic> topics) implements Command {}

  /// Does something in a conversation at the moment, or has stopped.
  record Act(Activity activity, UUID conversationId, boolean on) implements Command {}

  /// Is there, with a state such as `online` or `away`.
  record Present(String state) implements Command {}

  /// Asks for nothing but an answer.
  record Ping() implements Command {}

  /// One of the operations that are the same as over REST, such as `message.send`.
  record Call(String op, JsonNode fields) implements Command {}
}
