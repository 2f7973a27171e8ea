package dev.parley.planted.identity;

import dev.parley.planted.contacts.Contact;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/// Breaks: identity uses tenants alone; one clock; random values.
public class Identity {
  /// A module beside it.
  public Contact contact = new Contact();

  /// A clock of its own.
  public Instant now() {
    return Instant.now();
  }

  /// Random numbers of its own.
  public int random() {
    return ThreadLocalRandom.current().nextInt();
  }
}
