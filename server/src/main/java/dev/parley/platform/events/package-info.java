/// The event log: written in the transaction of the state, read by `Tail` (from now) and
/// `Subscription` (durable cursor). Tables: `events`, `lane_heads`, `subscription_cursors`.
@NullMarked
package dev.parley.platform.events;

import org.jspecify.annotations.NullMarked;
