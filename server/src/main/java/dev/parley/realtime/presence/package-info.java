/// Who is online, away or offline, and who is typing. Table: `user_presence`, which keeps when somebody was last seen.
///
/// Invariants: what is told are changes, never the same state twice; a user's state is that of the best of their
/// devices; a device without a sign of life is gone after its time; tenants never see each other. Nothing here is
/// durable but `user_presence`: what is lost comes back with the next signs of life.
@NullMarked
package dev.parley.realtime.presence;

import org.jspecify.annotations.NullMarked;
