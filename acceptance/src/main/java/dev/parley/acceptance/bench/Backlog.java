package dev.parley.acceptance.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Real work items, made by real webhooks and set aside, to be put into the queue a leg at a time.
///
/// A fifth of a leg's messages come from customers whom nobody knows yet; everybody writes five times, and a customer's
/// messages are far apart, so that a batch holds hardly two of one.
final class Backlog {
  private static final int MESSAGES_EACH = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final String database;
  private final int leg;

  /// Legs of so many messages, a multiple of 50.
  Backlog(Cluster cluster, String database, int leg) {
    this.cluster = cluster;
    this.database = database;
    this.leg = leg;
  }

  /// Messages of a leg.
  int size() {
    return leg;
  }

  /// Fills it through an ingress that no worker stands behind. `firstCustomer` keeps them apart from those of others.
  void fill(int port, Launched.Channel channel, int legs, long firstCustomer) {
    int customers = leg / MESSAGES_EACH;
    Requests requests =
        new Webhooks()
            .bulk(
                channel,
                leg * legs,
                n -> firstCustomer + n / leg * customers + n % leg % customers);
    Load.Outcome outcome = Load.closed(port, 8, requests, PATIENCE);
    if (outcome.ok() != requests.size()) {
      throw new IllegalStateException(outcome.failed() + " of the backlog's requests failed");
    }
    cluster.sql(
        database,
        "CREATE TABLE IF NOT EXISTS bench_staged (LIKE work_items)",
        "ALTER TABLE bench_staged ADD COLUMN IF NOT EXISTS leg int",
        "INSERT INTO bench_staged SELECT *, (row_number() OVER (ORDER BY id) - 1) / "
            + leg
            + " FROM work_items",
        "TRUNCATE work_items",
        "CREATE INDEX IF NOT EXISTS bench_staged_leg ON bench_staged (leg)");
  }

  /// Puts the items of a leg into the queue and answers how they were worked off. The rate is that of the messages; the
  /// processor time also has what the readers of the event log do with them, such as filling the search.
  Leg drain(Launched worker, int number) {
    cluster.settle();
    String columns =
        "tenant_id, queue, lane, id, key, dedup_key, kind, payload, correlation_id, traceparent, enqueued_at";
    cluster.sql(database, "ANALYZE");
    long before = messages();
    cluster.sql(
        database,
        "INSERT INTO work_items (%s) SELECT %s FROM bench_staged WHERE leg = %d ORDER BY id"
            .formatted(columns, columns, number));
    double cpu = Cpu.seconds(List.of(worker.pid(), cluster.pid()));
    long start = System.nanoTime();
    awaitWork();
    double seconds = (System.nanoTime() - start) / 1e9;
    awaitReaders();
    cpu = Cpu.seconds(List.of(worker.pid(), cluster.pid())) - cpu;
    long stored = messages() - before;
    if (stored != leg) {
      throw new IllegalStateException(leg + " items became " + stored + " messages");
    }
    return new Leg(leg / seconds, cpu * 1e6 / leg);
  }

  /// Waits until the readers of the event log have read all that there is, so that they take nothing from what is
  /// measured next.
  void awaitReaders() {
    long start = System.nanoTime();
    while ("t"
        .equals(
            cluster.value(
                database,
                """
                SELECT EXISTS (SELECT 1 FROM subscription_cursors c JOIN lane_heads h
                  ON h.tenant_id = c.tenant_id AND h.lane = c.lane WHERE h.last_seq > c.seq)
                """))) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("the readers of the event log do not get to its end");
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /// Waits until the queue is empty.
  void awaitWork() {
    long start = System.nanoTime();
    while (true) {
      long asked = System.nanoTime();
      if (cluster
          .value(
              database, "SELECT EXISTS (SELECT 1 FROM work_items WHERE queue = 'inbound-messages')")
          .equals("f")) {
        return;
      }
      long took = System.nanoTime() - asked;
      if (asked - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("the backlog is not worked off");
      }
      // Asking takes a part of the server's core, a small one.
      LockSupport.parkNanos(Math.max(20_000_000, 30 * took));
    }
  }

  long messages() {
    return Long.parseLong(cluster.value(database, "SELECT count(*) FROM messages"));
  }
}
