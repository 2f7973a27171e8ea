/// Who may come in and what they may do: users, operators, API keys, sign-ins, tokens, roles. Tables: `users`,
/// `operators`, `api_keys`, `sign_ins`, `sign_in_tries`, `signing_keys`.
///
/// Invariants: no password, API key or refresh token is stored, only hashes; a tenant never loses its last active
/// administrator; nobody hands out more than they may do themselves; a refresh token is good once, and showing an old
/// one ends its sign-in; the answer to a failed sign-in and the time it takes do not tell whether the account exists.
///
/// Events: `user.created`, `user.changed`, `user.deleted`, `api-key.created`, `api-key.revoked`, `sign-in.ended`.
@NullMarked
package dev.parley.identity;

import org.jspecify.annotations.NullMarked;
