package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Who talks in a conversation, and how.
public enum ConversationKind {
  /// A customer on a channel, and everybody here who answers.
  @JsonProperty("customer")
  CUSTOMER,
  /// Two users; there is one for each pair.
  @JsonProperty("direct")
  DIRECT,
  /// Several users who all write.
  @JsonProperty("group")
  GROUP,
  /// Few write, many read.
  @JsonProperty("channel")
  CHANNEL;

  /// Most participants that it takes.
  int capacity() {
    return switch (this) {
      case CUSTOMER, DIRECT -> 2;
      case GROUP -> ChatLimits.GROUP_PARTICIPANTS;
      case CHANNEL -> ChatLimits.CHANNEL_PARTICIPANTS;
    };
  }
}
