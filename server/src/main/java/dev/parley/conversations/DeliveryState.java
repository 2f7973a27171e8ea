package dev.parley.conversations;

/// What became of a message that we send. Only ever moves to a higher rank; a retry by a person starts again.
public enum DeliveryState {
  /// Accepted by us, not tried yet or to be tried again.
  QUEUED(0),
  /// On its way to the provider.
  SENDING(1),
  /// The provider gave no answer: it may or may not have been sent.
  UNKNOWN(2),
  /// The provider has taken it.
  SENT(3),
  /// It was not and will not be delivered; the failure tells why.
  FAILED(4),
  /// It is on the customer's device.
  DELIVERED(5),
  /// The customer has seen it.
  READ(6),
  /// The customer has played it (voice notes).
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
