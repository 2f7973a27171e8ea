package dev.parley.sandbox;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP request, read whole: every endpoint here needs the whole body before it can judge it.
public record Call(
    String method,
    String path,
    List<String> segments,
    Map<String, String> query,
    Headers headers,
    Bytes body) {

  /// More than the largest file that may be uploaded (100 MB) with its multipart frame.
  private static final int MAX_BODY = 110 * 1024 * 1024;

  /// Reads the request to its end; of a body over 110 MB only the beginning.
  public static Call read(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    Bytes body;
    try (InputStream in = exchange.getRequestBody()) {
      body = Bytes.of(in.readNBytes(MAX_BODY));
    }
    List<String> segments = new ArrayList<>();
    for (String segment : uri.getRawPath().split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment));
      }
    }
    return new Call(
        exchange.getRequestMethod(),
        uri.getPath(),
        List.copyOf(segments),
        parameters(uri.getRawQuery()),
        exchange.getRequestHeaders(),
        body);
  }

  /// The bearer token, from the header or, as Graph allows, from the query; null when there is
  /// none.
  public @Nullable String token() {
    String header = headers.getFirst("Authorization");
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return header.substring(7).strip();
    }
    return query.get("access_token");
  }

  /// Where the caller reached this server; what it was called is the one address known to work for
  /// it.
  public String callerBase(String fallback) {
    String host = headers.getFirst("Host");
    return host == null ? fallback : "http://" + host;
  }

  /// Whether that query parameter is `true`.
  public boolean flag(String name) {
    return "true".equals(query.get(name));
  }

  /// A query parameter as a number; `fallback` when it is absent or none.
  public int number(String name, int fallback) {
    String text = query.get(name);
    try {
      return text == null ? fallback : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return fallback;
    }
  }

  /// The names and values of a query or of a form.
  public static Map<String, String> parameters(@Nullable String rawQuery) {
    if (rawQuery == null || rawQuery.isEmpty()) {
      return Map.of();
    }
    Map<String, String> parameters = new HashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      parameters.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badEscape) {
      return text;
    }
  }
}
