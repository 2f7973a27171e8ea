package dev.parley.acceptance.bench;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// HTTP requests that were made, and signed, before the clock runs; each is given out once.
final class Requests {
  private final byte[][] all;
  private final List<String> ids;
  private final AtomicInteger given = new AtomicInteger();

  Requests(byte[][] all, List<String> ids) {
    this.all = all;
    this.ids = ids;
  }

  /// The provider's ids of the messages in them, in the same order.
  List<String> ids() {
    return ids;
  }

  /// How many there are.
  int size() {
    return all.length;
  }

  /// The next one, or null when all were given out.
  byte @Nullable [] next() {
    int index = given.getAndIncrement();
    return index < all.length ? all[index] : null;
  }
}
