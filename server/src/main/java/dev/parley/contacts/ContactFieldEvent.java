package dev.parley.contacts;

import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.List;
import java.util.UUID;

/// What happens to the fields that a tenant gives its contacts.
public sealed interface ContactFieldEvent extends DomainEvent {
  /// Contacts can have another field.
  @EventType(value = "contact-field.created", doc = "A field of contacts was made.")
  record Created(
      UUID fieldId, String key, String name, ContactField.Type type, List<String> choices)
      implements ContactFieldEvent {}

  /// Its name or its choices are others.
  @EventType(value = "contact-field.changed", doc = "A field's name or choices were changed.")
  record Changed(UUID fieldId, String name, List<String> choices) implements ContactFieldEvent {}

  /// It is no more.
  @EventType(
      value = "contact-field.deleted",
      doc = "A field of contacts was deleted, and with it what it said of each.")
  record Deleted(UUID fieldId) implements ContactFieldEvent {}
}
