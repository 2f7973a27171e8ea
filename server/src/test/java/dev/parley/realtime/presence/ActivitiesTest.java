package dev.parley.realtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.realtime.Activity;
import dev.parley.testing.Await;
import dev.parley.testing.RealRedis;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class ActivitiesTest {
  private static final TenantId ACME = new TenantId(UUID.randomUUID());
  private static final UUID ADA = UUID.randomUUID();
  private static final UUID BOB = UUID.randomUUID();
  private static final Activity.Spot TALK = new Activity.Spot(UUID.randomUUID(), true);

  private final Clients clients = new Clients();
  private long nanos;
  private final Activities typing = typing(RedisClient.none(), clients);

  private Activities typing(RedisClient redis, Clients into) {
    return new Activities(
        Activity.TYPING, Duration.ofSeconds(6), redis.process(), redis, () -> into, () -> nanos);
  }

  private void pass(int seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
    typing.tick();
  }

  @Test
  void whoTypesIsToldOnceAndEndsWithoutBeingRenewed() {
    typing.said(ACME, TALK, ADA, true);
    pass(4);
    typing.said(ACME, TALK, ADA, true);
    pass(4);
    assertThat(clients.names()).containsExactly("typing.started");
    assertThat(clients.told.getFirst().spot()).isEqualTo(TALK);
    assertThat(clients.told.getFirst().except()).isEqualTo(ADA);
    pass(2);
    assertThat(clients.names()).containsExactly("typing.started", "typing.stopped");
    pass(60);
    assertThat(clients.told).hasSize(2);
  }

  @Test
  void whoElseIsThereIsKnownUntilTheyAreGone() {
    assertThat(typing.at(ACME, TALK)).isEmpty();
    typing.said(ACME, TALK, ADA, true);
    pass(4);
    typing.said(ACME, TALK, BOB, true);
    assertThat(typing.at(ACME, TALK)).containsExactlyInAnyOrder(ADA, BOB);
    assertThat(typing.at(new TenantId(UUID.randomUUID()), TALK)).isEmpty();
    pass(2);
    assertThat(typing.at(ACME, TALK)).containsExactly(BOB);
    typing.said(ACME, TALK, BOB, false);
    assertThat(typing.at(ACME, TALK)).isEmpty();
  }

  @Test
  void whoStopsIsToldOnce() {
    typing.said(ACME, TALK, ADA, false);
    typing.said(ACME, TALK, ADA, true);
    typing.said(ACME, TALK, BOB, true);
    typing.said(ACME, TALK, ADA, false);
    typing.said(ACME, TALK, ADA, false);
    assertThat(clients.names())
        .containsExactly("typing.started", "typing.started", "typing.stopped");
    assertThat(clients.told.getLast().payload()).contains(ADA.toString());
  }

  @Test
  @Tag("slow")
  @EnabledIf("dev.parley.testing.RealRedis#installed")
  void otherProcessesHearOfItAndForgetByThemselves() {
    try (RealRedis redis = RealRedis.start();
        RedisClient one = redis.client();
        RedisClient two = redis.client()) {
      var here = new Clients();
      var there = new Clients();
      Activities first = typing(one, here);
      Activities second = typing(two, there);
      RealRedis.connect(one, two);
      first.said(ACME, TALK, ADA, true);
      Await.until("heard", () -> there.names().contains("typing.started"));
      assertThat(there.told.getFirst().tenant()).isEqualTo(ACME);
      assertThat(there.told.getFirst().except()).isEqualTo(ADA);
      assertThat(there.told.getFirst().spot()).isEqualTo(TALK);
      assertThat(second.at(ACME, TALK)).containsExactly(ADA);
      first.said(ACME, TALK, ADA, false);
      Await.until("heard", () -> there.names().contains("typing.stopped"));
      first.said(ACME, TALK, BOB, true);
      Await.until("heard", () -> there.told.size() == 3);
      nanos += Duration.ofSeconds(6).toNanos();
      second.tick();
      assertThat(there.names().getLast()).isEqualTo("typing.stopped");
      assertThat(here.names())
          .containsExactly("typing.started", "typing.stopped", "typing.started");
    }
  }
}
