package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.testing.Await;
import dev.parley.testing.RealRedis;
import dev.parley.testing.TestClock;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// All of [ReceiveContract] where Redis remembers too, and what two processes have of it.
@Tag("slow")
@EnabledIf("dev.parley.testing.RealRedis#installed")
class ReceiveWithRedisTest extends ReceiveContract {
  private final RealRedis redis = RealRedis.start();
  private final RedisClient one = redis.client();

  @Override
  BridgeFixture fixture() {
    RealRedis.connect(one);
    return new BridgeFixture(one);
  }

  @AfterAll
  void stop() {
    one.close();
    redis.close();
  }

  @Test
  void anotherProcessFindsWhatOneRemembersAndForgetsItWithIt() {
    RedisClient two = redis.client();
    try (two) {
      RealRedis.connect(two);
      var here = new Counterparts(one, new TestClock());
      var tenant = new TenantId(UUID.randomUUID());
      var integration = UUID.randomUUID();
      UUID conversation = UUID.randomUUID();
      here.places().put(tenant, integration, "+351", conversation);
      Await.until(
          "the other process has it",
          () ->
              new Counterparts(two, new TestClock())
                  .places()
                  .find(tenant, integration, "+351")
                  .filter(conversation::equals)
                  .isPresent());
      assertThat(here.places().find(new TenantId(UUID.randomUUID()), integration, "+351"))
          .as("another tenant's")
          .isEmpty();

      here.places().forget(tenant, integration, "+351");
      Await.until(
          "it is forgotten",
          () ->
              new Counterparts(two, new TestClock())
                  .places()
                  .find(tenant, integration, "+351")
                  .isEmpty());
    }
  }
}
