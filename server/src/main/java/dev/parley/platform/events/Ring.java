package dev.parley.platform.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The latest events of one tenant. Everything that changes its weight answers by how much.
final class Ring {
  /// Held while older events are read.
  final ReentrantLock loading = new ReentrantLock();

  private @Nullable Tailed[] items = new @Nullable Tailed[16];
  private int head;
  private int size;
  private long first;
  private Place start;
  private Place end;

  /// Events that went because there were too many, and not because of their age.
  private int early;

  Ring(Place start) {
    this.start = start;
    this.end = start;
  }

  synchronized long append(StoredEvent event, int most) {
    end = end.after(event);
    var tailed = new Tailed(event, end);
    if (size == items.length) {
      grow();
    }
    items[(head + size) % items.length] = tailed;
    size++;
    long weight = tailed.weight();
    if (size > most) {
      early++;
      weight -= removeFirst();
    }
    return weight;
  }

  /// The oldest one goes because of its age, unless it has gone already.
  synchronized long age() {
    if (early > 0) {
      early--;
      return 0;
    }
    return size == 0 ? 0 : removeFirst();
  }

  private long removeFirst() {
    Tailed gone = get(first);
    items[head] = null;
    head = (head + 1) % items.length;
    size--;
    first++;
    start = gone.place();
    return gone.weight();
  }

  /// Forgets everything: the log goes on after a gap.
  synchronized long skip(int lane, long seq) {
    long weight = 0;
    while (size > 0) {
      early++;
      weight += removeFirst();
    }
    end = end.with(lane, seq);
    start = end;
    // Whoever reads on from before notices that it was not there.
    first++;
    return weight;
  }

  synchronized Recent.Moment end() {
    return new Recent.Moment(first + size, end);
  }

  synchronized Place start() {
    return start;
  }

  synchronized boolean covers(Place place) {
    return place.reaches(start);
  }

  synchronized int room(int most) {
    return Math.max(0, most - size);
  }

  synchronized @Nullable List<Tailed> from(long index, int most) {
    if (index < first) {
      return null;
    }
    var found = new ArrayList<Tailed>();
    for (long i = index; i < first + size && found.size() < most; i++) {
      found.add(get(i));
    }
    return found;
  }

  synchronized @Nullable List<Tailed> after(Place place, long before, long[] scan, int most) {
    if (!place.reaches(start)) {
      return null;
    }
    var found = new ArrayList<Tailed>();
    long index = Math.max(scan[0], first);
    for (; index < Math.min(before, first + size) && found.size() < most; index++) {
      Tailed tailed = get(index);
      if (!place.isPast(tailed.event())) {
        found.add(tailed);
      }
    }
    scan[0] = index;
    return found;
  }

  private Tailed get(long index) {
    return Objects.requireNonNull(items[(int) ((head + (index - first)) % items.length)]);
  }

  /// Puts events before all others; they lead from `from` to `to`. Nothing happens when it no longer begins at `to`.
  synchronized OptionalLong prepend(Place to, Place from, List<StoredEvent> events) {
    if (!start.equals(to)) {
      return OptionalLong.empty();
    }
    var older = new ArrayList<Tailed>();
    Place place = from;
    long weight = 0;
    for (StoredEvent event : events) {
      place = place.after(event);
      var tailed = new Tailed(event, place);
      older.add(tailed);
      weight += tailed.weight();
    }
    while (items.length < size + older.size()) {
      grow();
    }
    for (Tailed tailed : older.reversed()) {
      head = (head - 1 + items.length) % items.length;
      items[head] = tailed;
      size++;
      first--;
    }
    start = from;
    return OptionalLong.of(weight);
  }

  private void grow() {
    var larger = new @Nullable Tailed[items.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = items[(head + i) % items.length];
    }
    items = larger;
    head = 0;
  }
}
