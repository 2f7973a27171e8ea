package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.util.UUID;

/// A user's state has changed from one to another.
///
/// @param from what it was; [Standing#OFFLINE] when the user has just come
/// @param team whether the user works in the inbox, where all see each other
/// @param at when the user was last there
record PresenceChange(
    TenantId tenant, UUID user, boolean team, Standing from, Standing to, Instant at) {
  /// What one node knows of a user from its own devices. Over several nodes the greatest counts, so that being away by
  /// choice hides devices elsewhere that are in use.
  enum Standing {
    OFFLINE(0),
    AWAY(1),
    ONLINE(2),
    AWAY_BY_CHOICE(3);

    private final int code;

    Standing(int code) {
      this.code = code;
    }

    static Standing of(int code) {
      return switch (code) {
        case 1 -> AWAY;
        case 2 -> ONLINE;
        case 3 -> AWAY_BY_CHOICE;
        default -> OFFLINE;
      };
    }

    /// As nodes write it to each other; the greater one counts.
    int code() {
      return code;
    }

    PresenceState shown() {
      return switch (this) {
        case OFFLINE -> PresenceState.OFFLINE;
        case AWAY, AWAY_BY_CHOICE -> PresenceState.AWAY;
        case ONLINE -> PresenceState.ONLINE;
      };
    }
  }
}
