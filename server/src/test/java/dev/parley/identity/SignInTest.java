package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {
  private final IdentityFixture all = new IdentityFixture();

  @AfterAll
  void close() {
    all.close();
  }

  private SignIn.Grant login(User user, @Nullable String slug) {
    return all.login(user.email(), IdentityFixture.PASSWORD, slug, "test");
  }

  private Problem refused(String email, String password, @Nullable String slug) {
    return catchThrowableOfType(Problem.class, () -> all.login(email, password, slug, null));
  }

  private Problem.Code refresh(String token) {
    return catchThrowableOfType(Problem.class, () -> all.signIn.refresh(token)).code();
  }

  @Test
  void whoKnowsThePasswordGetsIn() {
    User user = all.user(all.acme, UserRole.AGENT);
    SignIn.Grant grant = login(user, "acme");
    Caller caller = all.callers.ofToken(grant.accessToken());
    assertThat(caller.tenant()).isEqualTo(all.acme);
    assertThat(caller.id()).isEqualTo(user.id());
    assertThat(caller.permissions()).isEqualTo(RoleTable.of(UserRole.AGENT));
    assertThat(all.users.find(all.acme, user.id()).orElseThrow().lastSignInAt())
        .isEqualTo(all.clock.instant());
  }

  @Test
  void withoutATenantTheOnlyOneThatKnowsTheAddressIsMeant() {
    User user = all.user(all.globex, UserRole.AGENT);
    assertThat(login(user, null).caller().tenant()).isEqualTo(all.globex);
  }

  @Test
  void aUserOfOneTenantIsNobodyInTheOther() {
    User user = all.user(all.acme, UserRole.ADMIN);
    assertThat(refused(user.email(), IdentityFixture.PASSWORD, "globex").code())
        .isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void everyRefusalLooksTheSameAndComputesOneHash() {
    User user = all.user(all.acme, UserRole.AGENT);
    User disabled = all.user(all.acme, UserRole.AGENT);
    all.users.change(
        Caller.system(all.acme), disabled.id(), new Users.Change(null, null, User.State.DISABLED));
    List<Runnable> tries =
        List.of(
            () -> refused(user.email(), "wrong password", "acme"),
            () -> refused(user.email(), "wrong password", null),
            () -> refused("nobody@mail.test", "wrong password", "acme"),
            () -> refused("nobody@mail.test", "wrong password", null),
            () -> refused(user.email(), "wrong password", "no-such-tenant"),
            () -> refused(disabled.email(), IdentityFixture.PASSWORD, "acme"));
    for (Runnable attempt : tries) {
      long before = all.passwords.computed();
      attempt.run();
      assertThat(all.passwords.computed() - before).isEqualTo(1);
    }
    Problem wrong = refused(user.email(), "wrong password", "acme");
    Problem unknown = refused("nobody@mail.test", "wrong password", "acme");
    Problem off = refused(disabled.email(), IdentityFixture.PASSWORD, "acme");
    assertThat(unknown).hasMessage(wrong.getMessage());
    assertThat(off).hasMessage(wrong.getMessage());
    assertThat(unknown.code()).isEqualTo(wrong.code()).isEqualTo(off.code());
  }

  @Test
  void tooManyTriesMustWaitLongerAndLongerWhetherTheAccountExistsOrNot() {
    User user = all.user(all.acme, UserRole.AGENT);
    for (String email : List.of(user.email(), "ghost@mail.test")) {
      for (int i = 0; i < LockOut.FREE_FOR_ACCOUNT; i++) {
        assertThat(refused(email, "wrong password", "acme").code())
            .isEqualTo(Problem.Code.UNAUTHENTICATED);
      }
      long before = all.passwords.computed();
      Problem locked = refused(email, IdentityFixture.PASSWORD, "acme");
      assertThat(locked.code()).isEqualTo(Problem.Code.TOO_MANY);
      assertThat(locked.retryAfter()).isEqualTo(Duration.ofSeconds(3));
      assertThat(all.passwords.computed()).isEqualTo(before);
      all.clock.pass(Duration.ofSeconds(3));
      assertThat(refused(email, "wrong password", "acme").code())
          .isEqualTo(Problem.Code.UNAUTHENTICATED);
      assertThat(refused(email, "wrong password", "acme").retryAfter())
          .isEqualTo(Duration.ofSeconds(5));
      all.clock.pass(Duration.ofSeconds(5));
    }
    assertThat(login(user, "acme").caller().id()).isEqualTo(user.id());
    assertThat(refused(user.email(), "wrong password", "acme").code())
        .isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void tenThousandGuessesInAnHourAreFewOnes() {
    User user = all.user(all.globex, UserRole.AGENT);
    int looked = 0;
    for (int i = 0; i < 10_000; i++) {
      try {
        all.lockOut.tryAccount(all.globex, user.email());
        looked++;
      } catch (Problem locked) {
        assertThat(locked.code()).isEqualTo(Problem.Code.TOO_MANY);
      }
      all.clock.pass(Duration.ofMillis(100));
    }
    assertThat(looked).isLessThanOrEqualTo(15);
  }

  @Test
  void anAddressThatTriesManyAccountsMustWaitToo() {
    Problem.@Nullable Code last = null;
    for (int i = 0; i <= LockOut.FREE_FOR_ADDRESS; i++) {
      try {
        all.lockOut.tryAddress("2001:db8:1:2:" + i + "::1");
      } catch (Problem locked) {
        last = locked.code();
      }
    }
    assertThat(last).isEqualTo(Problem.Code.TOO_MANY);
    all.lockOut.tryAddress("2001:db8:1:3::1");
  }

  @Test
  void aRefreshTokenIsGoodOnceAndAnOldOneEndsTheSignIn() {
    SignIn.Grant first = login(all.user(all.acme, UserRole.AGENT), "acme");
    SignIn.Grant second = all.signIn.refresh(first.refreshToken());
    SignIn.Grant third = all.signIn.refresh(second.refreshToken());
    assertThat(all.callers.ofToken(third.accessToken()).id()).isEqualTo(first.caller().id());

    assertThat(refresh(second.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(refresh(third.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(catchThrowableOfType(Problem.class, () -> all.callers.ofToken(third.accessToken())))
        .isNotNull();
  }

  @Test
  void theTabsOfABrowserGetTheSameNextTokenForAWhile() {
    SignIn.Grant first = login(all.user(all.acme, UserRole.AGENT), "acme");
    assertThat(all.signIn.refreshInBrowser(first.refreshToken()).refreshToken())
        .isEqualTo(first.refreshToken());
    all.clock.pass(all.config.get(Keys.SESSION_GRACE));

    String second = all.signIn.refreshInBrowser(first.refreshToken()).refreshToken();
    assertThat(second).isNotEqualTo(first.refreshToken());
    assertThat(all.signIn.refreshInBrowser(first.refreshToken()).refreshToken()).isEqualTo(second);
    assertThat(all.signIn.refreshInBrowser(second).refreshToken()).isEqualTo(second);

    all.clock.pass(all.config.get(Keys.SESSION_GRACE));
    String third = all.signIn.refreshInBrowser(second).refreshToken();
    assertThat(third).isNotEqualTo(second);
    // One that is two behind is somebody else's, however soon it comes.
    assertThat(refreshInBrowser(first.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(refreshInBrowser(third)).isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void anOldTokenOfABrowserEndsItsSignInWhenTheWhileIsOver() {
    SignIn.Grant first = login(all.user(all.acme, UserRole.AGENT), "acme");
    all.clock.pass(all.config.get(Keys.SESSION_GRACE));
    String second = all.signIn.refreshInBrowser(first.refreshToken()).refreshToken();
    all.clock.pass(all.config.get(Keys.SESSION_GRACE));
    assertThat(refreshInBrowser(first.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(refreshInBrowser(second)).isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void programsHaveNoSuchWhile() {
    SignIn.Grant first = login(all.user(all.acme, UserRole.AGENT), "acme");
    SignIn.Grant second = all.signIn.refresh(first.refreshToken());
    assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
    assertThat(refresh(first.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(refresh(second.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void signingOutByARefreshTokenEndsItsSignInAndNoOther() {
    User user = all.user(all.acme, UserRole.AGENT);
    SignIn.Grant one = login(user, "acme");
    SignIn.Grant two = login(user, "acme");
    RefreshToken real = RefreshToken.parse(two.refreshToken()).orElseThrow();
    all.signIn.logout(one.refreshToken());
    all.signIn.logout("rt_x");
    all.signIn.logout(RefreshToken.first(all.acme, real.signIn()).text());
    assertThat(refresh(one.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(all.signIn.refresh(two.refreshToken()).caller().id()).isEqualTo(user.id());
  }

  private Problem.@Nullable Code refreshInBrowser(String token) {
    Problem problem = catchThrowableOfType(Problem.class, () -> all.signIn.refreshInBrowser(token));
    return problem == null ? null : problem.code();
  }

  @Test
  void aMadeUpRefreshTokenEndsNothing() {
    SignIn.Grant grant = login(all.user(all.acme, UserRole.AGENT), "acme");
    RefreshToken real = RefreshToken.parse(grant.refreshToken()).orElseThrow();
    String madeUp = RefreshToken.first(all.acme, real.signIn()).text();
    String otherTenant =
        new RefreshToken(all.globex, real.signIn(), real.family(), real.secret()).text();
    for (String bad : List.of(madeUp, otherTenant, "rt_x", "", "rt_" + "A".repeat(110))) {
      assertThat(refresh(bad)).isEqualTo(Problem.Code.UNAUTHENTICATED);
    }
    assertThat(all.signIn.refresh(grant.refreshToken()).caller().id())
        .isEqualTo(grant.caller().id());
  }

  @Test
  void aSignInEndsWithItsLife() {
    SignIn.Grant grant = login(all.user(all.acme, UserRole.AGENT), "acme");
    all.clock.pass(Duration.ofDays(30));
    assertThat(refresh(grant.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void loggingOutEndsOneAndEverywhereEndsAll() {
    User user = all.user(all.acme, UserRole.AGENT);
    SignIn.Grant one = login(user, "acme");
    SignIn.Grant two = login(user, "acme");
    SignIn.Grant three = login(user, "acme");
    all.signIn.logout(all.callers.ofToken(one.accessToken()));
    assertThat(refresh(one.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    Caller second = all.callers.ofToken(two.accessToken());
    assertThat(all.signIn.logoutEverywhere(second)).isEqualTo(2);
    assertThat(refresh(three.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(catchThrowableOfType(Problem.class, () -> all.callers.ofToken(two.accessToken())))
        .isNotNull();
  }

  @Test
  void anotherPasswordEndsAllSignInsAndBeginsOne() {
    User user = all.user(all.acme, UserRole.AGENT);
    SignIn.Grant here = login(user, "acme");
    SignIn.Grant there = login(user, "acme");
    Caller caller = all.callers.ofToken(here.accessToken());
    Problem wrong =
        catchThrowableOfType(
            Problem.class,
            () ->
                all.signIn.changePassword(caller, "not it at all", "another good password", null));
    assertThat(wrong.code()).isEqualTo(Problem.Code.INVALID);
    SignIn.Grant fresh =
        all.signIn.changePassword(
            caller, IdentityFixture.PASSWORD, "another good password", "test");
    for (SignIn.Grant old : List.of(here, there)) {
      assertThat(refresh(old.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
      assertThat(catchThrowableOfType(Problem.class, () -> all.callers.ofToken(old.accessToken())))
          .isNotNull();
    }
    assertThat(all.callers.ofToken(fresh.accessToken()).id()).isEqualTo(user.id());
    assertThat(all.login(user.email(), "another good password", "acme", null)).isNotNull();
  }

  @Test
  void aSuspendedTenantLetsNobodyInAndAResumedOneDoes() {
    TenantId tenant = all.tenants.create(all.operator, "hooli", "Hooli").id();
    User user = all.user(tenant, UserRole.ADMIN);
    SignIn.Grant grant = login(user, "hooli");
    var shown = new Callers.Shown(null, grant.accessToken(), null, null);
    all.tenants.suspend(all.operator, tenant);
    assertThat(catchThrowableOfType(Problem.class, () -> all.callers.resolve(shown)).code())
        .isEqualTo(Problem.Code.TENANT_SUSPENDED);
    assertThat(refused(user.email(), IdentityFixture.PASSWORD, "hooli").code())
        .isEqualTo(Problem.Code.TENANT_SUSPENDED);
    all.tenants.resume(all.operator, tenant);
    assertThat(all.callers.resolve(shown)).isPresent();
  }

  @Test
  void theFirstStartMakesTheOperatorOnce() {
    Operators.First first = all.operators.ensure().orElseThrow();
    assertThat(all.operators.ensure()).isEmpty();
    SignIn.Grant grant = all.login(first.email(), first.password().reveal(), null, null);
    Caller operator = all.callers.ofToken(grant.accessToken());
    assertThat(operator.kind()).isEqualTo(Caller.Kind.OPERATOR);
    assertThat(operator.tenant()).isNull();
    var inAcme = new Callers.Shown(null, grant.accessToken(), null, "acme");
    Caller there = all.callers.resolve(inAcme).orElseThrow();
    assertThat(there.tenant()).isEqualTo(all.acme);
    assertThat(there.permissions()).isEqualTo(RoleTable.ofOperatorInTenant());

    Secret reset = all.operators.resetPassword(first.email()).orElseThrow();
    assertThat(refresh(grant.refreshToken())).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(all.login(first.email(), reset.reveal(), null, null)).isNotNull();
  }
}
