package dev.parley.planted.channels;

import dev.parley.planted.identity.Identity;

/// Breaks: channels do not use identity.
public final class Channel {
  /// A module that it may not use.
  public void identity(Identity identity) {
    System.out.println(identity);
  }
}
