package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The board of a node that shares nothing with others: what its own devices tell is all there is.
final class MemoryBoard implements PresenceBoard {
  private static final int MOST = 10_000;

  private final PresenceEngine engine;
  private final PendingChanges pending;
  private final News news;

  MemoryBoard(PresenceEngine engine, PendingChanges pending, News news) {
    this.engine = engine;
    this.pending = pending;
    this.news = news;
  }

  @Override
  public Map<UUID, PresenceState> read(TenantId tenant, Collection<UUID> users) {
    var states = new HashMap<UUID, PresenceState>();
    users.forEach(user -> states.put(user, engine.standing(tenant, user).shown()));
    return states;
  }

  @Override
  public void choose(TenantId tenant, UUID user, boolean away) {
    engine.choose(tenant, user, away);
  }

  @Override
  public void turn() {
    List<PresenceUpdate> updates = updates(pending.take(MOST));
    if (!updates.isEmpty()) {
      news.told(updates);
    }
  }

  @Override
  public void leave() {}

  /// What somebody else can see of the changes.
  static List<PresenceUpdate> updates(List<PresenceChange> changes) {
    return changes.stream()
        .filter(change -> change.from().shown() != change.to().shown())
        .map(
            change ->
                new PresenceUpdate(
                    change.tenant(),
                    change.user(),
                    change.team(),
                    change.to().shown(),
                    change.at()))
        .toList();
  }
}
