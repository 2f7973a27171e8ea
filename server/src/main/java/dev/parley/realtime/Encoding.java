package dev.parley.realtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A protocol's form of frames. A frame is put into it once, for all receivers. Make one instance for each form and keep
/// it: there may be at most [#MOST] in a process.
///
/// @param <T> what the protocol writes, immutable or written without being changed
public final class Encoding<T> {
  /// How many forms there may be.
  static final int MOST = 16;

  private static final AtomicInteger NEXT = new AtomicInteger();

  private final int slot = NEXT.getAndIncrement();
  private final Function<Frame, T> form;

  /// The form that `form` makes. It is called on event loops: it must not block.
  public Encoding(Function<Frame, T> form) {
    if (slot >= MOST) {
      throw new IllegalStateException("there are " + MOST + " encodings already");
    }
    this.form = form;
  }

  int slot() {
    return slot;
  }

  T make(Frame frame) {
    return form.apply(frame);
  }
}
