package dev.parley.realtime.engineio;

import org.jspecify.annotations.Nullable;

/// Which web pages may connect. Only browsers send an origin, and only with them does it mean something.
@FunctionalInterface
public interface OriginPolicy {
  /// Every page may.
  OriginPolicy ANY = (_, _) -> true;

  /// Whether a page of `origin` may connect to `host`. Called on an event loop: it must not block.
  boolean allows(String origin, @Nullable String host);
}
