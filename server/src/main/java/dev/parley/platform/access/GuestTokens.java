package dev.parley.platform.access;

import java.util.Optional;

/// Tokens of people who are no users here and are let in for one narrow thing, over REST alone.
public interface GuestTokens {
  /// What every token of this kind begins with, and no other credential.
  String prefix();

  /// The caller behind a token of this kind; empty when it is not good or no longer so. What the caller is let in for is
  /// said by its one permission and its `sessionId`.
  Optional<Caller> caller(String token);
}
