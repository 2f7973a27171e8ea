package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `dead_letters`.
final class DeadLetterStore {
  private static final String COLUMNS =
      "id, queue, key, dedup_key, kind, payload, cause, attempts, correlation_id, traceparent, created_at";

  private DeadLetterStore() {}

  static void insert(
      Handle sql, TenantId tenant, UUID id, WorkItem item, String cause, int attempts) {
    sql.createUpdate(
            """
            INSERT INTO dead_letters (tenant_id, id, queue, key, dedup_key, kind, payload, cause, attempts,
              correlation_id, traceparent, created_at)
            VALUES (:tenant, :id, :queue, :key, :dedup, :kind, :payload, :cause, :attempts, :correlation,
              :traceparent, now())
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("queue", item.queue())
        .bind("key", item.key())
        .bind("dedup", item.dedupKey())
        .bind("kind", item.kind())
        .bind("payload", item.payload())
        .bind("cause", cause)
        .bind("attempts", attempts)
        .bind("correlation", item.correlationId())
        .bind("traceparent", item.traceparent())
        .execute();
  }

  private static final String MATCHES =
      """
      tenant_id = :tenant AND (CAST(:queue AS text) IS NULL OR queue = :queue)
        AND (CAST(:kind AS text) IS NULL OR kind = :kind)
        AND (CAST(:cause AS text) IS NULL OR position(lower(:cause) IN lower(cause)) > 0)
        AND (CAST(:from AS timestamptz) IS NULL OR created_at >= :from)
        AND (CAST(:to AS timestamptz) IS NULL OR created_at < :to)
      """;

  static List<DeadLetter> page(
      Handle sql, TenantId tenant, DeadLetters.Filter filter, @Nullable UUID before, int limit) {
    return filtered(
            sql.createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM dead_letters WHERE "
                    + MATCHES
                    + """
                      AND (CAST(:before AS uuid) IS NULL OR id < :before)
                      ORDER BY id DESC LIMIT :limit
                      """),
            tenant,
            filter)
        .bind("before", before)
        .bind("limit", limit)
        .map(DeadLetterStore::letter)
        .list();
  }

  /// The oldest that match; of two who take the same at once one gets it.
  static List<DeadLetter> removeAll(
      Handle sql, TenantId tenant, DeadLetters.Filter filter, int limit) {
    return filtered(
            sql.createQuery(
                "DELETE FROM dead_letters WHERE tenant_id = :tenant AND id IN ("
                    + "SELECT id FROM dead_letters WHERE "
                    + MATCHES
                    + " ORDER BY id LIMIT :limit) RETURNING "
                    + COLUMNS),
            tenant,
            filter)
        .bind("limit", limit)
        .map(DeadLetterStore::letter)
        .list()
        .stream()
        .sorted(Comparator.comparing(letter -> letter.id().toString()))
        .toList();
  }

  private static Query filtered(Query query, TenantId tenant, DeadLetters.Filter filter) {
    return query
        .bind("tenant", tenant.value())
        .bind("queue", filter.queue())
        .bind("kind", filter.kind())
        .bind("cause", filter.cause())
        .bind("from", utc(filter.from()))
        .bind("to", utc(filter.to()));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  static Optional<DeadLetter> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM dead_letters WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(DeadLetterStore::letter)
        .findOne();
  }

  static Optional<DeadLetter> remove(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "DELETE FROM dead_letters WHERE tenant_id = :tenant AND id = :id RETURNING " + COLUMNS)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(DeadLetterStore::letter)
        .findOne();
  }

  /// Over all tenants; read as the system, which may see no more than this.
  static List<QueueDepths.Dead> counts(Handle sql) {
    return sql.createQuery(
            "SELECT queue, count(*), min(created_at) FROM dead_letters GROUP BY queue")
        .map(DeadLetterStore::count)
        .list();
  }

  static List<QueueDepths.Dead> counts(Handle sql, TenantId tenant) {
    return sql.createQuery(
            """
            SELECT queue, count(*), min(created_at) FROM dead_letters
            WHERE tenant_id = :tenant GROUP BY queue
            """)
        .bind("tenant", tenant.value())
        .map(DeadLetterStore::count)
        .list();
  }

  private static QueueDepths.Dead count(ResultSet rs, StatementContext context)
      throws SQLException {
    return new QueueDepths.Dead(
        rs.getString(1), rs.getLong(2), rs.getObject(3, OffsetDateTime.class).toInstant());
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    return sql.createUpdate(
            "DELETE FROM dead_letters WHERE tenant_id = :tenant AND created_at < :time")
        .bind("tenant", tenant.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static DeadLetter letter(ResultSet rs, StatementContext context) throws SQLException {
    return new DeadLetter(
        rs.getObject("id", UUID.class),
        rs.getString("queue"),
        rs.getString("key"),
        rs.getString("dedup_key"),
        rs.getString("kind"),
        rs.getString("payload"),
        rs.getString("cause"),
        rs.getInt("attempts"),
        rs.getString("correlation_id"),
        rs.getString("traceparent"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
