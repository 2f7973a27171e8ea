package dev.parley.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Turns everything that is thrown into `application/problem+json`.
@Provider
@Singleton
public final class ProblemResponse implements ExceptionMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(ProblemResponse.class);
  private static final Duration SOON = Duration.ofSeconds(2);

  private final CurrentVertxRequest current;

  /// Reads the correlation id of requests that no route takes from the request under way.
  public ProblemResponse(CurrentVertxRequest current) {
    this.current = current;
  }

  /// The body of an error answer (RFC 9457), with a stable `code` besides.
  ///
  /// @param type address of the code's explanation, relative to this server
  /// @param code for programs; never changes its meaning
  /// @param correlationId under which the request stands in the log
  /// @param errors one for each field that is not valid
  public record Body(
      String type,
      String title,
      int status,
      String detail,
      String code,
      String correlationId,
      @Nullable List<Problem.FieldError> errors) {}

  @Override
  public Response toResponse(Throwable thrown) {
    Problem problem = problem(thrown);
    if (problem.code() == Problem.Code.INTERNAL) {
      LOG.error("a request failed", thrown);
      Metrics.counter("parley.errors", "tenant", Trace.currentTenant(), "kind", "request")
          .increment();
    }
    Trace trace = trace();
    Response.ResponseBuilder response =
        Response.status(problem.code().status())
            .type("application/problem+json")
            .header(Correlation.HEADER, trace.correlationId())
            .entity(Json.write(body(problem, trace)));
    Duration retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      response.header("Retry-After", Math.max(1, retryAfter.toSeconds()));
    }
    if (problem.code() == Problem.Code.UNAUTHENTICATED) {
      response.header("WWW-Authenticate", "Bearer");
    }
    return response.build();
  }

  /// The body for a problem, for the routes outside JAX-RS too.
  public static Body body(Problem problem) {
    return body(problem, Trace.current());
  }

  /// A request that no route takes has been through no filter.
  private Trace trace() {
    RoutingContext routing = current.getCurrent();
    return Trace.find()
        .orElseGet(
            () ->
                Trace.accept(
                    routing == null ? null : routing.request().getHeader(Correlation.HEADER),
                    null));
  }

  private static Body body(Problem problem, Trace trace) {
    String code = problem.code().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Body(
        "/problems#" + code,
        problem.code().title(),
        problem.code().status(),
        String.valueOf(problem.getMessage()),
        code,
        trace.correlationId(),
        problem.errors().isEmpty() ? null : problem.errors());
  }

  /// What a caller is told of whatever was thrown.
  public static Problem problem(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof Problem known) {
        return known;
      }
    }
    if (SqlFailure.isUnavailable(thrown)) {
      LOG.warnf("database: %s", thrown.getMessage());
      return Problem.later(
          Problem.Code.UNAVAILABLE, "The database does not answer; try again shortly.", SOON);
    }
    if (SqlFailure.isUnstorableText(thrown)) {
      return new Problem(
          Problem.Code.UNREADABLE, "A text holds the character U+0000, which cannot be stored.");
    }
    if (json(thrown) instanceof JsonProcessingException unreadable) {
      return new Problem(Problem.Code.UNREADABLE, "The body " + why(unreadable));
    }
    if (thrown instanceof NotFoundException && thrown.getCause() != null) {
      // What the framework makes of a query parameter that is no number, UUID or whatever it must
      // be.
      return new Problem(
          Problem.Code.INVALID, "A parameter does not parse; see the API document for its form.");
    }
    if (thrown instanceof WebApplicationException web) {
      return ofStatus(web);
    }
    return new Problem(
        Problem.Code.INTERNAL,
        "The request failed here; the log tells why under its correlation id.");
  }

  /// The library's own words about a wrong type name our classes, which are nobody's business; the place is what helps.
  private static String why(JsonProcessingException unreadable) {
    if (!(unreadable instanceof JsonMappingException mapping)) {
      return "is not JSON: " + unreadable.getOriginalMessage();
    }
    String place =
        mapping.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
            .collect(Collectors.joining("."))
            .replace(".[", "[");
    return "is not what this route takes: "
        + (place.isEmpty() ? "it must be an object of the documented form" : place + " is wrong")
        + "; see the API document.";
  }

  private static @Nullable Throwable json(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof JsonProcessingException) {
        return t;
      }
    }
    return null;
  }

  private static Problem ofStatus(WebApplicationException web) {
    int status = web.getResponse().getStatus();
    for (Problem.Code code : Problem.Code.values()) {
      if (code.status() == status && code != Problem.Code.UNREADABLE) {
        return new Problem(
            code == Problem.Code.INVALID ? Problem.Code.UNREADABLE : code, detail(code));
      }
    }
    return new Problem(
        status < 500 ? Problem.Code.UNREADABLE : Problem.Code.INTERNAL,
        "The request cannot be handled (status " + status + ").");
  }

  private static String detail(Problem.Code code) {
    return switch (code) {
      case NOT_FOUND -> "There is no such address.";
      case METHOD_NOT_ALLOWED -> "This address does not know that method.";
      case UNSUPPORTED_MEDIA_TYPE -> "Send Content-Type: application/json.";
      case NOT_ACCEPTABLE -> "Accept application/json.";
      case INVALID ->
          "The body is not the JSON that this route takes, or a parameter does not parse.";
      default -> code.title() + ".";
    };
  }
}
