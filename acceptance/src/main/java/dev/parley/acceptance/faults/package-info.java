/// Faults done to a running Parley under load, and the counting afterwards: what was acknowledged must be there once and
/// in order, what was accepted must be sent at most once.
@NullMarked
package dev.parley.acceptance.faults;

import org.jspecify.annotations.NullMarked;
