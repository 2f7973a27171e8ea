package dev.parley.platform.lanes;

import java.util.Collection;
import java.util.Set;

/// Where a [LaneEngine] finds work, and how a piece of it is done.
public interface LaneSource {
  /// Which tenants have work waiting in these lanes. May name some that turn out to have none.
  Collection<LaneKey> ready(Set<Integer> lanes);

  /// Does a bounded piece of the work and answers whether more is waiting. Called by one thread at
  /// a time for a key.
  boolean drain(LaneKey key, Fence fence);
}
