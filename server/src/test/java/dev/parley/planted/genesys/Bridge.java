package dev.parley.planted.genesys;

import dev.parley.planted.admin.Admin;

/// Breaks: the bridge to Genesys does not use what is above it.
public final class Bridge {
  /// A module above.
  public void admin(Admin admin) {
    System.out.println(admin.hashCode());
  }
}
