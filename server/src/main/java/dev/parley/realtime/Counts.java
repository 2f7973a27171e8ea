package dev.parley.realtime;

import dev.parley.platform.access.TenantId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections there are, of whom. A connection is counted before it is let in, so that many that come at once
/// do not pass together.
final class Counts {
  private record Holder(TenantId tenant, UUID id) {}

  private final Bounds bounds;
  private final MeterRegistry metrics;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<TenantId, Integer> byTenant = new ConcurrentHashMap<>();
  private final Map<Holder, Integer> byHolder = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> byDoor = new ConcurrentHashMap<>();

  Counts(Bounds bounds, MeterRegistry metrics) {
    this.bounds = bounds;
    this.metrics = metrics;
  }

  /// Counts one more; false, and nothing counted, when that would be too many.
  boolean take(TenantId tenant, UUID holder, String door) {
    if (all.incrementAndGet() > bounds.perProcess()) {
      all.decrementAndGet();
      return false;
    }
    if (byTenant.merge(tenant, 1, Integer::sum) > bounds.perTenant()) {
      less(byTenant, tenant);
      all.decrementAndGet();
      return false;
    }
    if (byHolder.merge(new Holder(tenant, holder), 1, Integer::sum) > bounds.perUser()) {
      less(byHolder, new Holder(tenant, holder));
      less(byTenant, tenant);
      all.decrementAndGet();
      return false;
    }
    door(door).incrementAndGet();
    return true;
  }

  void release(TenantId tenant, UUID holder, String door) {
    less(byHolder, new Holder(tenant, holder));
    less(byTenant, tenant);
    all.decrementAndGet();
    door(door).decrementAndGet();
  }

  /// Whether one more would be too many for the process, whoever it is.
  boolean isFull() {
    return all.get() >= bounds.perProcess();
  }

  int all() {
    return all.get();
  }

  private static <K> void less(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (_, n) -> n > 1 ? Integer.valueOf(n - 1) : null);
  }

  private AtomicInteger door(String door) {
    return byDoor.computeIfAbsent(
        door,
        name -> {
          var count = new AtomicInteger();
          Gauge.builder("parley.realtime.connections", count, AtomicInteger::get)
              .tag("door", name)
              .register(metrics);
          return count;
        });
  }
}
