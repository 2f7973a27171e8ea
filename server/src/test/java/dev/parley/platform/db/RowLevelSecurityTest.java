package dev.parley.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Reads the catalogue, so that a table that somebody adds cannot be forgotten.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowLevelSecurityTest {
  /// Tables that hold no tenant's data. Whoever adds one says so here.
  private static final Set<String> OF_NO_TENANT =
      Set.of(
          "flyway_schema_history",
          "leases",
          "node_states",
          "nodes",
          "operators",
          "scheduled_tasks",
          "setup_codes",
          "signing_keys");

  private static final String TENANT_TABLES =
      """
      SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND EXISTS (SELECT 1 FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
      """;

  private final TestDatabase db = TestDatabase.create();

  @AfterAll
  void close() {
    db.close();
  }

  private List<String> names(String sql) throws SQLException {
    var names = new ArrayList<String>();
    try (var connection = db.database().ownerConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Test
  void everyTenantTableHasForcedRowLevelSecurity() throws SQLException {
    assertThat(names("SELECT relname FROM (" + TENANT_TABLES + ") t")).hasSizeGreaterThan(15);
    assertThat(
            names(
                "SELECT relname FROM ("
                    + TENANT_TABLES
                    + ") t WHERE NOT relrowsecurity OR NOT relforcerowsecurity"))
        .isEmpty();
  }

  @Test
  void everyTenantTableHasThePolicyOnTheTransactionsTenant() throws SQLException {
    assertThat(
            names(
                "SELECT relname FROM ("
                    + TENANT_TABLES
                    + """
                    ) t WHERE NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = t.relname
                      AND p.schemaname = 'public' AND p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL'
                      AND p.roles = '{parley_app}' AND p.with_check IS NULL
                      AND p.qual = '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)')
                    """))
        .isEmpty();
  }

  @Test
  void noOtherPolicyOpensATableToTheTenantsRoleOrToEverybody() throws SQLException {
    assertThat(
            names(
                """
                SELECT tablename || '.' || policyname FROM pg_policies
                WHERE schemaname = 'public' AND policyname <> 'tenant'
                  AND roles && '{parley_app,public}'::name[]
                """))
        .isEmpty();
  }

  @Test
  void theTenantComesFirstInEveryKeyOfATenantTable() throws SQLException {
    assertThat(
            names(
                "SELECT t.relname || '.' || i.indexrelid::regclass FROM ("
                    + TENANT_TABLES
                    + """
                    ) t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
                    WHERE a.attname <> 'tenant_id'
                    """))
        // The slug names one tenant of the whole installation.
        .containsExactly("tenants.tenants_slug");
  }

  @Test
  void everyOtherTableIsKnownToHoldNoTenantsData() throws SQLException {
    assertThat(
            names(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                    + " EXCEPT SELECT relname FROM ("
                    + TENANT_TABLES
                    + ") t"))
        .containsExactlyInAnyOrderElementsOf(OF_NO_TENANT);
  }

  @Test
  void theWorkingRolesOwnNothingAndBypassNothing() throws SQLException {
    String roles = "('parley_app', 'parley_intake', 'parley_system')";
    assertThat(names("SELECT rolname FROM pg_roles WHERE rolname IN " + roles)).hasSize(3);
    assertThat(
            names(
                "SELECT rolname FROM pg_roles WHERE rolname IN "
                    + roles
                    + " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"))
        .isEmpty();
    assertThat(
            names(
                "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN "
                    + roles))
        .isEmpty();
    assertThat(
            names(
                "SELECT m.roleid::regrole::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname IN "
                    + roles))
        .isEmpty();
  }

  @Test
  void theSearchReadsAndNobodySignsInAsIt() throws SQLException {
    assertThat(
            names(
                """
                SELECT rolname FROM pg_roles WHERE rolname = 'parley_search'
                  AND NOT (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
                """))
        .hasSize(1);
    assertThat(
            names(
                """
                SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
                WHERE grantee = 'parley_search'
                """))
        .containsExactlyInAnyOrder(
            "message_search SELECT", "name_search SELECT", "participants SELECT");
    assertThat(
            names(
                "SELECT 'creates' WHERE has_schema_privilege('parley_search', 'public', 'CREATE')"))
        .isEmpty();
  }

  @Test
  void whatRunsAsAnotherRoleIsKnownAndFindsItsTablesBySchema() throws SQLException {
    assertThat(
            names(
                """
                SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                """))
        .containsExactlyInAnyOrder("search_messages", "search_names");
    assertThat(
            names(
                """
                SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                  AND p.proowner = 'parley_search'::regrole AND p.proconfig @> ARRAY['search_path=public, pg_temp']
                  AND has_function_privilege('parley_app', p.oid, 'EXECUTE')
                  AND NOT has_function_privilege('parley_intake', p.oid, 'EXECUTE')
                  AND NOT has_function_privilege('parley_system', p.oid, 'EXECUTE')
                """))
        .containsExactlyInAnyOrder("search_messages", "search_names");
  }

  @Test
  void theIntakeMayDoNothingButInsert() throws SQLException {
    assertThat(
            names(
                """
                SELECT DISTINCT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
                WHERE grantee = 'parley_intake' AND privilege_type <> 'INSERT'
                """))
        .isEmpty();
  }

  @Test
  void aTenantsRowsCanBeRemovedFromEveryTable() throws SQLException {
    assertThat(
            names(
                "SELECT relname FROM ("
                    + TENANT_TABLES
                    + """
                    ) t WHERE NOT has_table_privilege('parley_app', t.oid, 'DELETE')
                      AND NOT has_table_privilege('parley_system', t.oid, 'DELETE')
                    """))
        .isEmpty();
  }
}
