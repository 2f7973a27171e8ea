/// The log of calls: what came in at the API and what went out to providers, for people to look at. Table: `api_calls`.
///
/// Invariants: nothing waits for the log, it rather loses an entry, and counts it; what is written has been through
/// [Redaction]; entries of the last half second are lost with the process. No events.
@NullMarked
package dev.parley.platform.calls;

import org.jspecify.annotations.NullMarked;
