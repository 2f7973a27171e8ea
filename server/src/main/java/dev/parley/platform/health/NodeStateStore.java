package dev.parley.platform.health;

import dev.parley.platform.json.Json;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `node_states`. When a process was seen is the database's time, so clocks of processes do not matter.
final class NodeStateStore {
  private NodeStateStore() {}

  static void put(Handle sql, NodeState node) {
    sql.createUpdate(
            """
            INSERT INTO node_states (node_id, roles, parts, version, place, started_at, seen_at, items)
            VALUES (:node, :roles, :parts, :version, :place, :started, now(), CAST(:items AS jsonb))
            ON CONFLICT (node_id) DO UPDATE SET roles = EXCLUDED.roles, parts = EXCLUDED.parts,
              version = EXCLUDED.version, place = EXCLUDED.place, started_at = EXCLUDED.started_at,
              seen_at = now(), items = EXCLUDED.items
            """)
        .bind("node", node.id())
        .bindArray("roles", String.class, node.roles())
        .bindArray("parts", String.class, node.parts())
        .bind("version", node.version())
        .bind("place", node.place())
        .bind("started", node.startedAt().atOffset(ZoneOffset.UTC))
        .bind("items", node.items().toString())
        .execute();
  }

  static void forget(Handle sql, UUID node, Duration silent) {
    sql.createUpdate(
            """
            DELETE FROM node_states
            WHERE node_id <> :node AND seen_at < now() - :ms * interval '1 millisecond'
            """)
        .bind("node", node)
        .bind("ms", silent.toMillis())
        .execute();
  }

  static void leave(Handle sql, UUID node) {
    sql.createUpdate("DELETE FROM node_states WHERE node_id = :node").bind("node", node).execute();
  }

  static List<Nodes.Known> all(Handle sql, int limit) {
    return sql.createQuery(
            """
            SELECT node_id, roles, parts, version, place, started_at, seen_at, items::text AS items,
              (extract(epoch FROM now() - seen_at) * 1000)::bigint AS silent_ms
            FROM node_states ORDER BY started_at, node_id LIMIT :limit
            """)
        .bind("limit", limit)
        .map(
            (rs, _) ->
                new Nodes.Known(
                    new NodeState(
                        rs.getObject("node_id", UUID.class),
                        words(rs, "roles"),
                        words(rs, "parts"),
                        rs.getString("version"),
                        rs.getString("place"),
                        rs.getObject("started_at", OffsetDateTime.class).toInstant(),
                        rs.getObject("seen_at", OffsetDateTime.class).toInstant(),
                        Json.tree(rs.getString("items"))),
                    Duration.ofMillis(rs.getLong("silent_ms"))))
        .list();
  }

  private static List<String> words(ResultSet rs, String column) throws SQLException {
    Array array = rs.getArray(column);
    return Arrays.asList((String[]) array.getArray());
  }
}
