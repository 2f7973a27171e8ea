package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How urgent a customer's conversation is, the least first.
public enum Priority {
  /// Nobody has said.
  @JsonProperty("none")
  NONE(0),
  /// Can wait.
  @JsonProperty("low")
  LOW(1),
  /// As most are.
  @JsonProperty("medium")
  MEDIUM(2),
  /// Before the others.
  @JsonProperty("high")
  HIGH(3),
  /// Before everything.
  @JsonProperty("urgent")
  URGENT(4);

  private final int level;

  Priority(int level) {
    this.level = level;
  }

  /// As it is stored and sorted by: 0 for [#NONE] to 4 for [#URGENT].
  int level() {
    return level;
  }

  static Priority ofLevel(int level) {
    for (Priority priority : values()) {
      if (priority.level == level) {
        return priority;
      }
    }
    throw new IllegalArgumentException("no priority " + level);
  }
}
