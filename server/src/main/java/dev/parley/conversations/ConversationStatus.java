package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a customer's conversation stands at the desk. Whatever it is, a customer's message makes it [#OPEN].
public enum ConversationStatus {
  /// It is for us to do something.
  @JsonProperty("open")
  OPEN,
  /// We wait for somebody else: the customer, a supplier, another department.
  @JsonProperty("pending")
  PENDING,
  /// Out of sight until a moment that somebody chose.
  @JsonProperty("snoozed")
  SNOOZED,
  /// Nothing is left to do.
  @JsonProperty("resolved")
  RESOLVED
}
