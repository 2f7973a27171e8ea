package dev.parley.platform.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// A bounded memory of looked-up values, each kept for a limited time; the longest unused goes first. Any number of
/// threads may use it.
public final class Remembered<K, V> {
  private record Kept<V>(V value, Instant until) {}

  private final Duration life;
  private final InstantSource clock;
  private final LinkedHashMap<K, Kept<V>> entries;
  private long forgotten;

  /// Keeps at most `most` values, each for `life`.
  public Remembered(int most, Duration life, InstantSource clock) {
    this.life = life;
    this.clock = clock;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > most;
          }
        };
  }

  /// The value of a key: the remembered one, or what `load` answers now. Two threads may load the same key at once.
  public V get(K key, Function<K, V> load) {
    Instant now = clock.instant();
    long before;
    synchronized (entries) {
      Kept<V> known = entries.get(key);
      if (known != null && now.isBefore(known.until())) {
        return known.value();
      }
      before = forgotten;
    }
    V loaded = load.apply(key);
    synchronized (entries) {
      // Somebody forgot something while this was read: it may have been this, read before the
      // change.
      if (before == forgotten) {
        entries.put(key, new Kept<>(loaded, now.plus(life)));
      }
    }
    return loaded;
  }

  /// The remembered value of a key; empty when none is remembered.
  public Optional<V> known(K key) {
    Instant now = clock.instant();
    synchronized (entries) {
      Kept<V> known = entries.get(key);
      return known != null && now.isBefore(known.until())
          ? Optional.of(known.value())
          : Optional.empty();
    }
  }

  /// Remembers a value in the place of what was remembered.
  public void put(K key, V value) {
    Instant until = clock.instant().plus(life);
    synchronized (entries) {
      entries.put(key, new Kept<>(value, until));
    }
  }

  /// Makes the next [#get] of this key load.
  public void forget(K key) {
    synchronized (entries) {
      forgotten++;
      entries.remove(key);
    }
  }

  /// Forgets every value of which `condition` holds.
  public void forgetIf(Predicate<V> condition) {
    synchronized (entries) {
      forgotten++;
      entries.values().removeIf(entry -> condition.test(entry.value()));
    }
  }
}
