package dev.parley.realtime;

import java.util.UUID;

/// What a user does in a conversation at the moment. It is told to those who follow the conversation, ends by itself and
/// is never stored.
public enum Activity {
  /// Writes a message.
  TYPING("typing", "typing.started", "typing.stopped"),
  /// Looks at it.
  VIEWING("viewing", "conversation.viewing", "conversation.viewing-ended");

  private final String word;
  private final String begun;
  private final String ended;

  Activity(String word, String begun, String ended) {
    this.word = word;
    this.begun = begun;
    this.ended = ended;
  }

  /// Where it goes on.
  ///
  /// @param inbox whether it is a conversation with a customer, so that those who follow the inbox hear of it too
  public record Spot(UUID conversation, boolean inbox) {}

  /// For the names of commands and channels.
  public String word() {
    return word;
  }

  /// The event when it begins.
  public String begun() {
    return begun;
  }

  /// The event when it ends.
  public String ended() {
    return ended;
  }
}
