package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What became of a message that we send. Only ever moves to a higher rank; a retry by a person starts again.
public enum DeliveryState {
  /// Accepted by us, not tried yet or to be tried again.
  @JsonProperty("queued")
  QUEUED(0),
  /// On its way to the provider.
  @JsonProperty("sending")
  SENDING(1),
  /// The provider gave no answer: it may or may not have been sent.
  @JsonProperty("unknown")
  UNKNOWN(2),
  /// The provider has taken it.
  @JsonProperty("sent")
  SENT(3),
  /// It was not and will not be delivered; the failure tells why.
  @JsonProperty("failed")
  FAILED(4),
  /// It is on the customer's device.
  @JsonProperty("delivered")
  DELIVERED(5),
  /// The customer has seen it.
  @JsonProperty("read")
  READ(6),
  /// The customer has played it (voice notes).
  @JsonProperty("played")
  PLAYED(7);

  private final int rank;

  DeliveryState(int rank) {
    this.rank = rank;
  }

  /// Whether a receipt with that state moves a message in this one forward. A failure that is told after a delivery
  /// does not count: the customer has it.
  public boolean yieldsTo(DeliveryState next) {
    return next.rank > rank;
  }
}
