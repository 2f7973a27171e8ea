package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a user is in a conversation among people.
public enum ChatRole {
  /// One in each group and channel, for as long as somebody is in it.
  @JsonProperty("owner")
  OWNER,
  /// Changes settings, adds and removes, takes away others' messages.
  @JsonProperty("admin")
  ADMIN,
  /// Reads and writes.
  @JsonProperty("member")
  MEMBER,
  /// Reads and reacts.
  @JsonProperty("reader")
  READER;

  /// Whether it decides over the conversation.
  boolean leads() {
    return this == OWNER || this == ADMIN;
  }
}
