/// Who may come in and what they may do: users, operators, API keys, registration, invitations, sign-ins, tokens,
/// roles, profiles. Tables: `users`, `operators`, `api_keys`, `sign_ins`, `sign_in_tries`, `signing_keys`, `registrations`,
/// `invitations`, `mail_tokens`.
///
/// Invariants: no password, API key, refresh token or token of a mail is stored, only hashes; a tenant never loses its
/// last active administrator; nobody hands out more than they may do themselves; a refresh token is good once, and
/// showing an old one ends its sign-in; a change of the password ends all sign-ins, in its own transaction. Neither the
/// answer nor the work of a public request tells whether an address has an account: sign-in computes the same hashes
/// for all, and registration and resets only queue, so that the worker that writes the mail is the first to look.
///
/// For what keeps connections open: [Sessions] checks the callers of a tenant at a heartbeat, in one statement for each
/// kind of caller, and tells from an event whose access it may have ended. An access token is refused as soon as its
/// sign-in is over: at once in the process that ends it, within [SignInRegister#STALE] in the others.
///
/// Events: `user.created`, `user.changed`, `user.deleted`, `user.signed-out`, `user.suspended`, `user.role-changed`,
/// `user.password-changed`, `invitation.created`, `invitation.accepted`, `invitation.revoked`, `api-key.created`,
/// `api-key.revoked`.
@NullMarked
package dev.parley.identity;

import org.jspecify.annotations.NullMarked;
