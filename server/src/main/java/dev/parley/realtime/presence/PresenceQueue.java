package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Updates that this process's clients have not been told of yet: the latest of each user, tenants in turn. Thread-safe.
final class PresenceQueue {
  private final LinkedHashMap<TenantId, LinkedHashMap<UUID, PresenceUpdate>> waiting =
      new LinkedHashMap<>();

  synchronized void add(List<PresenceUpdate> updates) {
    updates.forEach(
        update ->
            waiting
                .computeIfAbsent(update.tenant(), _ -> new LinkedHashMap<>())
                .put(update.user(), update));
  }

  /// Up to `most` updates of the tenant whose turn it is, oldest first; none when nothing waits. The tenant goes to the
  /// end of the row.
  synchronized List<PresenceUpdate> take(int most) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    Map.Entry<TenantId, LinkedHashMap<UUID, PresenceUpdate>> first = waiting.pollFirstEntry();
    var taken = new ArrayList<PresenceUpdate>();
    while (taken.size() < most && !first.getValue().isEmpty()) {
      taken.add(first.getValue().pollFirstEntry().getValue());
    }
    if (!first.getValue().isEmpty()) {
      waiting.putLast(first.getKey(), first.getValue());
    }
    return taken;
  }
}
