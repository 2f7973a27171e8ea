package dev.parley.channels;

import java.time.Instant;
import java.util.UUID;

/// What a look at one part of a channel's set-up has found.
///
/// @param name which part, such as `token`
/// @param detail what was seen, in plain words
/// @param mend what to do; empty when nothing
/// @param since when it was first seen so
public record SetupCheck(
    UUID channelId,
    String name,
    State state,
    String detail,
    String mend,
    Instant since,
    Instant checkedAt) {

  /// How it stands.
  public enum State {
    /// As it should be.
    OK,
    /// Works, and will not for long or not as it should.
    WARNING,
    /// Does not work.
    FAILED,
    /// Could not be looked at, because something before it does not work.
    UNKNOWN
  }

  /// What a connector finds; times come when it is kept.
  public record Found(String name, State state, String detail, String mend) {
    /// Nothing is wrong.
    public static Found ok(String name, String detail) {
      return new Found(name, State.OK, detail, "");
    }

    /// It does not work.
    public static Found failed(String name, String detail, String mend) {
      return new Found(name, State.FAILED, detail, mend);
    }

    /// It works for now.
    public static Found warning(String name, String detail, String mend) {
      return new Found(name, State.WARNING, detail, mend);
    }

    /// It could not be looked at.
    public static Found unknown(String name, String detail) {
      return new Found(name, State.UNKNOWN, detail, "Mend what is above, then look again.");
    }
  }
}
