package dev.parley.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.TestDatabase;
import java.util.List;
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
}
