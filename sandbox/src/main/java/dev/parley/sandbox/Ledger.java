package dev.parley.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/// The last `capacity` things that happened, each under a number that counts up from 1.
public final class Ledger<T> {
  private final int capacity;
  private final List<T> ring = new ArrayList<>();
  private long last;

  /// Keeps that many.
  public Ledger(int capacity) {
    this.capacity = capacity;
  }

  /// Adds the entry that `make` builds from its number.
  public synchronized void add(LongFunction<T> make) {
    last++;
    T entry = make.apply(last);
    if (ring.size() < capacity) {
      ring.add(entry);
    } else {
      ring.set(slot(last), entry);
    }
  }

  /// The entries kept with a number above `after`, oldest first, at most `limit`.
  public synchronized List<T> after(long after, int limit) {
    long from = Math.max(after + 1, last - ring.size() + 1);
    List<T> found = new ArrayList<>();
    for (long number = from; number <= last && found.size() < limit; number++) {
      found.add(ring.get(slot(number)));
    }
    return found;
  }

  private int slot(long number) {
    return (int) ((number - 1) % capacity);
  }
}
