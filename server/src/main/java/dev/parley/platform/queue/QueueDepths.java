package dev.parley.platform.queue;

import dev.parley.platform.db.SystemDb;
import jakarta.inject.Singleton;
import java.util.List;

/// How much waits in the queues, over all tenants.
@Singleton
public final class QueueDepths {
  private final SystemDb db;

  /// Reads through `db`.
  public QueueDepths(SystemDb db) {
    this.db = db;
  }

  /// One queue.
  ///
  /// @param oldestSeconds how long its oldest item has waited
  public record Depth(String queue, long items, double oldestSeconds) {}

  /// All queues that have items.
  public List<Depth> read() {
    return db.query(QueueStore::depths);
  }
}
