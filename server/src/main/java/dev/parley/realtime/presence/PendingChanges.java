package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// Changes that nobody has been told of yet, one for each user: who went and came back meanwhile has not changed.
/// Thread-safe.
final class PendingChanges {
  private record Who(TenantId tenant, UUID user) {}

  private final LinkedHashMap<Who, PresenceChange> changes = new LinkedHashMap<>();

  synchronized void add(PresenceChange change) {
    changes.merge(
        new Who(change.tenant(), change.user()),
        change,
        (before, now) ->
            new PresenceChange(
                now.tenant(), now.user(), now.team(), before.from(), now.to(), now.at()));
  }

  /// The oldest ones, at most so many.
  synchronized List<PresenceChange> take(int most) {
    var taken = new ArrayList<PresenceChange>(Math.min(most, changes.size()));
    var all = changes.values().iterator();
    while (all.hasNext() && taken.size() < most) {
      PresenceChange change = all.next();
      all.remove();
      if (change.from() != change.to()) {
        taken.add(change);
      }
    }
    return taken;
  }

  /// Gives back what was taken and could not be told. What has come since is the newer.
  synchronized void putBack(Collection<PresenceChange> taken) {
    for (PresenceChange old : taken) {
      changes.merge(
          new Who(old.tenant(), old.user()),
          old,
          (newer, older) ->
              new PresenceChange(
                  newer.tenant(),
                  newer.user(),
                  newer.team(),
                  older.from(),
                  newer.to(),
                  newer.at()));
    }
  }

  synchronized int size() {
    return changes.size();
  }

  synchronized void clear() {
    changes.clear();
  }
}
