/// Contacts: a customer's person, known by identities.
///
/// Tables: `contacts`, `contact_identities`, `contact_fields`.
///
/// Invariants: an identity (kind, scope, value) belongs to one contact of the tenant; the unique key refuses a second
/// one, so two processes that meet a new customer at the same moment end up with one contact.
///
/// A value of a field is kept by the field's id, so that a field that is deleted takes its values with it.
///
/// Events: [dev.parley.contacts.ContactEvent], [dev.parley.contacts.ContactFieldEvent].
@NullMarked
package dev.parley.contacts;

import org.jspecify.annotations.NullMarked;
