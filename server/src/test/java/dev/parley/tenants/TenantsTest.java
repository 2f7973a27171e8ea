package dev.parley.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.identity.IdentityFixture;
import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantsTest {
  private final IdentityFixture all = new IdentityFixture();
  private final Caller admin = IdentityFixture.caller(all.acme, UserRole.ADMIN);

  @AfterAll
  void close() {
    all.close();
  }

  private static Problem.Code refused(ThrowingCallable call) {
    return catchThrowableOfType(Problem.class, call).code();
  }

  @Test
  void aTenantComesWithItsDefaultProject() {
    Tenant acme = all.tenants.get(all.acme);
    assertThat(acme.slug()).isEqualTo("acme");
    assertThat(all.tenants.findBySlug("acme")).contains(all.acme);
    assertThat(all.tenants.defaultProject(all.acme)).isEqualTo(acme.defaultProject());
    assertThat(all.projects.find(all.acme, acme.defaultProject()).orElseThrow().name())
        .isEqualTo("Default");
    assertThat(all.projects.find(all.globex, acme.defaultProject())).isEmpty();
  }

  @Test
  void aSlugIsWellFormedAndTakenOnce() {
    for (String bad :
        List.of("", "a", "ab", "-ab", "ab-", "a--b", "a b", "ä-b", "api", "x".repeat(41))) {
      assertThat(refused(() -> all.tenants.create(all.operator, bad, "Name")))
          .as(bad)
          .isEqualTo(Problem.Code.INVALID);
    }
    assertThat(refused(() -> all.tenants.create(all.operator, "Acme", "Again")))
        .isEqualTo(Problem.Code.CONFLICT);
  }

  @Test
  void whatFailsInTheSameTransactionLeavesNoTenant() {
    Problem problem = new Problem(Problem.Code.CONFLICT, "no");
    assertThat(
            refused(
                () ->
                    all.tenants.create(
                        all.operator,
                        "never",
                        "Never",
                        _ -> {
                          throw problem;
                        })))
        .isEqualTo(Problem.Code.CONFLICT);
    assertThat(all.tenants.findBySlug("never")).isEmpty();
  }

  @Test
  void settingsAreMerged() {
    all.tenants.change(admin, all.acme, null, Json.tree("{\"a\":{\"b\":1,\"c\":2},\"d\":3}"));
    Tenant changed =
        all.tenants.change(
            admin, all.acme, "Acme Ltd", Json.tree("{\"a\":{\"b\":null,\"e\":[1]},\"d\":null}"));
    assertThat(changed.settings()).isEqualTo(Json.tree("{\"a\":{\"c\":2,\"e\":[1]}}"));
    assertThat(all.tenants.get(all.acme).name()).isEqualTo("Acme Ltd");
    assertThat(refused(() -> all.tenants.change(admin, all.acme, null, Json.tree("[1]"))))
        .isEqualTo(Problem.Code.INVALID);
    String huge = "{\"x\":\"" + "y".repeat(70_000) + "\"}";
    assertThat(refused(() -> all.tenants.change(admin, all.acme, null, Json.tree(huge))))
        .isEqualTo(Problem.Code.INVALID);
  }

  @Test
  void suspendingIsSeenAtOnceAndToldOnce() {
    TenantId id = all.tenants.create(all.operator, "pied-piper", "Pied Piper").id();
    assertThat(all.tenants.state(id)).contains(Tenant.State.ACTIVE);
    all.tenants.suspend(all.operator, id);
    all.tenants.suspend(all.operator, id);
    assertThat(all.tenants.state(id)).contains(Tenant.State.SUSPENDED);
    all.tenants.resume(all.operator, id);
    assertThat(all.tenants.state(id)).contains(Tenant.State.ACTIVE);
    var lane = new LaneKey(id, Lanes.of(id, id.toString()));
    assertThat(all.events.read(lane, 0, 100))
        .extracting(StoredEvent::type)
        .containsExactly("tenant.created", "tenant.suspended", "tenant.resumed");
    assertThat(all.audit.page(id, Audit.Filter.NONE, null, 10))
        .extracting(AuditEntry::action)
        .containsExactly("tenant.resumed", "tenant.suspended", "tenant.created");
  }

  @Test
  void aDeletedTenantLeavesNoRowAndTheOthersAllOfTheirs() {
    TenantId id = all.tenants.create(all.operator, "initech", "Initech").id();
    Caller caller = IdentityFixture.caller(id, UserRole.ADMIN);
    var user = all.user(id, UserRole.ADMIN);
    Project project = all.projects.create(caller, "Sales");
    all.apiKeys.create(caller, "k", List.of("contacts:read"), project.id(), null);
    all.login(user.email(), IdentityFixture.PASSWORD, "initech", null);
    assertThat(refused(() -> all.removal.run(id))).isEqualTo(Problem.Code.WRONG_STATE);

    all.tenants.delete(all.operator, id);
    assertThat(refused(() -> all.tenants.resume(all.operator, id)))
        .isEqualTo(Problem.Code.WRONG_STATE);
    List<String> before = rows(all.acme);
    assertThat(all.removal.runAll()).isEqualTo(1);

    assertThat(rows(id)).isEmpty();
    assertThat(rows(all.acme)).isEqualTo(before).isNotEmpty();
    assertThat(all.tenants.state(id)).isEmpty();
    assertThat(all.tenants.findBySlug("initech")).isEmpty();
    assertThat(all.audit.page(TenantId.NONE, Audit.Filter.NONE, null, 200))
        .anyMatch(
            entry ->
                entry.action().equals("tenant.deleted") && id.toString().equals(entry.targetId()));
  }

  /// Tables in which a tenant has rows, with their number.
  private List<String> rows(TenantId tenant) {
    var found = new ArrayList<String>();
    for (var table : all.db.system().query(TenantRemovalStore::tables)) {
      int count =
          all.db
              .tenants()
              .inTenant(
                  tenant,
                  tx ->
                      tx.sql()
                          .createQuery("SELECT count(*) FROM " + table.name())
                          .mapTo(Integer.class)
                          .one());
      if (count > 0) {
        found.add(table.name() + " " + count);
      }
    }
    return found;
  }

  @Test
  void theOperatorSeesAllTenantsPageByPage() {
    var seen = new ArrayList<TenantId>();
    UUID after = null;
    List<Tenant> page;
    do {
      page = all.tenants.page(null, after, 2);
      page.forEach(tenant -> seen.add(tenant.id()));
      after = page.isEmpty() ? null : page.getLast().id().value();
    } while (page.size() == 2);
    assertThat(seen).doesNotHaveDuplicates().contains(all.acme, all.globex);
  }

  @Test
  void projectsHaveNamesOfTheirOwnAndTheDefaultOneStays() {
    Project project = all.projects.create(admin, "Support");
    assertThat(refused(() -> all.projects.create(admin, " Support ")))
        .isEqualTo(Problem.Code.CONFLICT);
    assertThat(refused(() -> all.projects.rename(admin, project.id(), "Default")))
        .isEqualTo(Problem.Code.CONFLICT);
    Caller stranger = IdentityFixture.caller(all.globex, UserRole.ADMIN);
    all.projects.create(stranger, "Support");
    assertThat(refused(() -> all.projects.rename(stranger, project.id(), "Mine")))
        .isEqualTo(Problem.Code.NOT_FOUND);
    assertThat(refused(() -> all.projects.delete(stranger, project.id())))
        .isEqualTo(Problem.Code.NOT_FOUND);
    UUID first = all.tenants.defaultProject(all.acme);
    assertThat(refused(() -> all.projects.delete(admin, first)))
        .isEqualTo(Problem.Code.WRONG_STATE);
    all.apiKeys.create(admin, "k", List.of("contacts:read"), project.id(), null);
    assertThat(refused(() -> all.projects.delete(admin, project.id())))
        .isEqualTo(Problem.Code.WRONG_STATE);
    Project empty = all.projects.create(admin, "Empty");
    all.projects.delete(admin, empty.id());
    assertThat(all.projects.page(all.acme, null, 50))
        .extracting(Project::name)
        .contains("Default", "Support")
        .doesNotContain("Empty");
    assertThat(Set.copyOf(all.projects.page(all.acme, first, 50)))
        .noneMatch(known -> known.id().equals(first));
  }
}
