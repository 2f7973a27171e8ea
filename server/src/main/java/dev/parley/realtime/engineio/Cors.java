package dev.parley.realtime.engineio;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// Lets pages of other origins poll. WebSockets do not ask; their origin is checked all the same.
final class Cors {
  private static final int A_DAY = 86_400;

  private Cors() {}

  /// The headers of every answer to an origin that is allowed.
  static void allow(HttpServerRequest request, String origin) {
    request
        .response()
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
        .putHeader(HttpHeaders.VARY, "Origin");
  }

  /// The answer to a browser that asks before it sends.
  static void preflight(HttpServerRequest request) {
    HttpServerResponse response = request.response().setStatusCode(204);
    if (request.getHeader(HttpHeaders.ORIGIN) != null) {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
          .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Integer.toString(A_DAY));
      String wanted = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
      if (wanted != null && wanted.length() <= 1000) {
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
      }
    }
    response.end();
  }
}
