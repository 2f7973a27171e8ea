/// Who did what: every administrative act of every module, written in the act's own transaction. Table: `audit`.
///
/// Invariants: append-only, which the database enforces by its grants; rows go only together with their tenant, or when
/// the tenant has set a retention and they are older than 90 days. No events.
@NullMarked
package dev.parley.platform.audit;

import org.jspecify.annotations.NullMarked;
