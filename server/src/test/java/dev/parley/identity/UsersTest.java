package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsersTest {
  private final IdentityFixture all = new IdentityFixture();
  private final Caller admin = IdentityFixture.caller(all.acme, UserRole.ADMIN);
  private final Caller manager = IdentityFixture.caller(all.acme, UserRole.MANAGER);

  @AfterAll
  void close() {
    all.close();
  }

  private static Problem.Code refused(ThrowingCallable call) {
    return catchThrowableOfType(Problem.class, call).code();
  }

  private Users.Draft draft(String email, UserRole role) {
    var input = new Input();
    Users.Draft draft = all.users.check(input, "", email, "Somebody", role, null);
    input.done();
    return draft;
  }

  @Test
  void anAddressIsUniqueInATenantAndFreeInTheOther() {
    Users.Created ada = all.users.create(admin, draft("Ada@Mail.test", UserRole.AGENT));
    assertThat(ada.user().email()).isEqualTo("ada@mail.test");
    assertThat(ada.password()).isNotNull();
    assertThat(refused(() -> all.users.create(admin, draft("ada@mail.test", UserRole.AGENT))))
        .isEqualTo(Problem.Code.CONFLICT);
    Caller other = IdentityFixture.caller(all.globex, UserRole.ADMIN);
    assertThat(all.users.create(other, draft("ada@mail.test", UserRole.AGENT)).user().id())
        .isNotEqualTo(ada.user().id());
    assertThat(all.users.find(all.globex, ada.user().id())).isEmpty();
  }

  @Test
  void nobodyHandsOutMoreThanTheyMayDo() {
    assertThat(refused(() -> all.users.create(manager, draft("m1@mail.test", UserRole.ADMIN))))
        .isEqualTo(Problem.Code.FORBIDDEN);
    User agent = all.users.create(manager, draft("m2@mail.test", UserRole.AGENT)).user();
    assertThat(
            refused(
                () ->
                    all.users.change(
                        manager, agent.id(), new Users.Change(null, UserRole.ADMIN, null))))
        .isEqualTo(Problem.Code.FORBIDDEN);
    assertThat(refused(() -> all.users.delete(manager, all.acmeAdmin.id())))
        .isEqualTo(Problem.Code.FORBIDDEN);
    assertThat(refused(() -> all.users.resetPassword(manager, all.acmeAdmin.id())))
        .isEqualTo(Problem.Code.FORBIDDEN);
  }

  @Test
  void theLastActiveAdministratorStays() {
    TenantId tenant = all.tenants.create(all.operator, "solo-co", "Solo").id();
    User only = all.user(tenant, UserRole.ADMIN);
    Caller caller = IdentityFixture.caller(tenant, UserRole.ADMIN);
    for (Users.Change change :
        List.of(
            new Users.Change(null, UserRole.AGENT, null),
            new Users.Change(null, null, User.State.DISABLED))) {
      assertThat(refused(() -> all.users.change(caller, only.id(), change)))
          .isEqualTo(Problem.Code.WRONG_STATE);
    }
    assertThat(refused(() -> all.users.delete(caller, only.id())))
        .isEqualTo(Problem.Code.WRONG_STATE);
    all.users.change(caller, only.id(), new Users.Change("Renamed", null, null));
  }

  @Test
  void twoAdministratorsWhoRemoveEachOtherAtOnceLeaveOne() throws Exception {
    for (int round = 0; round < 5; round++) {
      TenantId tenant = all.tenants.create(all.operator, "duel-" + round, "Duel").id();
      User one = all.user(tenant, UserRole.ADMIN);
      User two = all.user(tenant, UserRole.ADMIN);
      Caller caller = IdentityFixture.caller(tenant, UserRole.ADMIN);
      List<Callable<Boolean>> both =
          List.of(() -> removed(caller, one), () -> removed(caller, two));
      int gone = 0;
      try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var result : pool.invokeAll(both)) {
          gone += result.get() ? 1 : 0;
        }
      }
      assertThat(gone).isEqualTo(1);
    }
  }

  private boolean removed(Caller caller, User user) {
    try {
      all.users.delete(caller, user.id());
      return true;
    } catch (Problem refused) {
      assertThat(refused.code()).isEqualTo(Problem.Code.WRONG_STATE);
      return false;
    }
  }

  @Test
  void aDisabledOrDeletedUserIsSignedOut() {
    for (boolean delete : new boolean[] {true, false}) {
      User user = all.user(all.acme, UserRole.AGENT);
      SignIn.Grant grant = all.login(user.email(), IdentityFixture.PASSWORD, "acme", null);
      all.callers.ofToken(grant.accessToken());
      if (delete) {
        all.users.delete(admin, user.id());
      } else {
        all.users.change(admin, user.id(), new Users.Change(null, null, User.State.DISABLED));
      }
      assertThat(refused(() -> all.callers.ofToken(grant.accessToken())))
          .isEqualTo(Problem.Code.UNAUTHENTICATED);
      assertThat(refused(() -> all.signIn.refresh(grant.refreshToken())))
          .isEqualTo(Problem.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void everyActIsInTheAuditAndNobodyCanChangeIt() {
    User user = all.users.create(admin, draft("audited@mail.test", UserRole.AGENT)).user();
    all.users.change(admin, user.id(), new Users.Change(null, UserRole.MANAGER, null));
    all.users.delete(admin, user.id());
    List<AuditEntry> entries =
        all.audit.page(all.acme, new Audit.Filter(admin.id(), null, null, null), null, 200).stream()
            .filter(entry -> user.id().toString().equals(entry.targetId()))
            .toList();
    assertThat(entries)
        .extracting(AuditEntry::action)
        .containsExactly("user.deleted", "user.changed", "user.created");
    assertThat(entries.getFirst().actorName()).isEqualTo(admin.name());
    assertThat(all.audit.page(all.globex, Audit.Filter.NONE, null, 200))
        .noneMatch(entry -> user.id().toString().equals(entry.targetId()));
    for (String sql :
        List.of(
            "UPDATE audit SET action = 'nothing' WHERE tenant_id = '" + all.acme + "'",
            "DELETE FROM audit WHERE tenant_id = '" + all.acme + "'",
            "TRUNCATE audit")) {
      assertThat(
              catchThrowableOfType(
                  JdbiException.class,
                  () -> all.db.tenants().runInTenant(all.acme, tx -> tx.sql().execute(sql))))
          .as(sql)
          .hasMessageContaining("permission denied");
    }
    int gone =
        all.db
            .system()
            .query(sql -> sql.execute("DELETE FROM audit WHERE tenant_id = ?", all.acme.value()));
    assertThat(gone).isZero();
  }

  @Test
  void theRolesPermitWhatTheTableSays() {
    assertThat(RoleTable.of(UserRole.ADMIN))
        .doesNotContain(Permission.TENANTS_MANAGE, Permission.GENESYS_WIDGET)
        .hasSize(Permission.values().length - 2);
    assertThat(RoleTable.of(UserRole.MANAGER))
        .contains(Permission.USERS_MANAGE, Permission.AUDIT_READ, Permission.DEAD_LETTERS_MANAGE)
        .doesNotContain(
            Permission.API_KEYS_MANAGE, Permission.SETTINGS_MANAGE, Permission.CHANNELS_MANAGE);
    assertThat(RoleTable.of(UserRole.AGENT))
        .contains(Permission.CONVERSATIONS_WRITE, Permission.CONTACTS_WRITE)
        .doesNotContain(Permission.USERS_MANAGE, Permission.AUDIT_READ);
    assertThat(RoleTable.of(UserRole.READ_ONLY))
        .allMatch(
            permission -> permission == Permission.SELF || permission.scope().endsWith(":read"));
    assertThat(RoleTable.of(UserRole.MEMBER))
        .containsExactlyInAnyOrder(Permission.SELF, Permission.CHAT, Permission.FILES_WRITE);
  }
}
