package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/// Whether those who came in are still good.
@FunctionalInterface
public interface Credentials {
  /// Those of these callers of a tenant whose credential is good, by [#key], as they stand now. Blocking.
  Map<UUID, Caller> current(TenantId tenant, Collection<Caller> callers);

  /// The sign-in of those who have one, else the key.
  static UUID key(Caller caller) {
    UUID signIn = caller.sessionId();
    return signIn == null ? caller.id() : signIn;
  }
}
