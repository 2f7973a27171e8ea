/// What a process remembers for a short while instead of asking the database each time. No tables. Invariant: what was
/// forgotten while it was being loaded is not remembered.
@NullMarked
package dev.parley.platform.cache;

import org.jspecify.annotations.NullMarked;
