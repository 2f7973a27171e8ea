package dev.parley.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.admin.RetentionSweep.Rule;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.json.Json;
import dev.parley.tenants.Retention.What;
import dev.parley.testing.TestClock;
import dev.parley.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionSweepTest {
  private final TestDatabase db = TestDatabase.create();
  private final TestClock clock = new TestClock();
  private final Map<TenantId, String> settings =
      Map.of(
          db.acme, "{\"retention\":{\"apiLogDays\":7,\"auditDays\":100}}",
          db.globex, "{}");

  @AfterAll
  void close() {
    db.close();
  }

  private record Asked(TenantId tenant, What what, Duration ago) {}

  private final List<Asked> asked = new ArrayList<>();

  private Rule rule(What what, Optional<Duration> otherwise) {
    return new Rule(
        what,
        otherwise,
        (tenant, time, _) -> {
          asked.add(new Asked(tenant, what, Duration.between(time, clock.instant())));
          return 0;
        });
  }

  private RetentionSweep sweep(Rule... rules) {
    return new RetentionSweep(
        List.of(rules), tenant -> Json.tree(settings.getOrDefault(tenant, "{}")), clock);
  }

  @Test
  void aTenantsSettingCountsAndElseTheConfiguration() {
    RetentionSweep sweep =
        sweep(
            rule(What.API_LOG, Optional.of(Duration.ofDays(14))),
            rule(What.EVENTS, Optional.of(Duration.ofDays(90))),
            rule(What.AUDIT, Optional.empty()));
    sweep.run(db.acme);
    sweep.run(db.globex);

    assertThat(asked)
        .containsExactly(
            new Asked(db.acme, What.API_LOG, Duration.ofDays(7)),
            new Asked(db.acme, What.EVENTS, Duration.ofDays(90)),
            new Asked(db.acme, What.AUDIT, Duration.ofDays(100)),
            new Asked(db.globex, What.API_LOG, Duration.ofDays(14)),
            new Asked(db.globex, What.EVENTS, Duration.ofDays(90)));
  }

  @Test
  void oneThatFailsHoldsUpNoOtherAndBatchesFollow() {
    var calls = new ArrayList<Integer>();
    Rule fails =
        new Rule(
            What.EVENTS,
            Optional.of(Duration.ofDays(1)),
            (_, _, _) -> {
              throw new IllegalStateException("away");
            });
    Rule batches =
        new Rule(
            What.API_LOG,
            Optional.of(Duration.ofDays(1)),
            (_, _, limit) -> {
              calls.add(limit);
              return calls.size() < 3 ? limit : 0;
            });
    sweep(fails, batches).run(db.globex);

    assertThat(calls).hasSize(3);
  }

  @Test
  void onlyWhatIsOldLeavesTheAuditAndOnlyOfOneTenant() throws SQLException {
    var audit = new Audit(db.tenants(), clock);
    tenant(db.acme);
    tenant(db.globex);
    for (TenantId tenant : List.of(db.acme, db.globex)) {
      insert(tenant, Instant.now());
      insert(tenant, Instant.now().minus(Duration.ofDays(200)));
      insert(tenant, Instant.now().minus(Duration.ofDays(101)));
      insert(tenant, Instant.now().minus(Duration.ofDays(95)));
      insert(tenant, Instant.now().minus(Duration.ofDays(10)));
    }
    // By the database's own clock, whatever ours says.
    assertThat(audit.deleteBefore(db.system(), db.acme, Instant.now(), 1)).isEqualTo(1);
    assertThat(audit.deleteBefore(db.system(), db.acme, Instant.now(), 100)).isEqualTo(1);
    assertThat(audit.deleteBefore(db.system(), db.globex, Instant.now(), 100)).isZero();

    assertThat(count(db.acme)).isEqualTo(3);
    assertThat(count(db.globex)).isEqualTo(5);
  }

  private void tenant(TenantId tenant) throws SQLException {
    try (var connection = db.database().ownerConnection();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO tenants (tenant_id, slug, name, state, settings, default_project_id, created_at, updated_at)
                VALUES (?, ?, 'x', 'active', CAST(? AS jsonb), ?, now(), now())
                """)) {
      insert.setObject(1, tenant.value());
      insert.setString(2, "t" + tenant.value());
      insert.setString(3, settings.get(tenant));
      insert.setObject(4, UUID.randomUUID());
      insert.executeUpdate();
    }
  }

  private void insert(TenantId tenant, Instant time) throws SQLException {
    try (var connection = db.database().ownerConnection();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO audit (tenant_id, id, time, actor_kind, actor_id, actor_name, action, target_type,
                  detail, correlation_id)
                VALUES (?, ?, CAST(? AS timestamptz), 'SYSTEM', ?, 'x', 'thing.done', 'thing', '{}', 'c')
                """)) {
      insert.setObject(1, tenant.value());
      insert.setObject(2, UUID.randomUUID());
      insert.setString(3, time.toString());
      insert.setObject(4, UUID.randomUUID());
      insert.executeUpdate();
    }
  }

  private int count(TenantId tenant) {
    return new Audit(db.tenants(), clock).page(tenant, Audit.Filter.NONE, null, 100).size();
  }
}
