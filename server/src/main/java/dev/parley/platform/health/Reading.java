package dev.parley.platform.health;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a check found out about one thing.
///
/// @param name which thing, such as `database` or `outbound-messages`; unique among those of its check
/// @param kind what sort of thing, such as `dependency`, `queue`, `channel`
/// @param since when it began to be so, where the thing itself knows; null lets [Checks] tell when it was first seen so
/// @param detail what was seen, in plain words
/// @param mend what to do about it; empty when nothing
/// @param facts figures and words beside it
public record Reading(
    String name,
    String kind,
    State state,
    @Nullable Instant since,
    String detail,
    String mend,
    Map<String, ?> facts) {

  /// How good or bad it is, from good to bad.
  public enum State {
    /// As it should be.
    OK,
    /// Works, but worse than it should, or will soon stop.
    DEGRADED,
    /// Does not work.
    DOWN
  }

  /// Nothing is wrong.
  public static Reading ok(String name, String kind, String detail, Map<String, ?> facts) {
    return new Reading(name, kind, State.OK, null, detail, "", facts);
  }

  /// Something should be looked at.
  public static Reading degraded(
      String name, String kind, String detail, String mend, Map<String, ?> facts) {
    return new Reading(name, kind, State.DEGRADED, null, detail, mend, facts);
  }

  /// It does not work.
  public static Reading down(
      String name, String kind, String detail, String mend, Map<String, ?> facts) {
    return new Reading(name, kind, State.DOWN, null, detail, mend, facts);
  }

  /// The same, known to be so since then.
  public Reading since(@Nullable Instant time) {
    return new Reading(name, kind, state, time, detail, mend, facts);
  }
}
