/// Rate limits held in memory: token buckets and circuit breakers.
@NullMarked
package dev.parley.platform.limits;

import org.jspecify.annotations.NullMarked;
