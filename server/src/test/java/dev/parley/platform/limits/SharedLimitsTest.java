package dev.parley.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.limits.RateLimits.Limit;
import dev.parley.testing.Await;
import dev.parley.testing.RealRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

@Tag("slow")
@EnabledIf("dev.parley.testing.RealRedis#installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLimitsTest implements RateLimitsContract {
  private final RealRedis redis = RealRedis.start();
  private final RedisClient one = redis.client();
  private final RedisClient two = redis.client();
  private final RateLimits limits = new SharedLimits(one, new LocalLimits());
  private final RateLimits otherNode = new SharedLimits(two, new LocalLimits());

  SharedLimitsTest() {
    RealRedis.connect(one, two);
  }

  @AfterAll
  void close() {
    one.close();
    two.close();
    redis.close();
  }

  @Override
  public RateLimits limits() {
    Await.until("connected", () -> one.state() == RedisClient.State.UP);
    return limits;
  }

  @Test
  void nodesShareOneBucket() {
    Await.until("the other node is connected", () -> two.state() == RedisClient.State.UP);
    Limit limit = new Limit(5, 0.001);
    int taken = 0;
    for (int i = 0; i < 10; i++) {
      taken += limits().take("acme:shared", limit).allowed() ? 1 : 0;
      taken += otherNode.take("acme:shared", limit).allowed() ? 1 : 0;
    }
    assertThat(taken).isEqualTo(5);
  }

  @Test
  void whileRedisHangsEachNodeLimitsByItselfAndOnlyTheFirstWaits() {
    Limit limit = new Limit(3, 0.001);
    assertThat(limits().take("acme:hang", limit).allowed()).isTrue();
    redis.pause();
    try {
      limits.take("acme:hang", limit);
      long begun = System.nanoTime();
      int taken = 0;
      for (int i = 0; i < 1000; i++) {
        taken += limits.take("acme:hang", limit).allowed() ? 1 : 0;
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
      assertThat(taken).isEqualTo(2);
    } finally {
      redis.goOn();
    }
    Await.until("the shared bucket counts again", () -> one.state() == RedisClient.State.UP);
    assertThat(otherNode).isNotNull();
    Await.until("two is back", () -> two.state() == RedisClient.State.UP);
  }

  @Test
  void aRedisThatWasKilledAndComesBackEmptyIsUsedAgain() {
    Limit limit = new Limit(1, 0.001);
    assertThat(limits().take("acme:killed", limit).allowed()).isTrue();
    redis.kill();
    assertThat(limits.take("acme:killed", limit).allowed()).isTrue();
    assertThat(limits.take("acme:killed", limit).allowed()).isFalse();
    redis.startAgain();
    Await.until("back", () -> one.state() == RedisClient.State.UP);
    assertThat(limits.take("acme:killed", limit).allowed()).isTrue();
    assertThat(limits.take("acme:killed", limit).allowed()).isFalse();
  }
}
