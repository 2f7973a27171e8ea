package dev.parley.tenants;

import dev.parley.platform.access.TenantId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL that removes a tenant's rows from whatever tables the catalogue says there are.
final class TenantRemovalStore {
  /// A table with a tenant's rows.
  ///
  /// @param name quoted by the database
  /// @param key its primary key's columns, quoted by the database
  /// @param byTenant whether the tenants' role may delete from it
  /// @param bySystem whether the system's role may
  record Table(String name, String key, boolean byTenant, boolean bySystem) {}

  private TenantRemovalStore() {}

  /// Every tenant table but `tenants` itself.
  static List<Table> tables(Handle sql) {
    return sql.createQuery(
            """
            SELECT quote_ident(c.relname) AS name,
              string_agg(quote_ident(k.attname), ', ' ORDER BY array_position(i.indkey::int2[], k.attnum)) AS key,
              has_table_privilege('parley_app', c.oid, 'DELETE') AS by_tenant,
              has_table_privilege('parley_system', c.oid, 'DELETE') AS by_system
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey::int2[])
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND c.relname <> 'tenants'
            GROUP BY c.oid, c.relname
            ORDER BY c.relname
            """)
        .map(
            (rs, _) ->
                new Table(
                    rs.getString("name"),
                    rs.getString("key"),
                    rs.getBoolean("by_tenant"),
                    rs.getBoolean("by_system")))
        .list();
  }

  /// Deletes up to `limit` rows; answers how many. The names come quoted from the catalogue, never from outside.
  static int deleteSome(Handle sql, Table table, TenantId tenant, int limit) {
    return sql.createUpdate(
            "DELETE FROM %1$s WHERE tenant_id = :tenant AND (%2$s) IN (SELECT %2$s FROM %1$s WHERE tenant_id = :tenant LIMIT :limit)"
                .formatted(table.name(), table.key()))
        .bind("tenant", tenant.value())
        .bind("limit", limit)
        .execute();
  }

  /// Deletes the tenant itself; only one that is being deleted.
  static boolean deleteTenant(Handle sql, TenantId tenant) {
    return sql.createUpdate("DELETE FROM tenants WHERE tenant_id = :tenant AND state = 'deleting'")
            .bind("tenant", tenant.value())
            .execute()
        == 1;
  }
}
