package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.IdempotentRequests.Claim;
import dev.parley.testing.TestClock;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotentRequestsTest {
  private final TestDatabase db = TestDatabase.create();
  private final TestClock clock = new TestClock();
  private final IdempotentRequests requests =
      new IdempotentRequests(
          db.tenants(), FieldCipher.of(new Secret(FieldCipher.generate("k1"))), clock);
  private final Caller ada = caller(db.acme);

  @AfterAll
  void close() {
    db.close();
  }

  private static Caller caller(@Nullable TenantId tenant) {
    return new Caller(
        Caller.Kind.USER, UUID.randomUUID(), "ada", tenant, null, Set.of(Permission.SELF));
  }

  private Claim.Granted granted(Caller caller, String key, String fingerprint) {
    return (Claim.Granted) requests.claim(caller, key, fingerprint);
  }

  @Test
  void theSameRequestGetsTheFirstAnswerAgain() {
    Claim.Granted claim = granted(ada, "a", "print");
    assertThat(requests.claim(ada, "a", "print")).isEqualTo(new Claim.Running());
    requests.complete(claim, 201, "/things/1", "{\"secret\":\"s3cret\"}");
    assertThat(requests.claim(ada, "a", "print"))
        .isEqualTo(new Claim.Answered(201, "/things/1", "{\"secret\":\"s3cret\"}"));
    String stored =
        db.tenants()
            .inTenant(
                db.acme,
                tx ->
                    tx.sql()
                        .createQuery("SELECT body FROM idempotent_requests WHERE key = 'a'")
                        .mapTo(String.class)
                        .one());
    assertThat(stored).doesNotContain("s3cret");
  }

  @Test
  void anotherRequestUnderTheSameKeyIsRefused() {
    Claim.Granted claim = granted(ada, "b", "print");
    assertThat(requests.claim(ada, "b", "other")).isEqualTo(new Claim.Taken());
    requests.complete(claim, 204, null, null);
    assertThat(requests.claim(ada, "b", "other")).isEqualTo(new Claim.Taken());
    assertThat(requests.claim(ada, "b", "print")).isEqualTo(new Claim.Answered(204, null, null));
  }

  @Test
  void aKeyIsItsCallersAlone() {
    granted(ada, "c", "print");
    granted(caller(db.acme), "c", "other");
    granted(caller(db.globex), "c", "other");
    granted(caller(null), "c", "other");
  }

  @Test
  void aFailedRequestFreesItsKey() {
    requests.release(granted(ada, "d", "print"));
    granted(ada, "d", "other");
  }

  @Test
  void aDeadProcessesClaimIsTakenOverAndItsLateAnswerDropped() {
    Claim.Granted dead = granted(ada, "e", "print");
    clock.pass(IdempotentRequests.ABANDONED.plusMillis(1));
    assertThat(requests.claim(ada, "e", "other")).isEqualTo(new Claim.Taken());
    Claim.Granted alive = granted(ada, "e", "print");
    requests.complete(dead, 201, null, "{\"late\":true}");
    requests.release(dead);
    assertThat(requests.claim(ada, "e", "print")).isEqualTo(new Claim.Running());
    requests.complete(alive, 201, null, "{}");
    assertThat(requests.claim(ada, "e", "print")).isEqualTo(new Claim.Answered(201, null, "{}"));
  }

  @Test
  void afterADayAKeyIsFree() {
    requests.complete(granted(ada, "f", "print"), 201, null, "{}");
    clock.pass(Duration.ofHours(24).plusMillis(1));
    granted(ada, "f", "other");
    assertThat(requests.deleteBefore(db.globex, clock.instant().plusSeconds(1))).isZero();
  }

  @Test
  void ofALongAnswerOnlyStatusAndAddressAreKept() {
    requests.complete(
        granted(ada, "g", "print"), 201, "/x", "x".repeat(IdempotentRequests.BODY_LENGTH + 1));
    assertThat(requests.claim(ada, "g", "print")).isEqualTo(new Claim.Answered(201, "/x", null));
  }

  @Test
  void ofManyAtOnceOneRuns() throws Exception {
    Callable<Claim> claim = () -> requests.claim(ada, "h", "print");
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      long runs = 0;
      for (Future<Claim> future :
          pool.invokeAll(IntStream.range(0, 10).mapToObj(_ -> claim).toList())) {
        runs += future.get() instanceof Claim.Granted ? 1 : 0;
      }
      assertThat(runs).isEqualTo(1);
    }
  }
}
