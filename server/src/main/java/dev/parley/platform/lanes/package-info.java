/// Lanes: a hash of (tenant, key) says which lane work runs in; one owner per lane by a lease row
/// with a fencing token. Tables: `leases`, `nodes`.
@NullMarked
package dev.parley.platform.lanes;

import org.jspecify.annotations.NullMarked;
