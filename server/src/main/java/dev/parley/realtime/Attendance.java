package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import java.util.Set;
import java.util.UUID;

/// Wants to know who is connected and what they do: the presence engine. Every method is called on an event loop and
/// must not block.
public interface Attendance {
  /// Wants to know nothing.
  Attendance NONE =
      new Attendance() {
        @Override
        public void arrived(Visit visit) {}

        @Override
        public void stayed(Visit visit, String state) {}

        @Override
        public void left(Visit visit) {}

        @Override
        public Set<UUID> active(Visit visit, Activity activity, Activity.Spot spot, boolean on) {
          return Set.of();
        }
      };

  /// A user's connection, one of possibly many.
  ///
  /// @param connection unique over all processes
  record Visit(UUID connection, Caller user) {}

  /// A connection was let in.
  void arrived(Visit visit);

  /// It is still there; comes about every 30 seconds while the client answers, and with each `present` command.
  ///
  /// @param state what the client said last, such as `online` or `away`
  void stayed(Visit visit, String state);

  /// The user has done something on it.
  default void acted(Visit visit) {}

  /// It is gone.
  void left(Visit visit);

  /// Somebody who may do so does something in a conversation, or has stopped. Answers who else does it there.
  Set<UUID> active(Visit visit, Activity activity, Activity.Spot spot, boolean on);
}
