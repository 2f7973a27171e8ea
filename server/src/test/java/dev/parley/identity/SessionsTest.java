package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsTest {
  private final IdentityFixture all = new IdentityFixture();
  private final Caller admin = IdentityFixture.caller(all.acme, UserRole.ADMIN);

  @AfterAll
  void close() {
    all.close();
  }

  private Caller signedIn(User user) {
    return all.callers.ofToken(
        all.login(user.email(), IdentityFixture.PASSWORD, "acme", null).accessToken());
  }

  private Caller key() {
    ApiKeys.Created key =
        all.apiKeys.create(
            admin,
            "key",
            List.of(Permission.CONTACTS_READ.scope()),
            null,
            all.clock.instant().plus(Duration.ofDays(1)));
    return all.callers.ofApiKey(key.secret().reveal());
  }

  @Test
  void ofManyCallersThoseAreLeftWhoAreStillGood() {
    var callers = new ArrayList<Caller>();
    for (int i = 0; i < 6; i++) {
      callers.add(signedIn(all.user(all.acme, UserRole.AGENT)));
    }
    Caller good = key();
    Caller revoked = key();
    callers.add(good);
    callers.add(revoked);
    Caller foreign = callers.get(5);
    all.signIn.logout(callers.get(0));
    all.users.change(admin, callers.get(1).id(), new Users.Change(null, null, User.State.DISABLED));
    all.users.resetPassword(admin, callers.get(2).id());
    all.users.delete(admin, callers.get(3).id());
    all.apiKeys.revoke(admin, revoked.id());
    int before = all.connections.statements();

    var current = all.sessions.current(all.acme, callers);

    assertThat(current)
        .containsOnlyKeys(
            Sessions.credential(callers.get(4)),
            Sessions.credential(callers.get(5)),
            Sessions.credential(good));
    assertThat(current.get(Sessions.credential(callers.get(4)))).isEqualTo(callers.get(4));
    assertThat(current.get(Sessions.credential(good))).isEqualTo(good);
    // One for users, one for keys, SET LOCAL, and at most as many for the tenant's state.
    assertThat(all.connections.statements() - before).isLessThanOrEqualTo(5);
    assertThat(all.sessions.current(all.globex, List.of(foreign, good))).isEmpty();
    all.clock.pass(Duration.ofDays(31));
    assertThat(all.sessions.current(all.acme, callers)).isEmpty();
  }

  @Test
  void anOperatorStaysWhileTheirSignInDoes() {
    Operators.First first = all.operators.ensure().orElseThrow();
    var grant = all.login(first.email(), first.password().reveal(), null, null);
    var shown = new Callers.Shown(null, grant.accessToken(), null, "acme");
    Caller operator = all.callers.resolve(shown).orElseThrow();
    assertThat(all.sessions.current(all.acme, List.of(operator)))
        .containsEntry(Sessions.credential(operator), operator);
    all.signIn.logout(operator);
    assertThat(all.sessions.current(all.acme, List.of(operator))).isEmpty();
  }

  @Test
  void whoeverIsInASuspendedTenantIsCut() {
    TenantId tenant = all.tenants.create(all.operator, "cut-co", "Cut").id();
    User user = all.user(tenant, UserRole.ADMIN);
    Caller caller =
        all.callers.ofToken(
            all.login(user.email(), IdentityFixture.PASSWORD, "cut-co", null).accessToken());
    assertThat(all.sessions.current(tenant, List.of(caller))).hasSize(1);
    all.tenants.suspend(all.operator, tenant);
    assertThat(all.sessions.current(tenant, List.of(caller))).isEmpty();
  }

  @Test
  void everyActThatEndsAccessIsInTheLogAndNamesWhose() {
    var touched = new ArrayList<StoredEvent>();
    all.events.onCommit((_, events) -> touched.addAll(events));
    User user = all.user(all.acme, UserRole.AGENT);
    Caller signedIn = signedIn(user);
    Caller key = key();
    all.signIn.logout(signedIn);
    all.users.change(admin, user.id(), new Users.Change(null, UserRole.MANAGER, null));
    all.users.change(admin, user.id(), new Users.Change(null, null, User.State.DISABLED));
    all.users.resetPassword(admin, user.id());
    all.users.delete(admin, user.id());
    all.apiKeys.revoke(admin, key.id());

    assertThat(touched)
        .filteredOn(event -> Sessions.touched(event).equals(Optional.of(user.id())))
        .extracting(StoredEvent::type)
        .containsExactly(
            "user.signed-out",
            "user.role-changed",
            "user.suspended",
            "user.password-changed",
            "user.deleted");
    assertThat(touched)
        .filteredOn(event -> Sessions.touched(event).equals(Optional.of(key.id())))
        .extracting(StoredEvent::type)
        .containsExactly("api-key.revoked");
    assertThat(touched)
        .filteredOn(event -> event.type().equals("user.created"))
        .allMatch(event -> Sessions.touched(event).isEmpty());
  }

  @Test
  void theDevicesAreOnesOwnAndCanBeSignedOutOneByOne() {
    User user = all.user(all.acme, UserRole.AGENT);
    User other = all.user(all.acme, UserRole.AGENT);
    Caller phone =
        all.callers.ofToken(
            all.signIn
                .login(
                    new SignIn.Shown(
                        user.email(), IdentityFixture.PASSWORD, "acme", "Agent/1", "My phone"))
                .accessToken());
    Caller desk = signedIn(user);
    Caller stranger = signedIn(other);
    all.clock.pass(Duration.ofMinutes(10));
    assertThat(all.register.account(all.acme, Sessions.credential(phone))).isPresent();

    List<Device> devices = all.signIn.devices(desk);

    assertThat(devices).hasSize(2);
    assertThat(devices.getFirst().name()).isEqualTo("My phone");
    assertThat(devices.getFirst().userAgent()).isEqualTo("Agent/1");
    assertThat(devices.getFirst().lastSeenAt()).isEqualTo(all.clock.instant());
    assertThat(devices.get(1).lastSeenAt()).isBefore(all.clock.instant());
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> all.signIn.logout(stranger, Sessions.credential(phone))))
        .hasMessageContaining("no such device");
    all.signIn.logout(desk, Sessions.credential(phone));
    assertThat(all.signIn.devices(desk)).extracting(Device::id).containsExactly(desk.sessionId());
    assertThat(all.sessions.current(all.acme, List.of(phone, desk))).hasSize(1);
  }
}
