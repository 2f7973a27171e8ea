package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL for `genesys_budgets`. Time is the database's own, so that all processes agree on it.
final class BudgetStore {
  // What is in the bucket now.
  private static final String NOW =
      """
      least(:burst, tokens + greatest(0, extract(epoch FROM clock_timestamp() - refilled_at)) * :rate)
      """;

  private BudgetStore() {}

  static Duration take(
      Handle sql, TenantId tenant, String client, double burst, double rate, double needed) {
    int taken =
        sql.createUpdate(
                "UPDATE genesys_budgets SET tokens = "
                    + NOW
                    + " - 1, refilled_at = clock_timestamp(), blocked_until = NULL "
                    + "WHERE tenant_id = :tenant AND client = :client AND "
                    + NOW
                    + ">= :needed AND (blocked_until IS NULL OR blocked_until <= clock_timestamp())")
            .bind("tenant", tenant.value())
            .bind("client", client)
            .bind("burst", burst)
            .bind("rate", rate)
            .bind("needed", needed)
            .execute();
    if (taken > 0) {
      return Duration.ZERO;
    }
    int first =
        sql.createUpdate(
                """
                INSERT INTO genesys_budgets (tenant_id, client, tokens, refilled_at)
                VALUES (:tenant, :client, CAST(:burst AS double precision) - 1, clock_timestamp())
                ON CONFLICT DO NOTHING
                """)
            .bind("tenant", tenant.value())
            .bind("client", client)
            .bind("burst", burst)
            .execute();
    return first > 0 ? Duration.ZERO : left(sql, tenant, client, burst, rate, needed);
  }

  private static Duration left(
      Handle sql, TenantId tenant, String client, double burst, double rate, double needed) {
    double seconds =
        sql.createQuery(
                "SELECT greatest((:needed - "
                    + NOW
                    + """
                    ) / :rate, coalesce(extract(epoch FROM blocked_until - clock_timestamp()), 0), 0.05)
                    FROM genesys_budgets WHERE tenant_id = :tenant AND client = :client
                    """)
            .bind("tenant", tenant.value())
            .bind("client", client)
            .bind("burst", burst)
            .bind("rate", rate)
            .bind("needed", needed)
            .mapTo(Double.class)
            .one();
    return Duration.ofMillis((long) Math.ceil(seconds * 1000));
  }

  /// What is left, or empty when the client has made no call yet.
  static Optional<Budget.Left> read(
      Handle sql, TenantId tenant, String client, double burst, double rate) {
    return sql.createQuery(
            "SELECT "
                + NOW
                + """
                AS tokens, CASE WHEN blocked_until > clock_timestamp() THEN blocked_until END AS blocked
                FROM genesys_budgets WHERE tenant_id = :tenant AND client = :client
                """)
        .bind("tenant", tenant.value())
        .bind("client", client)
        .bind("burst", burst)
        .bind("rate", rate)
        .map(
            (rs, _) -> {
              OffsetDateTime blocked = rs.getObject("blocked", OffsetDateTime.class);
              return new Budget.Left(
                  (int) Math.max(0, rs.getDouble("tokens")),
                  blocked == null ? null : blocked.toInstant());
            })
        .findOne();
  }

  static void block(Handle sql, TenantId tenant, String client, double burst, Duration pause) {
    sql.createUpdate(
            """
            INSERT INTO genesys_budgets AS b (tenant_id, client, tokens, refilled_at, blocked_until)
            VALUES (:tenant, :client, :burst, clock_timestamp(), clock_timestamp() + CAST(:pause AS interval))
            ON CONFLICT (tenant_id, client) DO UPDATE
              SET blocked_until = greatest(coalesce(b.blocked_until, EXCLUDED.blocked_until), EXCLUDED.blocked_until)
            """)
        .bind("tenant", tenant.value())
        .bind("client", client)
        .bind("burst", burst)
        .bind("pause", pause.toMillis() + " milliseconds")
        .execute();
  }
}
