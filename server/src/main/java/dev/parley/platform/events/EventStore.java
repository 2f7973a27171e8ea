package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.LaneKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `events`, `lane_heads` and `subscription_cursors`.
final class EventStore {
  private EventStore() {}

  /// Gives events the next numbers of their lanes and stores them; answers the last number of each lane. An event's `seq`
  /// is here how many of the same lane come after it. The heads' rows stay locked until the commit, which is what keeps
  /// later numbers from being seen before earlier ones; they are locked in the order of the lanes.
  static Map<Integer, Long> append(Handle sql, TenantId tenant, List<StoredEvent> events) {
    var last = new HashMap<Integer, Long>();
    sql.createQuery(
            """
            WITH u AS MATERIALIZED (
              SELECT * FROM unnest(CAST(:lanes AS int[]), CAST(:after AS bigint[]), CAST(:ids AS uuid[]),
                CAST(:types AS text[]), CAST(:versions AS int[]), CAST(:projects AS uuid[]),
                CAST(:conversations AS uuid[]), CAST(:times AS text[]), CAST(:correlations AS text[]),
                CAST(:causations AS uuid[]), CAST(:participants AS boolean[]), CAST(:data AS text[]))
                AS u (lane, after, id, type, version, project_id, conversation_id, time, correlation_id,
                  causation_id, participants_only, data)),
            heads AS (
              INSERT INTO lane_heads AS h (tenant_id, lane, last_seq, touched_at)
              SELECT :tenant, u.lane, count(*), now() FROM u GROUP BY u.lane ORDER BY u.lane
              ON CONFLICT (tenant_id, lane)
              DO UPDATE SET last_seq = h.last_seq + EXCLUDED.last_seq, touched_at = now()
              RETURNING lane, last_seq),
            stored AS (
              INSERT INTO events (tenant_id, lane, seq, id, type, version, project_id, conversation_id, time,
                correlation_id, causation_id, participants_only, data)
              SELECT :tenant, u.lane, h.last_seq - u.after, u.id, u.type, u.version, u.project_id,
                u.conversation_id, CAST(u.time AS timestamptz), u.correlation_id, u.causation_id,
                u.participants_only, CAST(u.data AS jsonb)
              FROM u JOIN heads h ON h.lane = u.lane)
            SELECT lane, last_seq FROM heads
            """)
        .bind("tenant", tenant.value())
        .bindArray("lanes", Integer.class, events.stream().map(StoredEvent::lane).toList())
        .bindArray("after", Long.class, events.stream().map(StoredEvent::seq).toList())
        .bindArray("ids", UUID.class, events.stream().map(StoredEvent::id).toList())
        .bindArray("types", String.class, events.stream().map(StoredEvent::type).toList())
        .bindArray("versions", Integer.class, events.stream().map(StoredEvent::version).toList())
        .bindArray("projects", UUID.class, events.stream().map(StoredEvent::projectId).toList())
        .bindArray(
            "conversations", UUID.class, events.stream().map(StoredEvent::conversationId).toList())
        .bindArray("times", String.class, events.stream().map(e -> e.time().toString()).toList())
        .bindArray(
            "correlations", String.class, events.stream().map(StoredEvent::correlationId).toList())
        .bindArray("causations", UUID.class, events.stream().map(StoredEvent::causationId).toList())
        .bindArray(
            "participants",
            Boolean.class,
            events.stream().map(StoredEvent::participantsOnly).toList())
        .bindArray("data", String.class, events.stream().map(StoredEvent::data).toList())
        .map((rs, _) -> Map.entry(rs.getInt(1), rs.getLong(2)))
        .forEach(entry -> last.put(entry.getKey(), entry.getValue()));
    return last;
  }

  /// A piece of a lane: what comes after one number, up to another.
  record Span(int lane, long after, long upTo) {}

  /// Up to `limit` events of each of these pieces, of these types or of all, each lane's in order.
  static List<StoredEvent> within(
      Handle sql,
      TenantId tenant,
      List<Span> spans,
      @Nullable Collection<String> types,
      int limit) {
    return sql.createQuery(
            """
            SELECT e.id, e.type, e.version, e.tenant_id, e.project_id, e.conversation_id, e.time, e.correlation_id,
              e.causation_id, e.lane, e.seq, e.participants_only, e.data::text AS data
            FROM unnest(CAST(:lanes AS int[]), CAST(:after AS bigint[]), CAST(:upto AS bigint[]))
              AS u (lane, after, upto)
            CROSS JOIN LATERAL (
              SELECT * FROM events x
              WHERE x.tenant_id = :tenant AND x.lane = u.lane AND x.seq > u.after AND x.seq <= u.upto
                AND (:all OR x.type = ANY(:types))
              ORDER BY x.seq LIMIT :limit) e
            ORDER BY e.lane, e.seq
            """)
        .bind("tenant", tenant.value())
        .bindArray("lanes", Integer.class, spans.stream().map(Span::lane).toList())
        .bindArray("after", Long.class, spans.stream().map(Span::after).toList())
        .bindArray("upto", Long.class, spans.stream().map(Span::upTo).toList())
        .bind("all", types == null)
        .bindArray("types", String.class, types == null ? List.of() : types)
        .bind("limit", limit)
        .map(EventStore::event)
        .list();
  }

  /// Of each lane up to `window` events before a number, the latest first, as far as they match; `scanned` tells the
  /// least number that was looked at.
  static List<Backwards.Row> backwards(
      Handle sql,
      TenantId tenant,
      List<Integer> lanes,
      List<Long> before,
      Backwards.Filter filter,
      int window,
      int limit) {
    return sql.createQuery(
            """
            SELECT w.lane AS of_lane, w.scanned, w.looked, e.id, e.type, e.version, e.tenant_id, e.project_id,
              e.conversation_id, e.time, e.correlation_id, e.causation_id, e.lane, e.seq, e.participants_only,
              e.data::text AS data
            FROM (
              SELECT u.lane, u.before, min(s.seq) AS scanned, count(s.seq) AS looked
              FROM unnest(CAST(:lanes AS int[]), CAST(:before AS bigint[])) AS u (lane, before)
              CROSS JOIN LATERAL (
                SELECT x.seq FROM events x WHERE x.tenant_id = :tenant AND x.lane = u.lane AND x.seq < u.before
                ORDER BY x.seq DESC LIMIT :window) s
              GROUP BY u.lane, u.before) w
            LEFT JOIN LATERAL (
              SELECT * FROM events x
              WHERE x.tenant_id = :tenant AND x.lane = w.lane AND x.seq < w.before AND x.seq >= w.scanned
                AND (CAST(:type AS text) IS NULL OR x.type = :type OR starts_with(x.type, :type || '.'))
                AND (CAST(:conversation AS uuid) IS NULL OR x.conversation_id = :conversation)
                AND (CAST(:correlation AS text) IS NULL OR x.correlation_id = :correlation)
                AND (CAST(:from AS timestamptz) IS NULL OR x.time >= :from)
                AND (CAST(:to AS timestamptz) IS NULL OR x.time < :to)
              ORDER BY x.seq DESC LIMIT :limit) e ON true
            """)
        .bind("tenant", tenant.value())
        .bindArray("lanes", Integer.class, lanes)
        .bindArray("before", Long.class, before)
        .bind("window", window)
        .bind("type", filter.type())
        .bind("conversation", filter.conversationId())
        .bind("correlation", filter.correlationId())
        .bind("from", utc(filter.from()))
        .bind("to", utc(filter.to()))
        .bind("limit", limit)
        .map(
            (rs, context) ->
                new Backwards.Row(
                    rs.getInt("of_lane"),
                    rs.getLong("scanned"),
                    rs.getInt("looked"),
                    rs.getString("id") == null ? null : event(rs, context)))
        .list();
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  static Map<Integer, Long> heads(Handle sql, TenantId tenant) {
    var heads = new HashMap<Integer, Long>();
    sql.createQuery("SELECT lane, last_seq FROM lane_heads WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .map((rs, _) -> Map.entry(rs.getInt(1), rs.getLong(2)))
        .forEach(entry -> heads.put(entry.getKey(), entry.getValue()));
    return heads;
  }

  /// Heads of all tenants that were touched within the last `seconds`; read as the system.
  static Map<LaneKey, Long> recentHeads(Handle sql, int seconds) {
    var heads = new HashMap<LaneKey, Long>();
    sql.createQuery(
            """
            SELECT tenant_id, lane, last_seq FROM lane_heads
            WHERE touched_at > now() - :seconds * interval '1 second'
            """)
        .bind("seconds", seconds)
        .map(
            (rs, _) ->
                Map.entry(
                    new LaneKey(new TenantId(rs.getObject(1, UUID.class)), rs.getInt(2)),
                    rs.getLong(3)))
        .forEach(entry -> heads.put(entry.getKey(), entry.getValue()));
    return heads;
  }

  /// Lanes in which a subscription has events before it; read as the system.
  static List<LaneKey> behind(Handle sql, String subscription, Collection<Integer> lanes) {
    return sql.createQuery(
            """
            SELECT h.tenant_id, h.lane FROM lane_heads h
            LEFT JOIN subscription_cursors c
              ON c.tenant_id = h.tenant_id AND c.subscription = :subscription AND c.lane = h.lane
            WHERE h.lane = ANY(:lanes) AND h.last_seq > coalesce(c.seq, 0)
            """)
        .bind("subscription", subscription)
        .bindArray("lanes", Integer.class, lanes)
        .map((rs, _) -> new LaneKey(new TenantId(rs.getObject(1, UUID.class)), rs.getInt(2)))
        .list();
  }

  /// What a subscription has before it in those of a tenant's lanes in which there is anything.
  static List<Span> before(
      Handle sql, String subscription, TenantId tenant, Collection<Integer> lanes) {
    return sql.createQuery(
            """
            SELECT h.lane, coalesce(c.seq, 0), h.last_seq FROM lane_heads h
            LEFT JOIN subscription_cursors c
              ON c.tenant_id = h.tenant_id AND c.subscription = :subscription AND c.lane = h.lane
            WHERE h.tenant_id = :tenant AND h.lane = ANY(:lanes) AND h.last_seq > coalesce(c.seq, 0)
            """)
        .bind("tenant", tenant.value())
        .bind("subscription", subscription)
        .bindArray("lanes", Integer.class, lanes)
        .map((rs, _) -> new Span(rs.getInt(1), rs.getLong(2), rs.getLong(3)))
        .list();
  }

  static void moveCursors(
      Handle sql, String subscription, TenantId tenant, Map<Integer, Long> places) {
    sql.createUpdate(
            """
            INSERT INTO subscription_cursors AS c (tenant_id, subscription, lane, seq)
            SELECT :tenant, :subscription, u.lane, u.seq
            FROM unnest(CAST(:lanes AS int[]), CAST(:seqs AS bigint[])) AS u (lane, seq)
            ON CONFLICT (tenant_id, subscription, lane) DO UPDATE SET seq = EXCLUDED.seq
            """)
        .bind("tenant", tenant.value())
        .bind("subscription", subscription)
        .bindArray("lanes", Integer.class, places.keySet())
        .bindArray("seqs", Long.class, places.values())
        .execute();
  }

  /// How many events each subscription has before it, over all tenants; read as the system.
  static Map<String, Long> lags(Handle sql) {
    var lags = new HashMap<String, Long>();
    sql.createQuery(
            """
            SELECT c.subscription, sum(h.last_seq - c.seq) FROM subscription_cursors c
            JOIN lane_heads h ON h.tenant_id = c.tenant_id AND h.lane = c.lane GROUP BY c.subscription
            """)
        .map((rs, _) -> Map.entry(rs.getString(1), rs.getLong(2)))
        .forEach(entry -> lags.put(entry.getKey(), entry.getValue()));
    return lags;
  }

  static Map<String, Long> lags(Handle sql, TenantId tenant) {
    var lags = new HashMap<String, Long>();
    sql.createQuery(
            """
            SELECT c.subscription, sum(h.last_seq - c.seq) FROM subscription_cursors c
            JOIN lane_heads h ON h.tenant_id = c.tenant_id AND h.lane = c.lane
            WHERE c.tenant_id = :tenant GROUP BY c.subscription
            """)
        .bind("tenant", tenant.value())
        .map((rs, _) -> Map.entry(rs.getString(1), rs.getLong(2)))
        .forEach(entry -> lags.put(entry.getKey(), entry.getValue()));
    return lags;
  }

  static int deleteBefore(Handle sql, TenantId tenant, OffsetDateTime time, int limit) {
    return sql.createUpdate(
            """
            DELETE FROM events e USING (
              SELECT lane, seq FROM events WHERE tenant_id = :tenant AND time < :time LIMIT :limit) old
            WHERE e.tenant_id = :tenant AND e.lane = old.lane AND e.seq = old.seq
            """)
        .bind("tenant", tenant.value())
        .bind("time", time)
        .bind("limit", limit)
        .execute();
  }

  private static StoredEvent event(ResultSet rs, StatementContext context) throws SQLException {
    return new StoredEvent(
        rs.getObject("id", UUID.class),
        rs.getString("type"),
        rs.getInt("version"),
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        rs.getObject("project_id", UUID.class),
        rs.getObject("conversation_id", UUID.class),
        rs.getObject("time", OffsetDateTime.class).toInstant(),
        rs.getString("correlation_id"),
        rs.getObject("causation_id", UUID.class),
        rs.getInt("lane"),
        rs.getLong("seq"),
        rs.getBoolean("participants_only"),
        rs.getString("data"));
  }
}
