package dev.parley.tenants;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/// Removes the rows of tenants that are being deleted: table by table as the catalogue lists them, in batches, each a
/// transaction of its own. It can stop anywhere and go on later, in any process.
@Singleton
public final class TenantRemoval {
  private static final Logger LOG = Logger.getLogger(TenantRemoval.class);
  private static final int BATCH = 2_000;
  private static final int SWEEPS = 100;
  private static final int TENANTS_AT_A_TIME = 100;

  private final TenantDb db;
  private final SystemDb system;
  private final Tenants tenants;

  /// Works through these doors.
  public TenantRemoval(TenantDb db, SystemDb system, Tenants tenants) {
    this.db = db;
    this.system = system;
    this.tenants = tenants;
  }

  /// Removes the rows of tenants that are being deleted, at most a hundred of them; answers how many are gone. One that
  /// cannot be removed is logged and does not hold up the others.
  public int runAll() {
    int gone = 0;
    for (Tenant tenant : tenants.page(Tenant.State.DELETING, null, TENANTS_AT_A_TIME)) {
      try {
        run(tenant.id());
        gone++;
      } catch (RuntimeException e) {
        LOG.errorf(e, "tenant %s cannot be removed now", tenant.id());
      }
    }
    return gone;
  }

  /// Removes every row of a tenant that is being deleted, the tenant last. Throws a [Problem] when the tenant is not
  /// being deleted, and `IllegalStateException` naming the table that cannot be emptied.
  public void run(TenantId id) {
    Tenant tenant = tenants.get(id);
    if (tenant.state() != Tenant.State.DELETING) {
      throw new Problem(Problem.Code.WRONG_STATE, "The tenant is not being deleted.");
    }
    var tables = system.query(TenantRemovalStore::tables);
    // What was under way when the tenant was marked may still write, so only a sweep that finds
    // nothing ends it.
    for (int sweep = 1; sweep(id, tables) > 0; sweep++) {
      if (sweep == SWEEPS) {
        throw new IllegalStateException("rows of tenant " + id + " keep coming");
      }
    }
    db.inTenant(id, tx -> TenantRemovalStore.deleteTenant(tx.sql(), id));
    tenants.forget(tenant);
    LOG.infof("tenant %s (%s) is gone", id, tenant.slug());
  }

  /// Empties all tables; answers how many rows there were. A table that others refer to waits until those are empty.
  private long sweep(TenantId id, List<TenantRemovalStore.Table> tables) {
    long rows = 0;
    var left = new ArrayList<>(tables);
    while (!left.isEmpty()) {
      var refused = new ArrayList<TenantRemovalStore.Table>();
      for (var table : left) {
        try {
          rows += empty(id, table);
        } catch (RuntimeException e) {
          if (!SqlFailure.isReferenced(e)) {
            throw e;
          }
          refused.add(table);
        }
      }
      if (refused.size() == left.size()) {
        throw new IllegalStateException(
            "tables refer to each other in a circle: "
                + refused.stream().map(TenantRemovalStore.Table::name).toList());
      }
      left = refused;
    }
    return rows;
  }

  private long empty(TenantId id, TenantRemovalStore.Table table) {
    long rows = 0;
    int batch;
    do {
      if (table.byTenant()) {
        batch = db.inTenant(id, tx -> TenantRemovalStore.deleteSome(tx.sql(), table, id, BATCH));
      } else if (table.bySystem()) {
        batch = system.query(sql -> TenantRemovalStore.deleteSome(sql, table, id, BATCH));
      } else {
        throw new IllegalStateException("no role may delete from " + table.name());
      }
      rows += batch;
    } while (batch == BATCH);
    return rows;
  }
}
