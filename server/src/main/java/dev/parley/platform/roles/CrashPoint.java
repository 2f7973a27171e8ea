package dev.parley.platform.roles;

import java.util.concurrent.atomic.AtomicInteger;

/// Named places at which a fault test can make the process die, as by a power cut of the process:
/// no hook runs, no buffer is flushed. Chosen by the system properties `parley.crash.at` (the name)
/// and `parley.crash.after` (how often the place is passed first); without them they cost nothing.
public enum CrashPoint {
  /// The signature is checked, nothing is written.
  BEFORE_INTAKE_COMMIT,
  /// The updates are committed, no answer was given.
  AFTER_INTAKE_COMMIT,
  /// The webhook was answered.
  AFTER_INTAKE_ANSWER,
  /// Messages are inserted, events are not, nothing is committed.
  MESSAGES_INSERTED,
  /// A subscription has its events, its handler has not run.
  EVENTS_SELECTED,
  /// The handler has run, nothing is committed.
  EVENTS_HANDLED,
  /// The effect is committed, the process has not gone on.
  EFFECT_COMMITTED,
  /// A send is claimed, nothing is on the wire.
  SEND_CLAIMED,
  /// The request is with the provider, its answer was not read.
  SEND_POSTED,
  /// The answer was read, the provider's id is not stored.
  SEND_ANSWERED,
  /// The result is written, the item is not taken out of the queue yet, nothing is committed.
  SEND_STORED,
  /// A file's bytes are in the storage, its row is not.
  FILE_STORED,
  /// A file's row is deleted, its bytes are in the storage still.
  FILE_DOOMED,
  /// A file's bytes are deleted, the note that they are to be is there still.
  FILE_SWEPT,
  /// A customer's file is in the storage, its message does not know of it.
  MEDIA_FETCHED;

  private static final String AT = System.getProperty("parley.crash.at", "");
  private static final AtomicInteger LEFT =
      new AtomicInteger(Integer.getInteger("parley.crash.after", 0));

  /// Dies here with exit code 137 when this place was chosen.
  public void reached() {
    if (!AT.isEmpty() && name().equals(AT) && LEFT.getAndDecrement() <= 0) {
      Runtime.getRuntime().halt(137);
    }
  }
}
