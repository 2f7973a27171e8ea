package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.Trace;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Calls of the Graph API with a channel's token.
public final class WhatsAppClient {
  private static final int MOST_BYTES = 1 << 20;

  private final OutboundHttp http;
  private final String base;
  private final Duration timeout;

  /// `graphUrl` without a slash at its end; `version` such as `v23.0`; a call without an answer ends after `timeout`.
  public WhatsAppClient(OutboundHttp http, String graphUrl, String version, Duration timeout) {
    this.http = http;
    this.timeout = timeout;
    this.base = graphUrl + "/" + version + "/";
  }

  /// Posts JSON to an edge of the channel's phone number.
  OutboundHttp.Reply post(ChannelAccount account, String edge, JsonNode body)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return http.send(
        new OutboundHttp.Request(
            "POST",
            URI.create(base + account.setting("phoneNumberId") + "/" + edge),
            headers(account, true),
            body.toString().getBytes(StandardCharsets.UTF_8),
            timeout,
            MOST_BYTES));
  }

  /// Gets a path below the version.
  OutboundHttp.Reply get(ChannelAccount account, String path)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return http.send(
        new OutboundHttp.Request(
            "GET", URI.create(base + path), headers(account, false), null, timeout, MOST_BYTES));
  }

  private static Map<String, String> headers(ChannelAccount account, boolean json) {
    Secret token = account.credentials().accessToken();
    if (token == null) {
      throw new IllegalStateException("channel " + account.id() + " has no access token");
    }
    Trace trace = Trace.current();
    var headers = new HashMap<String, String>();
    headers.put("Authorization", "Bearer " + token.reveal());
    headers.put("X-Correlation-Id", trace.correlationId());
    String parent = trace.traceparent();
    if (parent != null) {
      headers.put("traceparent", parent);
    }
    if (json) {
      headers.put("Content-Type", "application/json");
    }
    return headers;
  }

  /// The JSON of an answer; an empty object where it is none.
  static JsonNode json(OutboundHttp.Reply reply) {
    try {
      return Json.tree(reply.body());
    } catch (UncheckedIOException e) {
      return Json.MAPPER.createObjectNode();
    }
  }
}
