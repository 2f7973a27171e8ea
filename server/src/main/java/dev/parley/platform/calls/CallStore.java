package dev.parley.platform.calls;

import dev.parley.platform.access.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `api_calls`.
final class CallStore {
  /// The conflict has no target, because a target would need the right to read.
  private static final String INSERT =
      """
      INSERT INTO api_calls (tenant_id, id, time, direction, method, route, path, query, status, micros, caller_kind,
        caller_id, caller_name, ip, correlation_id, request_bytes, response_bytes, request_body, response_body,
        failure)
      SELECT u.tenant, u.id, to_timestamp(u.millis / 1000.0), u.direction, u.method, u.route, u.path, u.query,
        u.status, u.micros, u.kind, u.caller, u.name, u.ip, u.correlation, u.in_bytes, u.out_bytes, u.in_body,
        u.out_body, u.failure
      FROM unnest(?::uuid[], ?::uuid[], ?::float8[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
        ?::int[], ?::bigint[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
        ?::text[], ?::text[], ?::text[])
        AS u (tenant, id, millis, direction, method, route, path, query, status, micros, kind, caller, name, ip,
          correlation, in_bytes, out_bytes, in_body, out_body, failure)
      ON CONFLICT DO NOTHING
      """;

  private static final String COLUMNS =
      """
      tenant_id, id, time, direction, method, route, path, query, status, micros, caller_kind, caller_id,
      caller_name, ip, correlation_id, request_bytes, response_bytes, request_body, response_body, failure
      """;

  private CallStore() {}

  /// Writes calls of any tenants as the intake's role, in one transaction that does not wait for the disk: what a
  /// power failure takes away is no more than what a crash of the process would.
  static void insert(DataSource intake, List<Call> calls) {
    try {
      write(intake, calls);
    } catch (SQLException e) {
      throw new IllegalStateException("calls cannot be written: " + e.getMessage(), e);
    }
  }

  private static void write(DataSource intake, List<Call> calls) throws SQLException {
    try (Connection connection = intake.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement setting = connection.createStatement();
          PreparedStatement insert = connection.prepareStatement(INSERT)) {
        setting.execute("SET LOCAL synchronous_commit = off");
        var columns = new Columns(connection, insert, calls);
        columns.add("uuid", call -> call.tenant().value());
        columns.add("uuid", Call::id);
        columns.add("float8", call -> (double) call.time().toEpochMilli());
        columns.add("text", call -> call.direction().name().toLowerCase(Locale.ROOT));
        columns.add("text", Call::method);
        columns.add("text", Call::route);
        columns.add("text", Call::path);
        columns.add("text", Call::query);
        columns.add("int4", Call::status);
        columns.add("int8", Call::micros);
        columns.add("text", call -> by(call, Call.By::kind));
        columns.add("uuid", call -> by(call, Call.By::id));
        columns.add("text", call -> by(call, Call.By::name));
        columns.add("text", Call::ip);
        columns.add("text", Call::correlationId);
        columns.add("int8", Call::requestBytes);
        columns.add("int8", Call::responseBytes);
        columns.add("text", Call::requestBody);
        columns.add("text", Call::responseBody);
        columns.add("text", Call::failure);
        insert.executeUpdate();
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static <T> @Nullable T by(Call call, Function<Call.By, T> part) {
    Call.By caller = call.caller();
    return caller == null ? null : part.apply(caller);
  }

  private static final class Columns {
    private final Connection connection;
    private final PreparedStatement insert;
    private final List<Call> calls;
    private int at;

    Columns(Connection connection, PreparedStatement insert, List<Call> calls) {
      this.connection = connection;
      this.insert = insert;
      this.calls = calls;
    }

    void add(String type, Function<Call, @Nullable Object> value) throws SQLException {
      @Nullable Object[] values = new Object[calls.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value.apply(calls.get(i));
      }
      insert.setArray(++at, connection.createArrayOf(type, values));
    }
  }

  /// Looks at up to `window` calls before one and answers those of them that match.
  static List<Call> page(
      Handle sql, TenantId tenant, CallLog.Filter filter, UUID before, int window, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM (
                  SELECT * FROM api_calls WHERE tenant_id = :tenant AND id < :before
                    AND (CAST(:least AS uuid) IS NULL OR id >= :least)
                  ORDER BY id DESC LIMIT :window) c
                WHERE tenant_id = :tenant
                  AND (CAST(:direction AS text) IS NULL OR direction = :direction)
                  AND (CAST(:method AS text) IS NULL OR method = :method)
                  AND (CAST(:route AS text) IS NULL OR route = :route)
                  AND (CAST(:path AS text) IS NULL OR starts_with(path, :path))
                  AND status >= :from AND status <= :to AND micros >= :micros
                  AND (CAST(:caller AS uuid) IS NULL OR caller_id = :caller)
                ORDER BY id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("before", before)
        .bind("least", filter.least())
        .bind("window", window)
        .bind(
            "direction",
            filter.direction() == null ? null : filter.direction().name().toLowerCase(Locale.ROOT))
        .bind("method", filter.method())
        .bind("route", filter.route())
        .bind("path", filter.path())
        .bind("from", filter.leastStatus())
        .bind("to", filter.mostStatus())
        .bind("micros", filter.leastMicros())
        .bind("caller", filter.caller())
        .bind("limit", limit)
        .map(CallStore::call)
        .list();
  }

  /// The last call that [#page] looks at in its window; empty when the window reaches the end.
  static Optional<UUID> end(
      Handle sql, TenantId tenant, @Nullable UUID least, UUID before, int window) {
    return sql.createQuery(
            """
            SELECT id FROM api_calls WHERE tenant_id = :tenant AND id < :before
              AND (CAST(:least AS uuid) IS NULL OR id >= :least)
            ORDER BY id DESC OFFSET :skip LIMIT 1
            """)
        .bind("tenant", tenant.value())
        .bind("before", before)
        .bind("least", least)
        .bind("skip", window - 1)
        .mapTo(UUID.class)
        .findOne();
  }

  static List<Call> ofCorrelation(
      Handle sql, TenantId tenant, String correlation, UUID before, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM api_calls
                WHERE tenant_id = :tenant AND correlation_id = :correlation AND id < :before
                ORDER BY id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("correlation", correlation)
        .bind("before", before)
        .bind("limit", limit)
        .map(CallStore::call)
        .list();
  }

  static Optional<Call> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM api_calls WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(CallStore::call)
        .findOne();
  }

  static int deleteBefore(Handle sql, TenantId tenant, UUID bound, int limit) {
    return sql.createUpdate(
            """
            DELETE FROM api_calls WHERE tenant_id = :tenant AND id IN (
              SELECT id FROM api_calls WHERE tenant_id = :tenant AND id < :bound ORDER BY id LIMIT :limit)
            """)
        .bind("tenant", tenant.value())
        .bind("bound", bound)
        .bind("limit", limit)
        .execute();
  }

  private static Call call(ResultSet rs, StatementContext context) throws SQLException {
    String kind = rs.getString("caller_kind");
    UUID caller = rs.getObject("caller_id", UUID.class);
    return new Call(
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        rs.getObject("id", UUID.class),
        rs.getObject("time", OffsetDateTime.class).toInstant(),
        Call.Direction.valueOf(rs.getString("direction").toUpperCase(Locale.ROOT)),
        rs.getString("method"),
        rs.getString("route"),
        rs.getString("path"),
        rs.getString("query"),
        rs.getInt("status"),
        rs.getLong("micros"),
        kind == null || caller == null
            ? null
            : new Call.By(kind, caller, rs.getString("caller_name")),
        rs.getString("ip"),
        rs.getString("correlation_id"),
        rs.getLong("request_bytes"),
        rs.getLong("response_bytes"),
        rs.getString("request_body"),
        rs.getString("response_body"),
        rs.getString("failure"));
  }
}
