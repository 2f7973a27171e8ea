/// How the parts of an installation are: checks with a time-out, and what each process tells the others. Table:
/// `node_states`, which holds no tenant's data.
///
/// Invariants: a check that hangs holds up nobody and is not started a second time; a process that has gone is seen by
/// its silence. No events.
@NullMarked
package dev.parley.platform.health;

import org.jspecify.annotations.NullMarked;
