package dev.parley.platform.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.calls.CallPolicy.Bodies;
import dev.parley.platform.db.Ids;
import dev.parley.testing.Await;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallLogTest {
  private static final CallLog.Filter ALL =
      new CallLog.Filter(null, null, null, null, 0, 999, 0, null, null);

  private final TestDatabase db = TestDatabase.create();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private CallLog log = make(1);

  private CallLog make(int buffer) {
    return new CallLog(
        db.database().calls(),
        db.tenants(),
        tenant -> new CallPolicy(tenant.equals(db.acme) ? Bodies.ALL : Bodies.ERRORS, false, false),
        metrics,
        new CallLog.Settings(true, 200, buffer));
  }

  @BeforeEach
  void fresh() {
    log = make(1000);
  }

  @AfterEach
  void stop() {
    log.stop(Duration.ofSeconds(5));
  }

  @AfterAll
  void close() {
    db.close();
  }

  private static Call call(TenantId tenant, String path, int status, @Nullable String body) {
    return new Call(
        tenant,
        Ids.next(),
        Instant.now(),
        Call.Direction.IN,
        "POST",
        "/api/v1/things",
        path,
        null,
        status,
        1500,
        new Call.By("user", new UUID(1, 2), "ada@acme.example"),
        "127.0.0.1",
        "corr-" + path,
        10,
        20,
        body,
        body,
        null);
  }

  @Test
  void callsOfSeveralTenantsAreWrittenAndEachSeesItsOwn() {
    log.start();
    log.add(call(db.acme, "/a", 200, "{\"password\":\"canary\"}"));
    log.add(call(db.globex, "/g", 200, "{\"n\":1}"));
    log.add(call(db.globex, "/g2", 404, "{\"n\":2}"));

    Await.until("all are there", () -> log.page(db.globex, ALL, null, 10).calls().size() == 2);
    Await.until("acme's too", () -> log.page(db.acme, ALL, null, 10).calls().size() == 1);
    Call ours = log.page(db.acme, ALL, null, 10).calls().getFirst();
    assertThat(ours.path()).isEqualTo("/a");
    assertThat(ours.requestBody()).isEqualTo("{\"password\":\"[secret]\"}");
    assertThat(ours.caller()).isEqualTo(new Call.By("user", new UUID(1, 2), "ada@acme.example"));
    assertThat(log.page(db.globex, ALL, null, 10).calls())
        .extracting(Call::requestBody)
        .containsExactly("{\"n\":2}", null);
    assertThat(log.find(db.globex, ours.id())).isEmpty();
    var failed = new CallLog.Filter(null, null, null, null, 400, 499, 0, null, null);
    assertThat(log.page(db.globex, failed, null, 10).calls())
        .extracting(Call::path)
        .containsExactly("/g2");
    assertThat(log.ofCorrelation(db.globex, "corr-/g", null, 10).calls()).hasSize(1);
    assertThat(log.ofCorrelation(db.acme, "corr-/g", null, 10).calls()).isEmpty();

    assertThat(log.deleteBefore(db.globex, Instant.now().plusSeconds(60), 1)).isEqualTo(1);
    assertThat(log.deleteBefore(db.globex, Instant.now().minusSeconds(60), 10)).isZero();
    assertThat(log.page(db.acme, ALL, null, 10).calls()).hasSize(1);
  }

  @Test
  void pagesFollowEachOther() {
    log.start();
    var tenant = new TenantId(UUID.randomUUID());
    for (int i = 0; i < 7; i++) {
      log.add(call(tenant, "/" + i, 200, null));
    }
    Await.until("all are there", () -> log.page(tenant, ALL, null, 10).calls().size() == 7);
    CallLog.Found first = log.page(tenant, ALL, null, 5);
    CallLog.Found second = log.page(tenant, ALL, first.next(), 5);

    assertThat(first.calls()).extracting(Call::path).containsExactly("/6", "/5", "/4", "/3", "/2");
    assertThat(second.calls()).extracting(Call::path).containsExactly("/1", "/0");
    assertThat(second.next()).isNull();
  }

  @Test
  void whatDoesNotFitIsDroppedAndCounted() {
    // Nothing is taken before the start, and nobody empties it.
    log = make(3);
    long before = log.lost();
    log.add(call(db.acme, "/early", 200, null));
    assertThat(log.lost()).isEqualTo(before);

    var big = "x".repeat(9 << 20);
    log.start();
    log.add(call(db.acme, "/big", 200, big));
    assertThat(log.lost()).isEqualTo(before + 1);
    for (int i = 0; i < 10_000; i++) {
      log.add(call(db.acme, "/many", 200, null));
    }
    assertThat(log.lost()).isGreaterThan(before + 1);
  }
}
