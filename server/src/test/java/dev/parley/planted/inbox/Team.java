package dev.parley.planted.inbox;

import dev.parley.planted.admin.Admin;

/// Breaks: the inbox does not use what is above it.
public final class Team {
  /// A module above.
  public void admin(Admin admin) {
    System.out.println(admin.hashCode());
  }
}
