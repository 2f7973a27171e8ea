package dev.parley.conversations;

import java.time.Duration;

/// What is bounded in conversations among people.
public final class ChatLimits {
  /// Most participants of a group.
  public static final int GROUP_PARTICIPANTS = 1_000;

  /// Most participants of a channel.
  public static final int CHANNEL_PARTICIPANTS = 100_000;

  /// Most users who are added by one call.
  public static final int ADDED_AT_ONCE = 100;

  /// Most conversations that a user is in.
  public static final int CONVERSATIONS_OF_USER = 5_000;

  /// Longest title, in characters.
  public static final int TITLE = 200;

  /// Longest description, in characters.
  public static final int DESCRIPTION = 2_000;

  /// Longest text of a message, in characters.
  public static final int TEXT = 10_000;

  /// Largest metadata of a message, in bytes of JSON.
  public static final int METADATA = 8 << 10;

  /// Most users whom a message mentions by name.
  public static final int MENTIONS = 50;

  /// Most different emoji on a message.
  public static final int EMOJI = 50;

  /// Most reactions of users on a message.
  public static final int REACTIONS = 1_000;

  /// Longest emoji, in bytes of UTF-8; families with skin tones are long.
  public static final int EMOJI_BYTES = 64;

  /// Most pinned messages of a conversation.
  public static final int PINS = 100;

  /// Most edits of a message.
  public static final int EDITS = 100;

  /// Longest that a conversation is muted.
  public static final Duration MUTE = Duration.ofDays(3_660);

  /// Most conversations that [Conversations#access] is asked about at once.
  public static final int ACCESS_AT_ONCE = 1_000;

  private ChatLimits() {}
}
