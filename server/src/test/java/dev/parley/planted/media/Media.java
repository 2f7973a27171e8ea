package dev.parley.planted.media;

import dev.parley.planted.contacts.Contact;

/// Breaks: files know nobody above.
public class Media {
  /// A module above.
  public String contact(Contact contact) {
    return contact.toString();
  }
}
