package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/// What somebody may see now, as the database says. Blocking. What changes later comes with events of the log, in the
/// conversation's own order.
public interface Rights {
  /// The conversations among people in which a user takes part.
  Set<UUID> own(Caller caller);

  /// Those of the conversations, of either kind, that a caller may follow; those that are not there are left out too.
  Set<UUID> visible(Caller caller, Collection<UUID> conversations);

  /// Whether a caller may write in a conversation.
  boolean mayWrite(Caller caller, UUID conversation);
}
