package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallersTest {
  private final IdentityFixture all = new IdentityFixture();
  private final String acmeKey = key(all.acme);
  private final String globexKey = key(all.globex);
  private final String acmeToken =
      all.login(all.acmeAdmin.email(), IdentityFixture.PASSWORD, "acme", null).accessToken();

  @AfterAll
  void close() {
    all.close();
  }

  private String key(TenantId tenant) {
    return all.apiKeys
        .create(
            IdentityFixture.caller(tenant, UserRole.ADMIN),
            "k",
            List.of("contacts:read"),
            null,
            null)
        .secret()
        .reveal();
  }

  private Caller resolve(
      @Nullable String key,
      @Nullable String token,
      @Nullable String host,
      @Nullable String tenant) {
    return all.callers.resolve(new Callers.Shown(key, token, host, tenant)).orElseThrow();
  }

  private Problem.Code refused(
      @Nullable String key,
      @Nullable String token,
      @Nullable String host,
      @Nullable String tenant) {
    return catchThrowableOfType(Problem.class, () -> resolve(key, token, host, tenant)).code();
  }

  @Test
  void whoShowsNothingIsNobody() {
    assertThat(all.callers.resolve(new Callers.Shown(null, null, "acme.chat.test", null)))
        .isEmpty();
  }

  @Test
  void keyTokenAndAddressMayNameOneTenant() {
    assertThat(resolve(acmeKey, null, "acme.chat.test:8080", null).kind())
        .isEqualTo(Caller.Kind.API_KEY);
    assertThat(resolve(acmeKey, acmeToken, "ACME.chat.test", "acme").kind())
        .isEqualTo(Caller.Kind.USER);
    assertThat(resolve(null, acmeToken, "chat.test", all.acme.toString()).tenant())
        .isEqualTo(all.acme);
    assertThat(resolve(null, acmeToken, "elsewhere.test", null).tenant()).isEqualTo(all.acme);
  }

  @Test
  void twoTenantsAreAConflict() {
    Problem.Code conflict = Problem.Code.TENANT_CONFLICT;
    assertThat(refused(globexKey, acmeToken, null, null)).isEqualTo(conflict);
    assertThat(refused(globexKey, null, "acme.chat.test", null)).isEqualTo(conflict);
    assertThat(refused(null, acmeToken, "globex.chat.test", null)).isEqualTo(conflict);
    assertThat(refused(null, acmeToken, "nobody.chat.test", null)).isEqualTo(conflict);
    assertThat(refused(null, acmeToken, null, "globex")).isEqualTo(conflict);
    assertThat(refused(null, acmeToken, null, "nobody")).isEqualTo(conflict);
  }

  @Test
  void oneBadCredentialSpoilsAGoodOne() {
    assertThat(refused(acmeKey, "nonsense", null, null)).isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(refused("nonsense", acmeToken, null, null)).isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void onlyOneLabelBeforeTheDomainNamesATenant() {
    assertThat(all.callers.slugOf("acme.chat.test")).contains("acme");
    for (String host :
        List.of("chat.test", "a.b.chat.test", "acmechat.test", "chat.test.evil.test")) {
      assertThat(all.callers.slugOf(host)).as(host).isEmpty();
    }
  }

  @Test
  void anotherRoleHoldsAtOnceForWhoIsSignedIn() {
    User user = all.user(all.acme, UserRole.ADMIN);
    String token = all.login(user.email(), IdentityFixture.PASSWORD, "acme", null).accessToken();
    assertThat(resolve(null, token, null, null).permissions())
        .isEqualTo(RoleTable.of(UserRole.ADMIN));
    all.users.change(
        Caller.system(all.acme), user.id(), new Users.Change(null, UserRole.AGENT, null));
    assertThat(resolve(null, token, null, null).permissions())
        .isEqualTo(RoleTable.of(UserRole.AGENT));
  }
}
