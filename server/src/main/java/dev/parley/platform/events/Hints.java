package dev.parley.platform.events;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import dev.parley.platform.timers.Ticker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/// Tells the other processes by Redis, after a commit, how far each lane's events go now, and passes on to the [Tail]
/// what others tell. The first commit after a pause is told at once, later ones together every [#GAP].
///
/// Only hints: what is lost, or comes while Redis is away, the tail's polling finds.
public final class Hints {
  /// Least time between two messages of a process.
  static final Duration GAP = Duration.ofMillis(20);

  private static final String CHANNEL = "parley:events";
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final int RECORD = 16 + 1 + 8;
  private static final int MOST = 2_000;

  private final RedisClient redis;
  private final EventLog log;
  private final Tail tail;
  private final Ticker ticker;
  private final Map<LaneKey, Long> pending = new HashMap<>();

  /// To be made before the client is started.
  public Hints(RedisClient redis, EventLog log, Tail tail) {
    this.redis = redis;
    this.log = log;
    this.tail = tail;
    this.ticker = new Ticker("hints", IDLE, this::tell);
    redis.subscribe(CHANNEL, this::heard);
  }

  /// Begins to tell, if there is a Redis.
  public void start() {
    if (redis.configured()) {
      ticker.start();
      log.onCommit(
          (key, events) -> {
            synchronized (pending) {
              pending.merge(key, events.getLast().seq(), Math::max);
            }
            ticker.hurry();
          });
    }
  }

  /// Tells nothing any more.
  public void stop(Duration patience) {
    ticker.stop(patience);
  }

  private void tell() {
    for (byte[] message = take(); message.length > 0; message = take()) {
      if (redis.state() == RedisClient.State.UP) {
        redis.ask(RedisCommand.of("PUBLISH", CHANNEL, message));
      }
      long end = System.nanoTime() + GAP.toNanos();
      for (long left = GAP.toNanos(); left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  private byte[] take() {
    synchronized (pending) {
      if (pending.isEmpty()) {
        return new byte[0];
      }
      int count = Math.min(pending.size(), MOST);
      ByteBuffer bytes = ByteBuffer.allocate(16 + count * RECORD);
      put(bytes, redis.process());
      var all = pending.entrySet().iterator();
      for (int i = 0; i < count; i++) {
        var entry = all.next();
        put(bytes, entry.getKey().tenant().value());
        bytes.put((byte) entry.getKey().lane()).putLong(entry.getValue());
        all.remove();
      }
      return bytes.array();
    }
  }

  private static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  /// On an event loop. What is not of this form is no hint.
  private void heard(byte[] message) {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    if (message.length < 16 || redis.process().equals(new UUID(bytes.getLong(), bytes.getLong()))) {
      return;
    }
    while (bytes.remaining() >= RECORD) {
      var tenant = new TenantId(new UUID(bytes.getLong(), bytes.getLong()));
      int lane = bytes.get();
      long seq = bytes.getLong();
      if (lane >= 0 && lane < Lanes.COUNT) {
        tail.hint(new LaneKey(tenant, lane), seq);
      }
    }
  }
}
