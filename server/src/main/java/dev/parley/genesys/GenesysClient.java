package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.limits.CircuitBreaker;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Calls of the Platform API of Genesys Cloud with an integration's token, and a circuit breaker for each integration.
///
/// A 401 is answered by one new token and one more try. What is a fault of Genesys' or no answer is no success of the
/// call, and counts for the breaker; nothing is tried again here.
@Singleton
final class GenesysClient {
  private static final Logger LOG = Logger.getLogger(GenesysClient.class);
  private static final int MOST_BYTES = 1 << 20;
  private static final int UNAUTHORISED = 401;
  // What Genesys' own SDK waits when a refusal says nothing.
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  static final String OPEN = "/api/v2/conversations/messaging/integrations/open";

  private final OutboundHttp http;
  private final GenesysTokens tokens;
  private final String apiUrl;
  private final Duration timeout;
  private final MeterRegistry metrics;
  private final Map<UUID, CircuitBreaker> breakers = new ConcurrentHashMap<>();

  GenesysClient(OutboundHttp http, GenesysTokens tokens, Config config, MeterRegistry metrics) {
    this.http = http;
    this.tokens = tokens;
    this.apiUrl = config.get(Keys.GENESYS_API_URL);
    this.timeout = config.get(Keys.GENESYS_TIMEOUT);
    this.metrics = metrics;
  }

  /// Zero when a call may be made now; otherwise how long to wait, because the last ones failed.
  Duration admit(GenesysAccount account) {
    return breaker(account).admit();
  }

  /// Whether calls are held back because the last ones failed.
  boolean failing(UUID integration) {
    CircuitBreaker breaker = breakers.get(integration);
    return breaker != null && breaker.isOpen();
  }

  private CircuitBreaker breaker(GenesysAccount account) {
    return breakers.computeIfAbsent(
        account.id(), _ -> new CircuitBreaker(5, Duration.ofSeconds(1)));
  }

  /// Gets a path.
  GenesysReply get(GenesysAccount account, String path) {
    return call(account, "GET", path, null);
  }

  /// A customer's message; `conversationId` of the answer is Genesys' conversation.
  GenesysReply message(GenesysAccount account, ObjectNode body) {
    return call(
        account, "POST", inbound(account, "message") + "?prefetchConversationId=true", body);
  }

  /// What a customer chose of a message with choices.
  GenesysReply choice(GenesysAccount account, ObjectNode body) {
    return call(account, "POST", inbound(account, "structured/response"), body);
  }

  /// What became of an agent's message.
  GenesysReply receipt(GenesysAccount account, ObjectNode body) {
    return call(account, "POST", inbound(account, "receipt"), body);
  }

  private static String inbound(GenesysAccount account, String what) {
    return "/api/v2/conversations/messages/" + account.genesysId() + "/inbound/open/" + what;
  }

  /// Makes a call whose path begins with `/api`.
  GenesysReply call(GenesysAccount account, String method, String path, @Nullable JsonNode body) {
    long started = System.nanoTime();
    GenesysReply reply = authorised(account, method, path, body);
    metrics
        .timer(
            "parley.provider.calls",
            "channel",
            "genesys",
            "result",
            reply.getClass().getSimpleName())
        .record(Duration.ofNanos(System.nanoTime() - started));
    CircuitBreaker breaker = breaker(account);
    switch (reply) {
      case GenesysReply.Done _ -> breaker.succeeded();
      case GenesysReply.Refused(int status, _) -> {
        // Somebody has to mend the client; until then nothing will come of asking.
        if (status == UNAUTHORISED || status == 403) {
          breaker.failed();
        } else {
          breaker.succeeded();
        }
      }
      case GenesysReply.Later(_, _, boolean limited) -> {
        if (!limited) {
          breaker.failed();
        }
      }
      case GenesysReply.Unknown _ -> breaker.failed();
    }
    return reply;
  }

  private GenesysReply authorised(
      GenesysAccount account, String method, String path, @Nullable JsonNode body) {
    try {
      Secret token = tokens.get(account);
      OutboundHttp.Reply first = send(account, token, method, path, body);
      if (first.status() != UNAUTHORISED) {
        return reply(first);
      }
      return reply(send(account, tokens.instead(account, token), method, path, body));
    } catch (GenesysTokens.NoToken e) {
      return e.reply();
    } catch (OutboundHttp.NotMade e) {
      return notMade(e);
    } catch (OutboundHttp.Unanswered e) {
      return new GenesysReply.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private OutboundHttp.Reply send(
      GenesysAccount account, Secret token, String method, String path, @Nullable JsonNode body)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    Trace trace = Trace.current();
    var headers = new HashMap<String, String>();
    headers.put("Authorization", "Bearer " + token.reveal());
    headers.put("Accept", "application/json");
    headers.put("X-Correlation-Id", trace.correlationId());
    String parent = trace.traceparent();
    if (parent != null) {
      headers.put("traceparent", parent);
    }
    if (body != null) {
      headers.put("Content-Type", "application/json");
    }
    OutboundHttp.Reply reply =
        http.send(
            new OutboundHttp.Request(
                method,
                URI.create(apiUrl.replace("{region}", account.integration().region()) + path),
                headers,
                body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8),
                timeout,
                MOST_BYTES));
    // Genesys' support asks for it.
    String theirs = reply.headers().getOrDefault("inin-correlation-id", "none");
    if (reply.status() >= 400) {
      LOG.infof(
          "genesys: %s %s answered %d, inin-correlation-id %s",
          method, path, reply.status(), theirs);
    } else {
      LOG.debugf("genesys: %s %s, inin-correlation-id %s", method, path, theirs);
    }
    return reply;
  }

  static GenesysReply notMade(OutboundHttp.NotMade e) {
    String why = String.valueOf(e.getMessage());
    return e.forbidden()
        ? new GenesysReply.Refused(403, why + "; look at the region")
        : new GenesysReply.Later(Duration.ofSeconds(1), why, false);
  }

  /// What an answer means. 429 and 503 were not taken; after another fault nobody knows.
  static GenesysReply reply(OutboundHttp.Reply reply) {
    int status = reply.status();
    JsonNode body = json(reply);
    if (status >= 200 && status < 300) {
      return new GenesysReply.Done(body);
    }
    String detail = detail(body, status);
    if (status == 429 || status == 503) {
      return new GenesysReply.Later(pause(reply), detail, status == 429);
    }
    return status >= 500 || status == 408
        ? new GenesysReply.Unknown(detail)
        : new GenesysReply.Refused(status, detail);
  }

  private static String detail(JsonNode body, int status) {
    String code = body.path("code").asText("");
    String message = body.path("message").asText("HTTP status " + status);
    String text = code.isEmpty() ? message : code + ", " + message;
    return text.length() > 500 ? text.substring(0, 500) : text;
  }

  private static Duration pause(OutboundHttp.Reply reply) {
    try {
      Duration told =
          Duration.ofSeconds(
              Math.max(0, Long.parseLong(reply.headers().getOrDefault("retry-after", "").strip())));
      return told.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : told;
    } catch (NumberFormatException e) {
      return PAUSE;
    }
  }

  /// The JSON of an answer; an empty object where it is none.
  static JsonNode json(OutboundHttp.Reply reply) {
    try {
      JsonNode body = Json.tree(reply.body());
      return body == null || !body.isObject() ? Json.MAPPER.createObjectNode() : body;
    } catch (UncheckedIOException e) {
      return Json.MAPPER.createObjectNode();
    }
  }
}
