package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Where what the nodes know by themselves becomes what everybody sees. One for a node alone, in memory; one for several,
/// in Redis. Each tells its node of every change of a user's state, on whatever node, once.
interface PresenceBoard {
  /// What a node is told.
  interface News {
    /// States have changed. On any thread; must not block.
    void told(List<PresenceUpdate> updates);

    /// This node has found another one dead, and this user went with it. Only one node is told that.
    void reaped(PresenceUpdate update);
  }

  /// The states of these users. Answers at once: who cannot be asked about is [PresenceState#UNKNOWN].
  Map<UUID, PresenceState> read(TenantId tenant, Collection<UUID> users);

  /// The user wants to be shown as away on all devices, on whatever node, or no longer.
  void choose(TenantId tenant, UUID user, boolean away);

  /// Passes on what has changed since the last turn. To be called often, by one thread.
  void turn();

  /// This node is about to end: its devices are gone.
  void leave();
}
