package dev.parley.platform.db;

import dev.parley.platform.access.TenantId;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The one door to tenants' rows.
///
/// A transaction opened here runs as a database role that owns nothing and cannot bypass row-level
/// security, and its first statement names the tenant. Without that statement a tenant's table
/// shows no row.
public final class TenantDb {
  private static final int TRIES = 4;
  private final Jdbi jdbi;

  /// Works on connections of the role `parley_app`.
  public TenantDb(DataSource pool) {
    this.jdbi = Sql.on(pool);
  }

  /// Runs `work` in one transaction that sees this tenant alone, and commits. What `work` throws
  /// rolls back and comes out unchanged. Serialization failures and deadlocks are tried again up to
  /// three times, so `work` must not have effects outside the transaction; those belong into
  /// [Tx#afterCommit].
  public <T> T inTenant(TenantId tenant, Function<Tx, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(tenant, work);
      } catch (RuntimeException e) {
        if (attempt == TRIES || !SqlFailure.isRetryable(e)) {
          throw e;
        }
      }
    }
  }

  /// [#inTenant] without an answer.
  public void runInTenant(TenantId tenant, Consumer<Tx> work) {
    inTenant(
        tenant,
        tx -> {
          work.accept(tx);
          return tenant;
        });
  }

  private <T> T once(TenantId tenant, Function<Tx, T> work) {
    Tx tx;
    T result;
    try (Handle handle = jdbi.open()) {
      tx = new Tx(tenant, handle);
      handle.begin();
      try {
        // A literal, because a distributed database passes only SET LOCAL on to its workers.
        handle.execute("SET LOCAL app.tenant_id = '" + tenant + "'");
        result = work.apply(tx);
        tx.runBeforeCommit();
        handle.commit();
      } catch (Throwable e) {
        rollBack(handle, e);
        throw e;
      }
    }
    tx.runAfterCommit();
    return result;
  }

  private static void rollBack(Handle handle, Throwable cause) {
    try {
      handle.rollback();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
