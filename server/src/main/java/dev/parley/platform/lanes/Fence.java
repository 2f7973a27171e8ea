package dev.parley.platform.lanes;

import dev.parley.platform.db.Tx;
import java.util.Collection;
import java.util.List;

/// Proof of owning a lane, checked inside the transaction that has the effect.
///
/// @param name what the lease is for, such as a queue's name
/// @param lane the lane
/// @param token grows with each change of owner
public record Fence(String name, int lane, long token) {

  /// Thrown when another process has taken the lane over; the transaction must not commit.
  public static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(Collection<Fence> fences) {
      super("another process owns one of these lanes now: " + fences);
    }
  }

  /// Holds the lane until the transaction ends: nobody can take it over before. Throws [Lost] when
  /// somebody has.
  public void hold(Tx tx) {
    hold(tx, List.of(this));
  }

  /// [#hold(Tx)] for several lanes at once.
  public static void hold(Tx tx, Collection<Fence> fences) {
    if (LeaseStore.share(tx.sql(), fences) != fences.size()) {
      throw new Lost(fences);
    }
  }
}
