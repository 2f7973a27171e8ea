package dev.parley.realtime.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.realtime.Activity;
import dev.parley.realtime.Broadcasts;
import dev.parley.realtime.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Who does something where, such as typing. Never stored: each process tells its own clients, and passes on to the
/// others, if they share a Redis, what its own clients say. Every process forgets by itself who has not said so again in
/// time, so that nobody types for ever because a process died. Thread-safe.
final class Activities {
  private static final int SHARDS = 16;
  private static final int SIZE = 16 * 4 + 1;
  private static final int MOST = 100_000;
  private static final int ON = 1;
  private static final int INBOX = 2;

  private record Where(TenantId tenant, Activity.Spot spot) {}

  private record Key(Where where, UUID user) {}

  /// How long somebody does it.
  ///
  /// @param until when it ends
  /// @param passedOn when the other processes were last told
  private record Term(long until, long passedOn) {}

  // In the order in which they end, since all last equally long.
  private final LinkedHashMap<Key, Term> terms = new LinkedHashMap<>();

  /// The same by where it is.
  private final Map<Where, Set<UUID>> users = new HashMap<>();

  private final Activity activity;
  private final Duration life;
  private final UUID process;
  private final RedisClient redis;
  private final Supplier<Broadcasts> broadcasts;
  private final LongSupplier nanos;

  /// To be made before the client is started.
  Activities(
      Activity activity,
      Duration life,
      UUID process,
      RedisClient redis,
      Supplier<Broadcasts> broadcasts,
      LongSupplier nanos) {
    this.activity = activity;
    this.life = life;
    this.process = process;
    this.redis = redis;
    this.broadcasts = broadcasts;
    this.nanos = nanos;
    for (int shard = 0; shard < SHARDS; shard++) {
      redis.subscribe(channel(shard), this::heard);
    }
  }

  private String channel(int shard) {
    return "parley:" + activity.word() + ":" + shard;
  }

  /// One of this process's clients does it, or has stopped. Quick.
  void said(TenantId tenant, Activity.Spot spot, UUID user, boolean on) {
    var key = new Key(new Where(tenant, spot), user);
    if (on ? begin(key, true) : end(key)) {
      pass(key, on);
    }
  }

  /// Who does it there, so far as this process knows. Quick.
  Set<UUID> at(TenantId tenant, Activity.Spot spot) {
    synchronized (terms) {
      return Set.copyOf(users.getOrDefault(new Where(tenant, spot), Set.of()));
    }
  }

  /// Whether the other processes have to be told.
  private boolean begin(Key key, boolean own) {
    long now = nanos.getAsLong();
    boolean fresh;
    boolean pass;
    synchronized (terms) {
      Term before = terms.remove(key);
      fresh = before == null;
      if (fresh && terms.size() >= MOST) {
        return false;
      }
      pass = own && (before == null || now - before.passedOn() > life.toNanos() / 2);
      long passedOn = pass || before == null ? now : before.passedOn();
      terms.put(key, new Term(now + life.toNanos(), passedOn));
      users.computeIfAbsent(key.where(), _ -> new HashSet<>(2)).add(key.user());
    }
    if (fresh) {
      tell(key, true);
    }
    return pass;
  }

  private boolean end(Key key) {
    boolean was;
    synchronized (terms) {
      was = terms.remove(key) != null;
      gone(key);
    }
    if (was) {
      tell(key, false);
    }
    return was;
  }

  private void gone(Key key) {
    users.computeIfPresent(
        key.where(),
        (_, there) -> {
          there.remove(key.user());
          return there.isEmpty() ? null : there;
        });
  }

  /// Ends what has not been renewed in time. To be called a few times a second.
  void tick() {
    long now = nanos.getAsLong();
    List<Key> over = new ArrayList<>();
    synchronized (terms) {
      var all = terms.entrySet().iterator();
      while (all.hasNext()) {
        var entry = all.next();
        if (entry.getValue().until() - now > 0) {
          break;
        }
        over.add(entry.getKey());
        all.remove();
        gone(entry.getKey());
      }
    }
    over.forEach(key -> tell(key, false));
  }

  private void tell(Key key, boolean on) {
    Activity.Spot spot = key.where().spot();
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("conversationId", spot.conversation().toString())
            .put("userId", key.user().toString());
    if (on) {
      data.put("expiresInMs", life.toMillis());
    }
    Frame frame = Frame.ephemeral(on ? activity.begun() : activity.ended(), data);
    broadcasts.get().toConversation(key.where().tenant(), spot, frame, key.user());
  }

  private void pass(Key key, boolean on) {
    if (redis.state() != RedisClient.State.UP) {
      return;
    }
    TenantId tenant = key.where().tenant();
    Activity.Spot spot = key.where().spot();
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    for (UUID id : List.of(process, tenant.value(), spot.conversation(), key.user())) {
      bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
    bytes.put((byte) ((on ? ON : 0) | (spot.inbox() ? INBOX : 0)));
    int shard = Math.floorMod(tenant.value().hashCode(), SHARDS);
    redis.ask(RedisCommand.of("PUBLISH", channel(shard), bytes.array()));
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
    var tenant = new TenantId(id(bytes));
    UUID conversation = id(bytes);
    UUID user = id(bytes);
    int flags = bytes.get();
    var spot = new Activity.Spot(conversation, (flags & INBOX) != 0);
    var key = new Key(new Where(tenant, spot), user);
    if ((flags & ON) != 0) {
      begin(key, false);
    } else {
      end(key);
    }
  }

  private static UUID id(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
