package dev.parley.conversations;

/// What somebody may do in a conversation.
public enum Right {
  /// See the conversation, its messages and its events.
  READ,
  /// Write messages, and change and take back one's own.
  WRITE,
  /// Put emoji on messages.
  REACT,
  /// Pin messages and take pins off.
  PIN,
  /// Add participants.
  INVITE,
  /// Change title, description, privacy and policy, change roles, remove participants.
  MANAGE,
  /// Take away messages of others.
  MODERATE,
  /// Archive for everybody, and bring back.
  ARCHIVE,
  /// Leave it.
  LEAVE,
  /// Join it without having been added.
  JOIN
}
