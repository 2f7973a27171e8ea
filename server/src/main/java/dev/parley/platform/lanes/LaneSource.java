package dev.parley.platform.lanes;

import dev.parley.platform.access.TenantId;
import java.util.Collection;
import java.util.Set;

/// Where a [LaneEngine] finds work, and how a piece of it is done.
public interface LaneSource {
  /// Which tenants have work waiting in these lanes. May name some that turn out to have none.
  Collection<LaneKey> ready(Set<Integer> lanes);

  /// Does a bounded piece of the work in some of a tenant's lanes, of which it may do several in one transaction, and
  /// answers the lanes in which more is waiting. A lane is never in two calls at a time.
  Set<Integer> drain(TenantId tenant, Collection<Fence> fences);
}
