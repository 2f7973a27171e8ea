package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/// How much waits in the queues, and how much was given up.
@Singleton
public final class QueueDepths {
  private final SystemDb db;
  private final TenantDb tenants;

  /// Reads through these doors.
  public QueueDepths(SystemDb db, TenantDb tenants) {
    this.db = db;
    this.tenants = tenants;
  }

  /// One queue.
  ///
  /// @param oldestSeconds how long its oldest item has waited
  public record Depth(String queue, long items, double oldestSeconds) {}

  /// The dead letters of one queue.
  ///
  /// @param oldest when the oldest of them was given up
  public record Dead(String queue, long letters, Instant oldest) {}

  /// All queues that have items, over all tenants.
  public List<Depth> read() {
    return db.query(QueueStore::depths);
  }

  /// The queues that have items of a tenant.
  public List<Depth> of(TenantId tenant) {
    return tenants.inTenant(tenant, tx -> QueueStore.depths(tx.sql(), tenant));
  }

  /// How many items of a tenant one queue has; counting stops at `most`.
  public int waiting(TenantId tenant, String queue, int most) {
    return tenants.inTenant(tenant, tx -> QueueStore.count(tx.sql(), tenant, queue, most));
  }

  /// The queues that have dead letters, over all tenants.
  public List<Dead> dead() {
    return db.query(DeadLetterStore::counts);
  }

  /// The queues that have dead letters of a tenant.
  public List<Dead> dead(TenantId tenant) {
    return tenants.inTenant(tenant, tx -> DeadLetterStore.counts(tx.sql(), tenant));
  }
}
