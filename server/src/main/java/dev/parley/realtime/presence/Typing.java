package dev.parley.realtime.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.realtime.Broadcasts;
import dev.parley.realtime.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Who is typing where. Never stored: each process tells its own clients, and passes on to the others, if they share a
/// Redis, what its own clients say. Every process forgets by itself who has not said so again in time, so that nobody
/// types for ever because a process died. Thread-safe.
final class Typing {
  private static final String CHANNEL = "parley:typing:";
  private static final int SHARDS = 16;
  private static final int SIZE = 16 * 4 + 1;
  private static final int MOST = 100_000;

  private record Key(TenantId tenant, UUID conversation, UUID user) {}

  /// How long somebody types.
  ///
  /// @param until when it ends
  /// @param passedOn when the other processes were last told
  private record Term(long until, long passedOn) {}

  // In the order in which they end, since all last equally long.
  private final LinkedHashMap<Key, Term> typing = new LinkedHashMap<>();
  private final Duration life;
  private final UUID process;
  private final RedisClient redis;
  private final Supplier<Broadcasts> broadcasts;
  private final LongSupplier nanos;

  /// To be made before the client is started.
  Typing(
      Duration life,
      UUID process,
      RedisClient redis,
      Supplier<Broadcasts> broadcasts,
      LongSupplier nanos) {
    this.life = life;
    this.process = process;
    this.redis = redis;
    this.broadcasts = broadcasts;
    this.nanos = nanos;
    for (int shard = 0; shard < SHARDS; shard++) {
      redis.subscribe(CHANNEL + shard, this::heard);
    }
  }

  /// One of this process's clients types, or has stopped. Quick.
  void said(TenantId tenant, UUID conversation, UUID user, boolean on) {
    var key = new Key(tenant, conversation, user);
    if (on ? begin(key, true) : end(key)) {
      pass(key, on);
    }
  }

  /// Whether the other processes have to be told.
  private boolean begin(Key key, boolean own) {
    long now = nanos.getAsLong();
    boolean fresh;
    boolean pass;
    synchronized (typing) {
      Term before = typing.remove(key);
      fresh = before == null;
      if (fresh && typing.size() >= MOST) {
        return false;
      }
      pass = own && (before == null || now - before.passedOn() > life.toNanos() / 2);
      long passedOn = pass || before == null ? now : before.passedOn();
      typing.put(key, new Term(now + life.toNanos(), passedOn));
    }
    if (fresh) {
      tell(key, true);
    }
    return pass;
  }

  private boolean end(Key key) {
    boolean was;
    synchronized (typing) {
      was = typing.remove(key) != null;
    }
    if (was) {
      tell(key, false);
    }
    return was;
  }

  /// Ends what has not been renewed in time. To be called a few times a second.
  void tick() {
    long now = nanos.getAsLong();
    List<Key> over = new ArrayList<>();
    synchronized (typing) {
      var all = typing.entrySet().iterator();
      while (all.hasNext()) {
        var entry = all.next();
        if (entry.getValue().until() - now > 0) {
          break;
        }
        over.add(entry.getKey());
        all.remove();
      }
    }
    over.forEach(key -> tell(key, false));
  }

  private void tell(Key key, boolean on) {
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("conversationId", key.conversation().toString())
            .put("userId", key.user().toString());
    if (on) {
      data.put("expiresInMs", life.toMillis());
    }
    String name = on ? "typing.started" : "typing.stopped";
    broadcasts
        .get()
        .toConversation(key.tenant(), key.conversation(), Frame.ephemeral(name, data), key.user());
  }

  private void pass(Key key, boolean on) {
    if (redis.state() != RedisClient.State.UP) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    for (UUID id : List.of(process, key.tenant().value(), key.conversation(), key.user())) {
      bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
    bytes.put((byte) (on ? 1 : 0));
    int shard = Math.floorMod(key.tenant().value().hashCode(), SHARDS);
    redis.ask(RedisCommand.of("PUBLISH", CHANNEL + shard, bytes.array()));
  }

  /// On an event loop.
  private void heard(byte[] message) {
    if (message.length != SIZE) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(message);
    if (id(bytes).equals(process)) {
      return;
    }
    var key = new Key(new TenantId(id(bytes)), id(bytes), id(bytes));
    if (bytes.get() == 1) {
      begin(key, false);
    } else {
      end(key);
    }
  }

  private static UUID id(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
