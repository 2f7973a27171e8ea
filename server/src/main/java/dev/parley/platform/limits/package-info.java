/// Rate limits and circuit breakers: token buckets in memory, or in Redis where several processes share one. No tables.
/// Invariant: a Redis that is away neither stops nor delays anybody; each process limits by itself meanwhile.
@NullMarked
package dev.parley.platform.limits;

import org.jspecify.annotations.NullMarked;
