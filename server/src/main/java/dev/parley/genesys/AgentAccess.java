package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Calls of Genesys Cloud in an agent's own name: who the agent is, and whether they are on a conversation. Each answer
/// comes from Genesys at that moment; nothing is tried again here.
@Singleton
final class AgentAccess {
  private static final int MOST_BYTES = 1 << 20;
  private static final int LONGEST_NAME = 200;
  private static final Set<String> TAKEN = Set.of("connected", "hold");
  private static final Set<String> RINGING =
      Set.of("alerting", "contacting", "dialing", "offering", "queued", "scheduled");

  private final OutboundHttp http;
  private final MeterRegistry metrics;
  private final String loginUrl;
  private final String apiUrl;
  private final Duration timeout;

  AgentAccess(OutboundHttp http, Config config, MeterRegistry metrics) {
    this.http = http;
    this.metrics = metrics;
    this.loginUrl = config.get(Keys.GENESYS_LOGIN_URL);
    this.apiUrl = config.get(Keys.GENESYS_API_URL);
    this.timeout = config.get(Keys.GENESYS_TIMEOUT);
  }

  /// An agent's token.
  ///
  /// @param life from now on
  record Grant(Secret token, Duration life) {}

  /// An agent of Genesys.
  record Agent(String id, String name) {}

  /// How an agent stands to a conversation.
  enum Standing {
    /// On it.
    CONNECTED,
    /// It rings.
    ALERTING,
    /// Not on it, no longer, or not allowed to know.
    NOT_THERE
  }

  /// Genesys did not do as asked.
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient GenesysReply reply;

    Failed(GenesysReply reply) {
      super(reply.cause());
      this.reply = reply;
    }

    /// Whether Genesys refuses what was shown, be it a code or a token.
    boolean refused() {
      return reply instanceof GenesysReply.Refused;
    }
  }

  /// Where a browser has to go to sign in.
  URI login(WidgetClient client, String region, String redirect, String challenge, String state) {
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", client.clientId());
    query.put("redirect_uri", redirect);
    query.put("code_challenge", challenge);
    query.put("code_challenge_method", "S256");
    query.put("state", state);
    return URI.create(loginUrl.replace("{region}", region) + "/oauth/authorize?" + form(query));
  }

  /// What a code is worth; the verifier is the one that its challenge was made of.
  Grant redeem(WidgetClient client, String region, String redirect, String code, String verifier)
      throws Failed {
    var body = new LinkedHashMap<String, String>();
    body.put("grant_type", "authorization_code");
    body.put("code", code);
    body.put("redirect_uri", redirect);
    body.put("client_id", client.clientId());
    body.put("code_verifier", verifier);
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    Secret secret = client.secret();
    if (secret != null) {
      byte[] pair =
          (client.clientId() + ":" + secret.reveal()).getBytes(StandardCharsets.ISO_8859_1);
      headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
    JsonNode answer =
        done(
            call(
                "token",
                "POST",
                URI.create(loginUrl.replace("{region}", region) + "/oauth/token"),
                headers,
                form(body).getBytes(StandardCharsets.UTF_8)));
    String token = answer.path("access_token").asText("");
    if (token.isEmpty()) {
      throw new Failed(new GenesysReply.Unknown("the login gave no token"));
    }
    long seconds = Math.clamp(answer.path("expires_in").asLong(60), 1, 31_536_000);
    return new Grant(new Secret(token), Duration.ofSeconds(seconds));
  }

  /// Whose token it is.
  Agent me(String region, Secret token) throws Failed {
    JsonNode user = done(get("me", region, token, "/api/v2/users/me"));
    String id = user.path("id").asText("");
    if (id.isEmpty() || id.length() > LONGEST_NAME) {
      throw new Failed(new GenesysReply.Unknown("the user has no id"));
    }
    return new Agent(id, Texts.cut(user.path("name").asText(id), LONGEST_NAME));
  }

  /// How an agent stands to a conversation, which must be a UUID.
  Standing standing(String region, Secret token, String conversation, String agent) throws Failed {
    GenesysReply reply =
        get("standing", region, token, "/api/v2/conversations/messages/" + conversation);
    if (reply instanceof GenesysReply.Refused(int status, _) && status != 401) {
      // Genesys tells nothing of conversations that somebody may not see.
      return Standing.NOT_THERE;
    }
    return standing(done(reply), agent);
  }

  /// How an agent stands to a conversation as Genesys describes it. A participant who came back is there twice.
  static Standing standing(JsonNode conversation, String agent) {
    Standing best = Standing.NOT_THERE;
    for (JsonNode one : conversation.path("participants")) {
      if (agent.equals(one.path("user").path("id").asText(one.path("userId").asText("")))) {
        String state = one.path("state").asText("");
        if (TAKEN.contains(state)) {
          return Standing.CONNECTED;
        }
        best = RINGING.contains(state) ? Standing.ALERTING : best;
      }
    }
    return best;
  }

  private GenesysReply get(String kind, String region, Secret token, String path) {
    return call(
        kind,
        "GET",
        URI.create(apiUrl.replace("{region}", region) + path),
        Map.of("Authorization", "Bearer " + token.reveal()),
        null);
  }

  private GenesysReply call(
      String kind, String method, URI to, Map<String, String> more, byte @Nullable [] body) {
    long started = System.nanoTime();
    var headers = new HashMap<>(more);
    headers.put("Accept", "application/json");
    headers.put("X-Correlation-Id", Trace.current().correlationId());
    GenesysReply reply;
    try {
      reply =
          GenesysClient.reply(
              http.send(new OutboundHttp.Request(method, to, headers, body, timeout, MOST_BYTES)));
    } catch (OutboundHttp.NotMade e) {
      reply = GenesysClient.notMade(e);
    } catch (OutboundHttp.Unanswered e) {
      reply = new GenesysReply.Unknown(String.valueOf(e.getMessage()));
    }
    metrics
        .timer(
            "parley.genesys.agent.calls", "kind", kind, "result", reply.getClass().getSimpleName())
        .record(Duration.ofNanos(System.nanoTime() - started));
    return reply;
  }

  private static JsonNode done(GenesysReply reply) throws Failed {
    if (reply instanceof GenesysReply.Done(JsonNode body)) {
      return body;
    }
    throw new Failed(reply);
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
