package dev.parley.realtime;

import dev.parley.platform.access.TenantId;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tells this process's clients what is not in the event log, such as typing and presence. For several processes the caller
/// does it in each of them. Any thread may call; nothing blocks; who is slow or away does not get it.
public interface Broadcasts {
  /// Tells those who follow a conversation, and those who follow the inbox where it is of the inbox, but not the
  /// connections of one user.
  void toConversation(TenantId tenant, Activity.Spot spot, Frame frame, @Nullable UUID exceptUser);

  /// Tells all connections of these users.
  void toUsers(TenantId tenant, Collection<UUID> users, Frame frame);
}
