package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Which conversation and which message of Genesys is which of ours: remembered in memory for an hour, and for an hour in
/// Redis where there is one, so that another process need not ask the database.
///
/// Nothing is decided by what is remembered. Whoever uses it writes by a statement that holds only where the database says
/// the same, and on finding that it does not, forgets it and asks the database: an entry that is old, lost or wrong costs
/// a statement and nothing else.
@Singleton
final class Counterparts {
  private static final Logger LOG = Logger.getLogger(Counterparts.class);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String PREFIX = "parley:genesys:";
  private static final int MOST = 50_000;

  /// Genesys' conversation of one of ours, and when that was last written down.
  record Theirs(String genesysId, Instant noted) {}

  /// A part of what was told to Genesys.
  record Told(UUID source, int part) {}

  /// The message of Genesys for which one of ours was sent.
  record Asked(UUID integration, String webhook) {}

  private final RedisClient redis;
  private final Mapping<UUID> places;
  private final Mapping<Theirs> theirs;
  private final Mapping<Told> told;
  private final Mapping<Asked> asked;

  Counterparts(RedisClient redis, InstantSource clock) {
    this.redis = redis;
    this.places = new Mapping<>("place", UUID.class, clock);
    this.theirs = new Mapping<>("theirs", Theirs.class, clock);
    this.told = new Mapping<>("told", Told.class, clock);
    this.asked = new Mapping<>("asked", Asked.class, clock);
  }

  /// By the customer's name at Genesys: the conversation in which they last wrote.
  Mapping<UUID> places() {
    return places;
  }

  /// By the id of our conversation: Genesys'.
  Mapping<Theirs> theirs() {
    return theirs;
  }

  /// By Genesys' id of what was told: ours.
  Mapping<Told> told() {
    return told;
  }

  /// By the id of our message: Genesys' for which it was sent.
  Mapping<Asked> asked() {
    return asked;
  }

  /// One kind of what is remembered. Keys are of one tenant and, where they are Genesys' names, of one integration.
  final class Mapping<V> {
    private final String name;
    private final Class<V> type;
    private final Remembered<String, V> near;

    private Mapping(String name, Class<V> type, InstantSource clock) {
      this.name = name;
      this.type = type;
      this.near = new Remembered<>(MOST, LIFE, clock);
    }

    /// What is remembered; empty when nothing is. Never fails for want of Redis.
    Optional<V> find(TenantId tenant, UUID scope, String key) {
      String full = full(tenant, scope, key);
      Optional<V> known = near.known(full);
      if (known.isPresent() || !redis.configured()) {
        return known;
      }
      try {
        String text = redis.call(RedisCommand.of("GET", full)).text();
        if (text.isEmpty()) {
          return Optional.empty();
        }
        V value = Json.read(text, type);
        near.put(full, value);
        return Optional.of(value);
      } catch (RedisClient.Away | UncheckedIOException e) {
        LOG.debugf("genesys: %s is not read from Redis: %s", name, e.getMessage());
        return Optional.empty();
      }
    }

    /// To be called when what it says is committed. Does not wait for Redis.
    void put(TenantId tenant, UUID scope, String key, V value) {
      String full = full(tenant, scope, key);
      near.put(full, value);
      tell("SET", List.of(full, Json.write(value), "PX", Long.toString(LIFE.toMillis())));
    }

    /// To be called when the database has said otherwise.
    void forget(TenantId tenant, UUID scope, String key) {
      String full = full(tenant, scope, key);
      near.forget(full);
      tell("DEL", List.of(full));
    }

    private void tell(String command, List<Object> arguments) {
      if (redis.configured()) {
        redis.ask(new RedisCommand(command, arguments));
      }
    }

    /// Customers' names are phone numbers, which do not go into a key.
    private String full(TenantId tenant, UUID scope, String key) {
      byte[] text = (tenant + "/" + scope + "/" + key).getBytes(StandardCharsets.UTF_8);
      return PREFIX + name + ":" + UUID.nameUUIDFromBytes(text);
    }
  }
}
