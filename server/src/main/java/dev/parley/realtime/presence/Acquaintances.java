package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Who shares a conversation among people with whom. Blocking.
public interface Acquaintances {
  /// For each of the users those who take part in a conversation that the user takes part in too; who shares none may be
  /// missing.
  Map<UUID, Set<UUID>> of(TenantId tenant, Collection<UUID> users);
}
