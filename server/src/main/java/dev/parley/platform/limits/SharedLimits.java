package dev.parley.platform.limits;

import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.platform.cache.RedisReply;
import dev.parley.platform.cache.RedisScript;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Buckets in Redis, shared by all processes. Time is Redis's own. While Redis is away each process has its own buckets,
/// so that limits are looser then, but never gone.
public final class SharedLimits implements RateLimits {
  private static final String PREFIX = "parley:limit:";

  /// One step, so that two processes never take the same token. Answers whether one was taken and how many thousandths
  /// of tokens are left.
  private static final RedisScript TAKE =
      RedisScript.of(
          """
          local clock = redis.call('TIME')
          local now = clock[1] * 1000000 + clock[2]
          local burst, rate, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
          local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
          local tokens, at = tonumber(known[1]) or burst, tonumber(known[2]) or now
          tokens = math.min(burst, tokens + math.max(0, now - at) / 1000000 * rate)
          local taken = 0
          if tokens >= amount then
            tokens = math.min(burst, tokens - amount)
            taken = 1
          end
          redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
          redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
          return {taken, math.floor(tokens * 1000)}
          """);

  private final RedisClient redis;
  private final RateLimits local;

  /// Keeps buckets in `redis`, and in `local` while that is away. To be made before the client is started.
  public SharedLimits(RedisClient redis, RateLimits local) {
    this.redis = redis;
    this.local = local;
    redis.script(TAKE);
  }

  @Override
  public Decision take(String bucket, Limit limit) {
    try {
      return decision(redis.call(command(bucket, limit, 1)), limit);
    } catch (RedisClient.Away e) {
      return local.take(bucket, limit);
    }
  }

  @Override
  public void giveBack(String bucket, Limit limit) {
    // Nobody waits for it: at worst the bucket is a token short.
    redis
        .ask(command(bucket, limit, -1))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                local.giveBack(bucket, limit);
              }
            });
  }

  @Override
  public CompletionStage<Decision> ask(String bucket, Limit limit) {
    return redis
        .ask(command(bucket, limit, 1))
        .handle(
            (reply, failure) ->
                failure == null ? decision(reply, limit) : local.take(bucket, limit));
  }

  private static Decision decision(RedisReply reply, Limit limit) {
    List<RedisReply> parts = reply.parts();
    return Decision.of(parts.getFirst().number() == 1, parts.getLast().number() / 1000.0, limit);
  }

  private static RedisCommand command(String bucket, Limit limit, int amount) {
    String rate = Double.toString(limit.perSecond());
    String burst = Double.toString(limit.burst());
    return RedisCommand.run(
        TAKE,
        PREFIX + bucket + ":" + burst + ":" + rate,
        List.of(burst, rate, Integer.toString(amount)));
  }
}
