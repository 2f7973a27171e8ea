/// What a process remembers for a short while instead of asking the database each time, and the connection to a Redis
/// that several processes share. No tables. Invariants: what was forgotten while it was being loaded is not remembered;
/// a Redis that is away makes nobody wait, and nothing lies there alone that must not be lost.
@NullMarked
package dev.parley.platform.cache;

import org.jspecify.annotations.NullMarked;
