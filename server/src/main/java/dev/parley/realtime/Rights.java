package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import java.util.Set;
import java.util.UUID;

/// What somebody may see now, as the database says. Blocking. What changes later comes with events of the log, in the
/// conversation's own order.
public interface Rights {
  /// The conversations among people in which a user takes part.
  Set<UUID> conversationsOf(TenantId tenant, UUID user);

  /// Whether a caller may follow a conversation, of either kind; false as well when there is none.
  boolean mayFollow(Caller caller, UUID conversation);

  /// Whether a caller may write in a conversation.
  boolean mayWrite(Caller caller, UUID conversation);
}
