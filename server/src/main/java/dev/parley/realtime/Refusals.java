package dev.parley.realtime;

import dev.parley.platform.http.Problem;
import dev.parley.platform.http.ProblemResponse;
import dev.parley.platform.json.Json;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a request that opens no connection is answered.
final class Refusals {
  private Refusals() {}

  static void answer(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Duration retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      response.putHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    response
        .setStatusCode(problem.code().status())
        .putHeader("Content-Type", "application/problem+json")
        .end(Json.write(ProblemResponse.body(problem)));
  }

  /// The problem that says over HTTP what a closing says on a socket.
  static Problem problem(Realtime.Refused refused) {
    String detail = String.valueOf(refused.getMessage());
    return switch (refused.reason()) {
      case UNAUTHENTICATED, REVOKED, EXPIRED -> new Problem(Problem.Code.UNAUTHENTICATED, detail);
      case SUSPENDED -> new Problem(Problem.Code.TENANT_SUSPENDED, detail);
      case ORIGIN -> new Problem(Problem.Code.FORBIDDEN, detail);
      case CONNECTIONS, COMMANDS ->
          Problem.later(Problem.Code.TOO_MANY, detail, Duration.ofSeconds(5));
      default -> Problem.later(Problem.Code.UNAVAILABLE, detail, Duration.ofSeconds(2));
    };
  }

  static @Nullable String bearer(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? header.substring(7).strip()
        : null;
  }
}
