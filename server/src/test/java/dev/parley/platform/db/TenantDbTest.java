package dev.parley.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantDbTest {
  private TestDatabase db = TestDatabase.create();

  @BeforeAll
  void rowsOfBothTenants() {
    for (var tenant : List.of(db.acme, db.globex)) {
      db.tenants()
          .runInTenant(
              tenant,
              tx ->
                  tx.sql()
                      .execute(
                          "INSERT INTO lane_heads (tenant_id, lane, last_seq, touched_at) VALUES (?, 1, 7, now())",
                          tenant.value()));
    }
  }

  @AfterAll
  void close() {
    db.close();
  }

  private static int rows(Tx tx) {
    return tx.sql().createQuery("SELECT count(*) FROM lane_heads").mapTo(Integer.class).one();
  }

  @Test
  void aTransactionSeesItsTenantAlone() {
    assertThat(db.tenants().inTenant(db.acme, TenantDbTest::rows)).isEqualTo(1);
  }

  @Test
  void withoutATenantNoRowIsSeen() {
    int rows =
        Sql.on(db.database().app())
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT count(*) FROM lane_heads")
                        .mapTo(Integer.class)
                        .one());
    assertThat(rows).isZero();
  }

  @Test
  void aPlanMadeWhileATableWasEmptyUsesAnIndexAllTheSame() {
    List<String> plan =
        db.tenants()
            .inTenant(
                db.acme,
                tx ->
                    tx.sql()
                        .createQuery(
                            """
                            EXPLAIN SELECT id FROM work_items
                            WHERE tenant_id = :tenant AND queue = 'inbound-messages' AND lane = 3 AND id > :after
                            ORDER BY id LIMIT 10
                            """)
                        .bind("tenant", db.acme.value())
                        .bind("after", new UUID(0, 0))
                        .mapTo(String.class)
                        .list());
    assertThat(String.join("\n", plan)).contains("work_items_order").doesNotContain("Seq Scan");
  }
}
