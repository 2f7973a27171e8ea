package dev.parley.platform.http;

import dev.parley.platform.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/// Caps the bodies of all routes at 4 MB but for those of files, which count for themselves.
public final class BodyLimit {
  /// Most bytes of a body, in bytes.
  public static final long MOST = 4L << 20;

  private static final String FILES = "/api/v1/files";

  // Where the container's own limit of a request stands, and what reads bodies looks for it.
  private static final String LIMIT = "io.quarkus.max-request-size";

  private BodyLimit() {}

  /// Adds the limit behind the container's own, which is that of the largest file.
  public static void mount(Router router) {
    router.route().order(-1).handler(BodyLimit::limit);
  }

  private static void limit(RoutingContext routing) {
    String path = routing.normalizedPath();
    if (path.equals(FILES) || path.startsWith(FILES + "/uploads/")) {
      routing.next();
      return;
    }
    if (length(routing.request().getHeader("Content-Length")) <= MOST) {
      routing.put(LIMIT, MOST);
      routing.next();
      return;
    }
    var problem =
        new Problem(Problem.Code.TOO_LARGE, "A body has at most " + MOST + " bytes here.");
    routing
        .response()
        .setStatusCode(problem.code().status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Connection", "close")
        .end(Json.write(ProblemResponse.body(problem)));
  }

  private static long length(@Nullable String header) {
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
