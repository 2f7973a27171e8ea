package dev.parley.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A thread-safe map that forgets the entry written first when it is full, so that a long run can't
/// fill the memory.
final class BoundedMap<K, V> {
  private final Map<K, V> entries;

  BoundedMap(int capacity) {
    entries =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  synchronized @Nullable V get(K key) {
    return entries.get(key);
  }

  synchronized void put(K key, V value) {
    entries.put(key, value);
  }

  synchronized void remove(K key) {
    entries.remove(key);
  }

  synchronized int size() {
    return entries.size();
  }

  /// Puts `change(present or first)` in one step and returns it.
  synchronized V update(K key, V first, UnaryOperator<V> change) {
    V present = entries.get(key);
    V next = change.apply(present == null ? first : present);
    entries.put(key, next);
    return next;
  }

  synchronized V computeIfAbsent(K key, Function<K, V> make) {
    V present = entries.get(key);
    if (present == null) {
      present = make.apply(key);
      entries.put(key, present);
    }
    return present;
  }
}
