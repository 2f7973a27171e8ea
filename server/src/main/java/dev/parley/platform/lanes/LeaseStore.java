package dev.parley.platform.lanes;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `leases` and `nodes`. Times are the database's, so clocks of processes do not matter.
final class LeaseStore {
  private LeaseStore() {}

  static int share(Handle sql, Collection<Fence> fences) {
    return sql.createQuery(
            """
            SELECT l.lane FROM leases l
            WHERE (l.name, l.lane, l.token) IN (
              SELECT * FROM unnest(CAST(:names AS text[]), CAST(:lanes AS int[]), CAST(:tokens AS bigint[])))
            ORDER BY l.name, l.lane FOR SHARE OF l
            """)
        .bindArray("names", String.class, fences.stream().map(Fence::name).toList())
        .bindArray("lanes", Integer.class, fences.stream().map(Fence::lane).toList())
        .bindArray("tokens", Long.class, fences.stream().map(Fence::token).toList())
        .mapTo(Integer.class)
        .list()
        .size();
  }

  static void addLanes(Handle sql, String name) {
    sql.createUpdate(
            """
            INSERT INTO leases (name, lane) SELECT :name, n FROM generate_series(0, :last) n
            ON CONFLICT DO NOTHING
            """)
        .bind("name", name)
        .bind("last", Lanes.COUNT - 1)
        .execute();
  }

  /// A process that restarts under its old id takes back what it held, under new tokens.
  static void reclaim(Handle sql, UUID node) {
    sql.createUpdate("UPDATE leases SET token = token + 1, expires_at = now() WHERE owner = :node")
        .bind("node", node)
        .execute();
  }

  static void beat(Handle sql, UUID node, List<String> wants) {
    sql.createUpdate(
            """
            INSERT INTO nodes (node_id, wants, seen_at) VALUES (:node, :wants, now())
            ON CONFLICT (node_id) DO UPDATE SET wants = EXCLUDED.wants, seen_at = now()
            """)
        .bind("node", node)
        .bindArray("wants", String.class, wants)
        .execute();
  }

  private static int nodesWanting(Handle sql, String name, Duration alive) {
    return sql.createQuery(
            """
            SELECT count(*) FROM nodes
            WHERE :name = ANY(wants) AND seen_at > now() - :ms * interval '1 millisecond'
            """)
        .bind("name", name)
        .bind("ms", alive.toMillis())
        .mapTo(Integer.class)
        .one();
  }

  /// Rows that our own transactions hold shared are skipped: they cannot be taken over meanwhile
  /// anyway, and waiting for them would let the others expire.
  static void renew(Handle sql, UUID node, Duration life) {
    sql.createUpdate(
            """
            UPDATE leases SET expires_at = now() + :ms * interval '1 millisecond'
            WHERE (name, lane) IN (
              SELECT name, lane FROM leases WHERE owner = :node FOR UPDATE SKIP LOCKED)
            """)
        .bind("node", node)
        .bind("ms", life.toMillis())
        .execute();
  }

  static List<Fence> held(Handle sql, UUID node) {
    return sql.createQuery("SELECT name, lane, token FROM leases WHERE owner = :node")
        .bind("node", node)
        .map((rs, _) -> new Fence(rs.getString(1), rs.getInt(2), rs.getLong(3)))
        .list();
  }

  private static void release(Handle sql, UUID node, String name, int count) {
    sql.createUpdate(
            """
            UPDATE leases SET owner = NULL, token = token + 1, expires_at = now()
            WHERE (name, lane) IN (
              SELECT name, lane FROM leases WHERE owner = :node AND name = :name
              ORDER BY lane DESC LIMIT :count FOR UPDATE SKIP LOCKED)
            """)
        .bind("node", node)
        .bind("name", name)
        .bind("count", count)
        .execute();
  }

  private static void acquire(Handle sql, UUID node, String name, int count, Duration life) {
    sql.createUpdate(
            """
            UPDATE leases
            SET owner = :node, token = token + 1, expires_at = now() + :ms * interval '1 millisecond'
            WHERE (name, lane) IN (
              SELECT name, lane FROM leases
              WHERE name = :name AND (owner IS NULL OR (expires_at < now() AND owner <> :node))
              ORDER BY lane LIMIT :count FOR UPDATE SKIP LOCKED)
            """)
        .bind("node", node)
        .bind("name", name)
        .bind("count", count)
        .bind("ms", life.toMillis())
        .execute();
  }

  /// Brings the number of lanes that a process holds nearer to its even share of all.
  static void balance(Handle sql, UUID node, String name, int mine, Duration life) {
    int nodes = Math.max(1, nodesWanting(sql, name, life));
    int share = (Lanes.COUNT + nodes - 1) / nodes;
    if (mine > share) {
      release(sql, node, name, mine - share);
    } else if (mine < share) {
      acquire(sql, node, name, share - mine, life);
    }
  }

  static void leave(Handle sql, UUID node) {
    sql.createUpdate(
            """
            UPDATE leases SET owner = NULL, token = token + 1, expires_at = now() WHERE owner = :node
            """)
        .bind("node", node)
        .execute();
    sql.createUpdate("DELETE FROM nodes WHERE node_id = :node").bind("node", node).execute();
  }
}
