package dev.parley.conversations;

/// What became of a request to send.
public sealed interface SendResult {
  /// The message.
  Message message();

  /// It is stored and queued; nothing has been sent yet.
  record Accepted(Message message) implements SendResult {}

  /// The same client key came before; this is the message of then.
  record Duplicate(Message message) implements SendResult {}
}
