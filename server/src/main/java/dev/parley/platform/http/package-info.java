/// What every route shares: problems, paging, idempotency, and the guarded client for calls to the
/// outside. Table: `idempotent_requests`.
@NullMarked
package dev.parley.platform.http;

import org.jspecify.annotations.NullMarked;
