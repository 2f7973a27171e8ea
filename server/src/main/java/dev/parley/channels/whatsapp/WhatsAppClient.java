package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.Trace;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls of the Graph API with a channel's token.
public final class WhatsAppClient {
  private static final int MOST_BYTES = 1 << 20;

  private final OutboundHttp http;
  private final String base;
  private final Times times;

  /// How long things may take.
  ///
  /// @param call a call without a file, until its answer
  /// @param file a file, up or down
  /// @param silence the other side while it sends a file
  public record Times(Duration call, Duration file, Duration silence) {}

  /// `graphUrl` without a slash at its end; `version` such as `v23.0`.
  public WhatsAppClient(OutboundHttp http, String graphUrl, String version, Times times) {
    this.http = http;
    this.times = times;
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
            times.call(),
            MOST_BYTES));
  }

  /// What there is to know about a file: its address, type, size and hash.
  OutboundHttp.Reply media(ChannelAccount account, String mediaId)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return get(account, mediaId + "?phone_number_id=" + account.setting("phoneNumberId"));
  }

  /// Reads a file from the address that [#media] has told. A redirect to another host does not get the token.
  <T> T download(ChannelAccount account, URI url, long maxBytes, OutboundHttp.Reader<T> reader)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered, OutboundHttp.TooLarge {
    return http.fetch(
        new OutboundHttp.Fetch(
            url, headers(account, false), times.silence(), times.file(), maxBytes, 2),
        reader);
  }

  /// Reads what somebody's link leads to. Nothing of the channel goes with it.
  <T> T link(URI url, long maxBytes, int redirects, OutboundHttp.Reader<T> reader)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered, OutboundHttp.TooLarge {
    return http.fetch(
        new OutboundHttp.Fetch(url, Map.of(), times.silence(), times.file(), maxBytes, redirects),
        reader);
  }

  /// Uploads a file to the channel's phone number.
  OutboundHttp.Reply upload(ChannelAccount account, String type, long length, InputStream file)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return http.upload(
        new OutboundHttp.Upload(
            URI.create(base + account.setting("phoneNumberId") + "/media"),
            headers(account, false),
            Map.of("messaging_product", "whatsapp", "type", type),
            "file",
            type,
            length,
            file,
            times.file(),
            MOST_BYTES));
  }

  /// Gets a path below the version.
  OutboundHttp.Reply get(ChannelAccount account, String path)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return http.send(
        new OutboundHttp.Request(
            "GET",
            URI.create(base + path),
            headers(account, false),
            null,
            times.call(),
            MOST_BYTES));
  }

  /// Posts JSON to, or deletes, a path below the version.
  OutboundHttp.Reply change(
      ChannelAccount account, String method, String path, @Nullable JsonNode body)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return http.send(
        new OutboundHttp.Request(
            method,
            URI.create(base + path),
            headers(account, body != null),
            body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8),
            times.call(),
            MOST_BYTES));
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
