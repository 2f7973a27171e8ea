package dev.parley.planted.tenants;

import dev.parley.planted.contacts.Contact;

/// Breaks: tenants use the platform alone; banned names.
public final class PlantedDTO {
  /// A module above.
  public Contact contact = new Contact();
}
