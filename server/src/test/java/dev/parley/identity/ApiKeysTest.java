package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.http.Problem;
import dev.parley.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeysTest {
  private final IdentityFixture all = new IdentityFixture();
  private final Caller admin = IdentityFixture.caller(all.acme, UserRole.ADMIN);

  @AfterAll
  void close() {
    all.close();
  }

  private ApiKeys.Created key(@Nullable Instant expires, String... scopes) {
    return all.apiKeys.create(admin, "test", List.of(scopes), null, expires);
  }

  private ApiKeys other() {
    return new ApiKeys(all.db.tenants(), all.db.system(), all.events, all.audit, all.clock);
  }

  @Test
  void aKeyLetsInWithItsScopesAlone() {
    ApiKeys.Created created = key(null, "contacts:read");
    assertThat(created.secret().reveal())
        .matches("pk_" + created.key().prefix() + "_[A-Za-z0-9_-]{43}");
    Caller caller = all.apiKeys.verify(created.secret().reveal()).orElseThrow();
    assertThat(caller.tenant()).isEqualTo(all.acme);
    assertThat(caller.permissions()).isEqualTo(Set.of(Permission.CONTACTS_READ));
    assertThat(all.apiKeys.find(all.globex, created.key().id())).isEmpty();
  }

  @Test
  void whatIsNoKeyOfOursLetsNobodyIn() {
    String secret = key(null, "contacts:read").secret().reveal();
    String otherSecret = secret.substring(0, 12) + "A".repeat(43);
    for (String bad :
        List.of("", "pk_", secret + "x", otherSecret, secret.toUpperCase(Locale.ROOT))) {
      assertThat(all.apiKeys.verify(bad)).isEmpty();
    }
  }

  @Test
  void theSecretIsNowhereInTheDatabase() {
    String secret = key(null, "contacts:read").secret().reveal();
    String rows =
        all.db
            .tenants()
            .inTenant(
                all.acme,
                tx ->
                    tx.sql()
                        .createQuery(
                            """
                            SELECT (SELECT string_agg(k::text, '') FROM api_keys k)
                              || (SELECT string_agg(a::text, '') FROM audit a)
                              || (SELECT string_agg(e::text, '') FROM events e)
                            """)
                        .mapTo(String.class)
                        .one());
    assertThat(rows).doesNotContain(secret.substring(12));
  }

  @Test
  void anExpiredKeyIsNoLongerGood() {
    String secret = key(all.clock.instant().plusSeconds(10), "contacts:read").secret().reveal();
    assertThat(all.apiKeys.verify(secret)).isPresent();
    all.clock.pass(Duration.ofSeconds(10));
    assertThat(all.apiKeys.verify(secret)).isEmpty();
  }

  @Test
  void aRevokedKeyIsRefusedAtOnceHereAndSoonElsewhere() {
    ApiKeys.Created created = key(null, "contacts:read");
    ApiKeys other = other();
    String secret = created.secret().reveal();
    assertThat(all.apiKeys.verify(secret)).isPresent();
    assertThat(other.verify(secret)).isPresent();
    all.apiKeys.revoke(admin, created.key().id());
    all.apiKeys.revoke(admin, created.key().id());
    assertThat(all.apiKeys.verify(secret)).isEmpty();
    all.clock.pass(ApiKeys.STALE);
    assertThat(other.verify(secret)).isEmpty();
  }

  @Test
  void anotherTenantRevokesNothing() {
    ApiKeys.Created created = key(null, "contacts:read");
    Caller stranger = IdentityFixture.caller(all.globex, UserRole.ADMIN);
    Problem problem =
        catchThrowableOfType(Problem.class, () -> all.apiKeys.revoke(stranger, created.key().id()));
    assertThat(problem.code()).isEqualTo(Problem.Code.NOT_FOUND);
    assertThat(all.apiKeys.verify(created.secret().reveal())).isPresent();
  }

  @Test
  void nobodyGivesAKeyMoreThanTheyMayDo() {
    var limited =
        new Caller(
            Caller.Kind.API_KEY,
            UUID.randomUUID(),
            "limited",
            all.acme,
            null,
            Set.of(Permission.API_KEYS_MANAGE, Permission.CONTACTS_READ));
    for (String scope : List.of("contacts:write", "self", "tenants:manage", "nonsense", "")) {
      Problem problem =
          catchThrowableOfType(
              Problem.class, () -> all.apiKeys.create(limited, "more", List.of(scope), null, null));
      assertThat(problem.errors()).extracting(Problem.FieldError::field).contains("scopes[0]");
    }
    assertThat(all.apiKeys.create(limited, "fine", List.of("contacts:read"), null, null))
        .isNotNull();
  }

  @Test
  void aKeyIsForAProjectOfItsTenant() {
    UUID theirs = all.tenants.defaultProject(all.globex);
    Problem problem =
        catchThrowableOfType(
            Problem.class,
            () -> all.apiKeys.create(admin, "x", List.of("contacts:read"), theirs, null));
    assertThat(problem.errors()).extracting(Problem.FieldError::field).contains("projectId");
    UUID ours = all.tenants.defaultProject(all.acme);
    assertThat(all.apiKeys.create(admin, "x", List.of("contacts:read"), ours, null).key().project())
        .isEqualTo(ours);
  }

  @Test
  void theUseOfAKeyIsNotedOnceAMinute() {
    ApiKeys.Created created = key(null, "contacts:read");
    Instant first = all.clock.instant();
    all.apiKeys.verify(created.secret().reveal());
    Await.until("the use is noted", () -> first.equals(lastUse(created)));
    all.clock.pass(Duration.ofSeconds(30));
    all.apiKeys.verify(created.secret().reveal());
    all.clock.pass(Duration.ofSeconds(31));
    Instant second = all.clock.instant();
    all.apiKeys.verify(created.secret().reveal());
    Await.until("the next use is noted", () -> second.equals(lastUse(created)));
  }

  private @Nullable Instant lastUse(ApiKeys.Created created) {
    return all.apiKeys.find(all.acme, created.key().id()).orElseThrow().lastUsedAt();
  }
}
