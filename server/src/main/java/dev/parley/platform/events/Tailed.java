package dev.parley.platform.events;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An event as this process has come to know it: in one order for all lanes of its tenant.
public final class Tailed {
  private final StoredEvent event;
  private final Place place;
  private volatile @Nullable Object made;

  Tailed(StoredEvent event, Place place) {
    this.event = event;
    this.place = place;
  }

  /// The event.
  public StoredEvent event() {
    return event;
  }

  /// The place after it, in this process's order.
  public Place place() {
    return place;
  }

  /// What a process's readers share of it, made when first asked for; always by the same function. Two threads may make
  /// it at the same time, and then either is kept.
  @SuppressWarnings("unchecked") // there is one kind of reader that makes something
  public <T> T made(Function<Tailed, T> make) {
    Object known = made;
    if (known == null) {
      T fresh = make.apply(this);
      made = fresh;
      return fresh;
    }
    return (T) known;
  }

  /// About how many bytes it takes here.
  int weight() {
    return 600 + 3 * event.data().length();
  }
}
