package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What somebody may see now, as the database says. Blocking. What changes later comes with events of the log, in the
/// conversation's own order.
public interface Rights {
  /// The conversations among people in which a user takes part.
  Set<UUID> own(Caller caller);

  /// Those of the conversations, of either kind, that a caller may follow; those that are not there are left out too.
  Set<UUID> visible(Caller caller, Collection<UUID> conversations);

  /// What a caller who may read a conversation may do there; empty for who may not.
  Optional<Standing> standing(Caller caller, UUID conversation);

  /// How somebody stands in a conversation that they may read.
  ///
  /// @param customers whether it is one with a customer
  /// @param writes whether they may write there
  record Standing(boolean customers, boolean writes) {}
}
