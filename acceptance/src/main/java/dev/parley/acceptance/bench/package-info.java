/// Benchmarks: always a ratio, both sides in one run on the same machine and the same PostgreSQL, taken in turn.
@NullMarked
package dev.parley.acceptance.bench;

import org.jspecify.annotations.NullMarked;
