package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.LaneKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.UnableToProduceResultException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `work_items` and `parked_keys`.
final class QueueStore {
  /// The conflict has no target, because a target would need the right to read.
  private static final String INSERT =
      """
      INSERT INTO work_items (tenant_id, queue, lane, id, key, dedup_key, kind, payload, correlation_id,
        traceparent, enqueued_at)
      SELECT u.tenant, u.queue, u.lane, u.id, u.key, u.dedup_key, u.kind, u.payload, u.correlation, u.trace,
        to_timestamp(u.millis / 1000.0)
      FROM unnest(?::uuid[], ?::text[], ?::int[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[],
        ?::text[], ?::text[], ?::float8[])
        AS u (tenant, queue, lane, id, key, dedup_key, kind, payload, correlation, trace, millis)
      ON CONFLICT DO NOTHING
      """;

  /// As PostgreSQL orders ids.
  private static final Comparator<UUID> IN_ORDER =
      Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
          .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

  private QueueStore() {}

  /// Puts items into the transaction's tenant's queues.
  static void insert(Handle sql, List<WorkItem> items) {
    try {
      insert(sql.getConnection(), items);
    } catch (SQLException e) {
      throw new UnableToProduceResultException(e);
    }
  }

  /// Puts items of any tenants into their queues, on a connection of the intake's role, and commits.
  static void commit(DataSource intake, List<WorkItem> items) {
    try (Connection connection = intake.getConnection()) {
      insert(connection, items);
    } catch (SQLException e) {
      throw new UnableToProduceResultException(e);
    }
  }

  /// One statement for any number of items.
  private static void insert(Connection connection, List<WorkItem> items) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      array(statement, 1, "uuid", UUID[]::new, items, item -> item.tenant().value());
      array(statement, 2, "text", String[]::new, items, WorkItem::queue);
      array(statement, 3, "int4", Integer[]::new, items, WorkItem::lane);
      array(statement, 4, "uuid", UUID[]::new, items, WorkItem::id);
      array(statement, 5, "text", String[]::new, items, WorkItem::key);
      array(statement, 6, "text", String[]::new, items, WorkItem::dedupKey);
      array(statement, 7, "text", String[]::new, items, WorkItem::kind);
      array(statement, 8, "text", String[]::new, items, WorkItem::payload);
      array(statement, 9, "text", String[]::new, items, WorkItem::correlationId);
      array(statement, 10, "text", String[]::new, items, WorkItem::traceparent);
      array(
          statement,
          11,
          "float8",
          Double[]::new,
          items,
          item -> (double) item.enqueuedAt().toEpochMilli());
      statement.executeUpdate();
    }
  }

  /// An array of its elements' own type goes to the server in binary form where the driver knows one: text, which is
  /// JSON full of quotes here, then needs no quoting.
  private static <T extends @Nullable Object> void array(
      PreparedStatement statement,
      int index,
      String type,
      IntFunction<T[]> make,
      List<WorkItem> items,
      Function<WorkItem, T> value)
      throws SQLException {
    T[] values = items.stream().map(value).toArray(make);
    statement.setArray(index, statement.getConnection().createArrayOf(type, values));
  }

  /// A lane of a tenant's queue.
  record Waiting(String queue, LaneKey lane) {}

  /// Lanes of these queues with items that no parked key holds back, over all tenants; read as the system.
  static List<Waiting> ready(Handle sql, Collection<String> queues) {
    return sql.createQuery(
            """
            SELECT DISTINCT w.queue, w.tenant_id, w.lane FROM work_items w
            LEFT JOIN parked_keys p
              ON p.tenant_id = w.tenant_id AND p.queue = w.queue AND p.key = w.key AND p.until > now()
            WHERE w.queue = ANY(:queues) AND p.key IS NULL
            """)
        .bindArray("queues", String.class, queues)
        .map(
            (rs, _) ->
                new Waiting(
                    rs.getString(1),
                    new LaneKey(new TenantId(rs.getObject(2, UUID.class)), rs.getInt(3))))
        .list();
  }

  /// Up to `each` items of each of the lanes above its floor, those of a lane in order, without those that a parked key
  /// holds back and those of the keys `except`. Keys whose time is over come with lanes that are read from their front.
  static List<WorkItem> waiting(
      Handle sql,
      TenantId tenant,
      String queue,
      Map<Integer, Floors.Floor> lanes,
      Collection<String> except,
      int each) {
    return sql.createQuery(
            """
            SELECT i.* FROM unnest(CAST(:lanes AS int[]), CAST(:floors AS uuid[]), CAST(:fronts AS boolean[]))
              AS l (lane, floor, front)
            CROSS JOIN LATERAL (
              SELECT w.id, w.tenant_id, w.queue, w.key, w.dedup_key, w.kind, w.payload, w.correlation_id,
                w.traceparent, w.enqueued_at, coalesce(p.attempts, 0) AS attempts
              FROM work_items w
              LEFT JOIN parked_keys p
                ON p.tenant_id = w.tenant_id AND p.queue = w.queue AND p.key = w.key
              WHERE w.tenant_id = :tenant AND w.queue = :queue AND w.lane = l.lane AND w.id > l.floor
                AND (p.key IS NULL OR (p.until <= now() AND l.front)) AND w.key <> ALL(:except)
              ORDER BY w.id LIMIT :each) AS i
            ORDER BY i.id
            """)
        .bind("tenant", tenant.value())
        .bind("queue", queue)
        .bindArray("lanes", Integer.class, lanes.keySet())
        .bindArray("floors", UUID.class, lanes.values().stream().map(Floors.Floor::id).toList())
        .bindArray(
            "fronts", Boolean.class, lanes.values().stream().map(Floors.Floor::isFront).toList())
        .bindArray("except", String.class, except)
        .bind("each", each)
        .map(QueueStore::item)
        .list();
  }

  /// Takes items of one tenant out of a queue; answers how many were there. One statement for each lane, sent together:
  /// with several lanes in one, a table without statistics is read whole. Without the bounds a lane may be read from its front, past all that is
  /// deleted there.
  static int delete(Handle sql, TenantId tenant, String queue, List<WorkItem> items) {
    PreparedBatch lanes =
        sql.prepareBatch(
            """
            DELETE FROM work_items
            WHERE tenant_id = :tenant AND queue = :queue AND lane = :lane AND id = ANY(:ids)
              AND id BETWEEN :first AND :last
            """);
    items.stream()
        .collect(Collectors.groupingBy(WorkItem::lane))
        .forEach(
            (lane, of) -> {
              List<UUID> ids = of.stream().map(WorkItem::id).sorted(IN_ORDER).toList();
              lanes
                  .bind("tenant", tenant.value())
                  .bind("queue", queue)
                  .bind("lane", lane)
                  .bindArray("ids", UUID.class, ids)
                  .bind("first", ids.getFirst())
                  .bind("last", ids.getLast())
                  .add();
            });
    return Arrays.stream(lanes.execute()).sum();
  }

  static void park(Handle sql, WorkItem item, Duration pause, int attempts, String cause) {
    sql.createUpdate(
            """
            INSERT INTO parked_keys AS p (tenant_id, queue, key, until, attempts, cause)
            VALUES (:tenant, :queue, :key, now() + :ms * interval '1 millisecond', :attempts, :cause)
            ON CONFLICT (tenant_id, queue, key)
            DO UPDATE SET until = EXCLUDED.until, attempts = EXCLUDED.attempts, cause = EXCLUDED.cause
            """)
        .bind("tenant", item.tenant().value())
        .bind("queue", item.queue())
        .bind("key", item.key())
        .bind("ms", pause.toMillis())
        .bind("attempts", attempts)
        .bind("cause", DeadLetters.cut(cause))
        .execute();
  }

  static void unpark(Handle sql, TenantId tenant, String queue, Collection<String> keys) {
    sql.createUpdate(
            "DELETE FROM parked_keys WHERE tenant_id = :tenant AND queue = :queue AND key = ANY(:keys)")
        .bind("tenant", tenant.value())
        .bind("queue", queue)
        .bindArray("keys", String.class, keys)
        .execute();
  }

  /// Which of the keys have items in the queue.
  static List<String> present(Handle sql, TenantId tenant, String queue, Collection<String> keys) {
    return sql.createQuery(
            """
            SELECT DISTINCT key FROM work_items
            WHERE tenant_id = :tenant AND queue = :queue AND key = ANY(:keys)
            """)
        .bind("tenant", tenant.value())
        .bind("queue", queue)
        .bindArray("keys", String.class, keys)
        .mapTo(String.class)
        .list();
  }

  /// Length and age of each queue over all tenants; read as the system.
  static List<QueueDepths.Depth> depths(Handle sql) {
    return sql.createQuery(
            """
            SELECT queue, count(*), coalesce(extract(epoch FROM now() - min(enqueued_at)), 0)
            FROM work_items GROUP BY queue
            """)
        .map(QueueStore::depth)
        .list();
  }

  static List<QueueDepths.Depth> depths(Handle sql, TenantId tenant) {
    return sql.createQuery(
            """
            SELECT queue, count(*), coalesce(extract(epoch FROM now() - min(enqueued_at)), 0)
            FROM work_items WHERE tenant_id = :tenant GROUP BY queue
            """)
        .bind("tenant", tenant.value())
        .map(QueueStore::depth)
        .list();
  }

  static int count(Handle sql, TenantId tenant, String queue, int most) {
    return sql.createQuery(
            """
            SELECT count(*) FROM
              (SELECT 1 FROM work_items WHERE tenant_id = :tenant AND queue = :queue LIMIT :most) AS items
            """)
        .bind("tenant", tenant.value())
        .bind("queue", queue)
        .bind("most", most)
        .mapTo(Integer.class)
        .one();
  }

  private static QueueDepths.Depth depth(ResultSet rs, StatementContext context)
      throws SQLException {
    return new QueueDepths.Depth(rs.getString(1), rs.getLong(2), rs.getDouble(3));
  }

  private static WorkItem item(ResultSet rs, StatementContext context) throws SQLException {
    return new WorkItem(
        rs.getObject("id", UUID.class),
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        rs.getString("queue"),
        rs.getString("key"),
        rs.getString("dedup_key"),
        rs.getString("kind"),
        rs.getString("payload"),
        rs.getString("correlation_id"),
        rs.getString("traceparent"),
        rs.getObject("enqueued_at", OffsetDateTime.class).toInstant(),
        rs.getInt("attempts"));
  }
}
