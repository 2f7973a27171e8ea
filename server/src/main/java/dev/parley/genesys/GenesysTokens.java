package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// OAuth tokens by client credentials: `POST /oauth/token` with HTTP basic authentication, which answers
/// `{access_token, token_type, expires_in}`.
///
/// A token is remembered in memory, and encrypted in Redis where there is one, so that other processes need not ask. It
/// is used until an hour before its end, or for nine tenths of a life that is too short for that. However many threads
/// want one, one asks and the others wait for it.
@Singleton
final class GenesysTokens {
  private static final Logger LOG = Logger.getLogger(GenesysTokens.class);
  private static final Duration MARGIN = Duration.ofHours(1);
  private static final int MOST = 10_000;
  private static final int MOST_BYTES = 64 << 10;
  private static final String PREFIX = "parley:genesys:token:";

  private final OutboundHttp http;
  private final RedisClient redis;
  private final FieldCipher cipher;
  private final InstantSource clock;
  private final String loginUrl;
  private final Duration timeout;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private static final class Held {
    private final ReentrantLock one = new ReentrantLock();
    private volatile @Nullable Token token;
  }

  private record Token(String value, Instant until) {}

  /// There is no token to be had.
  static final class NoToken extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient GenesysReply reply;

    NoToken(GenesysReply reply) {
      super(reply.cause());
      this.reply = reply;
    }

    GenesysReply reply() {
      return reply;
    }
  }

  GenesysTokens(
      OutboundHttp http,
      RedisClient redis,
      FieldCipher cipher,
      InstantSource clock,
      Config config) {
    this.http = http;
    this.redis = redis;
    this.cipher = cipher;
    this.clock = clock;
    this.loginUrl = config.get(Keys.GENESYS_LOGIN_URL);
    this.timeout = config.get(Keys.GENESYS_TIMEOUT);
  }

  /// A token that is good for now.
  Secret get(GenesysAccount account) throws NoToken {
    return get(account, null);
  }

  /// A token in the place of one that Genesys has refused.
  Secret instead(GenesysAccount account, Secret refused) throws NoToken {
    return get(account, refused.reveal());
  }

  private Secret get(GenesysAccount account, @Nullable String refused) throws NoToken {
    if (held.size() > MOST) {
      held.clear();
    }
    String key = account.tenant() + ":" + account.client();
    Held mine = held.computeIfAbsent(key, _ -> new Held());
    Token known = mine.token;
    if (!good(known, refused)) {
      mine.one.lock();
      try {
        known = mine.token;
        if (!good(known, refused)) {
          known = shared(key);
          if (!good(known, refused)) {
            known = fetch(account);
            share(key, known);
          }
          mine.token = known;
        }
      } finally {
        mine.one.unlock();
      }
    }
    if (known == null) {
      throw new IllegalStateException("a token that is good is one");
    }
    return new Secret(known.value());
  }

  private boolean good(@Nullable Token token, @Nullable String refused) {
    return token != null
        && token.until().isAfter(clock.instant())
        && !token.value().equals(refused);
  }

  private Token fetch(GenesysAccount account) throws NoToken {
    GenesysAccount.Credentials credentials = account.credentials();
    // As the Python sample of Genesys encodes the pair.
    byte[] pair =
        (account.integration().clientId() + ":" + credentials.clientSecret().reveal())
            .getBytes(StandardCharsets.ISO_8859_1);
    var request =
        new OutboundHttp.Request(
            "POST",
            URI.create(
                loginUrl.replace("{region}", account.integration().region()) + "/oauth/token"),
            Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(pair),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "X-Correlation-Id",
                Trace.current().correlationId()),
            "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8),
            timeout,
            MOST_BYTES);
    OutboundHttp.Reply reply;
    try {
      reply = http.send(request);
    } catch (OutboundHttp.NotMade e) {
      throw new NoToken(GenesysClient.notMade(e));
    } catch (OutboundHttp.Unanswered e) {
      // To ask again does no harm.
      throw new NoToken(
          new GenesysReply.Later(Duration.ofSeconds(1), String.valueOf(e.getMessage()), false));
    }
    JsonNode body = GenesysClient.json(reply);
    String value = body.path("access_token").asText("");
    if (reply.status() != 200 || value.isEmpty()) {
      throw new NoToken(refusal(reply, body));
    }
    Duration life = Duration.ofSeconds(Math.max(1, body.path("expires_in").asLong(60)));
    Duration used =
        life.compareTo(MARGIN.multipliedBy(2)) > 0
            ? life.minus(MARGIN)
            : life.multipliedBy(9).dividedBy(10);
    LOG.debugf("genesys: a token for %s, used for %s", account.id(), used);
    return new Token(value, clock.instant().plus(used));
  }

  private static GenesysReply refusal(OutboundHttp.Reply reply, JsonNode body) {
    GenesysReply general = GenesysClient.reply(reply);
    if (general instanceof GenesysReply.Later) {
      return general;
    }
    if (general instanceof GenesysReply.Unknown(String detail)) {
      return new GenesysReply.Later(Duration.ofSeconds(1), detail, false);
    }
    // Genesys' login says 400 for an unknown client and 401 for a wrong secret.
    String detail =
        body.path("description").asText(body.path("error_description").asText("the login fails"));
    return new GenesysReply.Refused(401, detail + "; compare client id and client secret");
  }

  private @Nullable Token shared(String key) {
    if (!redis.configured()) {
      return null;
    }
    try {
      String sealed = redis.call(RedisCommand.of("GET", PREFIX + key)).text();
      return sealed.isEmpty()
          ? null
          : Json.read(cipher.decrypt(sealed, PREFIX + key).reveal(), Token.class);
    } catch (RedisClient.Away | FieldCipher.Unreadable e) {
      LOG.debugf("genesys: no token from Redis: %s", e.getMessage());
      return null;
    }
  }

  private void share(String key, Token token) {
    if (!redis.configured()) {
      return;
    }
    long millis = Duration.between(clock.instant(), token.until()).toMillis();
    String sealed = cipher.encrypt(new Secret(Json.write(token)), PREFIX + key);
    try {
      redis.call(
          new RedisCommand(
              "SET", List.of(PREFIX + key, sealed, "PX", Long.toString(Math.max(1, millis)))));
    } catch (RedisClient.Away e) {
      LOG.debugf("genesys: the token is not shared: %s", e.getMessage());
    }
  }
}
