package dev.parley.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A thread-safe map that forgets the entry written first when it is full, so that a long run can't
/// fill the memory.
public final class BoundedMap<K, V> {
  private final Map<K, V> entries;

  /// Holds that many entries.
  public BoundedMap(int capacity) {
    entries =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  /// The value, or null.
  public synchronized @Nullable V get(K key) {
    return entries.get(key);
  }

  /// Writes an entry; the one written first goes when there are too many.
  public synchronized void put(K key, V value) {
    entries.put(key, value);
  }

  /// Takes an entry away, if there is one.
  public synchronized void remove(K key) {
    entries.remove(key);
  }

  /// Forgets all.
  public synchronized void clear() {
    entries.clear();
  }

  /// All keys, the one written first at the front.
  public synchronized List<K> keys() {
    return List.copyOf(entries.keySet());
  }

  /// How many there are.
  public synchronized int size() {
    return entries.size();
  }

  /// Puts `change(present or first)` in one step and returns it.
  public synchronized V update(K key, V first, UnaryOperator<V> change) {
    V present = entries.get(key);
    V next = change.apply(present == null ? first : present);
    entries.put(key, next);
    return next;
  }

  /// The value; one made and written when there was none.
  public synchronized V computeIfAbsent(K key, Function<K, V> make) {
    V present = entries.get(key);
    if (present == null) {
      present = make.apply(key);
      entries.put(key, present);
    }
    return present;
  }
}
