package dev.parley.platform.lanes;

import dev.parley.platform.db.Tx;

/// Proof of owning a lane, checked inside the transaction that has the effect.
///
/// @param name what the lease is for, such as a queue's name
/// @param lane the lane
/// @param token grows with each change of owner
public record Fence(String name, int lane, long token) {

  /// Thrown when another process has taken the lane over; the transaction must not commit.
  public static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(Fence fence) {
      super("lane " + fence.lane + " of " + fence.name + " has another owner now");
    }
  }

  /// Holds the lane until the transaction ends: nobody can take it over before. Throws [Lost] when
  /// somebody has.
  public void hold(Tx tx) {
    if (!LeaseStore.share(tx.sql(), this)) {
      throw new Lost(this);
    }
  }
}
