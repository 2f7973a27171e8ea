package dev.parley.platform.lanes;

import dev.parley.platform.access.TenantId;

/// One tenant's work in one lane: the unit that is worked on by one thread at a time.
public record LaneKey(TenantId tenant, int lane) {}
