/// Contacts: a customer's person, known by identities.
///
/// Tables: `contacts`, `contact_identities`.
///
/// Invariants: an identity (kind, scope, value) belongs to one contact of the tenant; the unique key refuses a second
/// one, so two processes that meet a new customer at the same moment end up with one contact.
///
/// Events: [dev.parley.contacts.ContactEvent].
@NullMarked
package dev.parley.contacts;

import org.jspecify.annotations.NullMarked;
