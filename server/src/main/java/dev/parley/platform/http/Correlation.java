package dev.parley.platform.http;

import dev.parley.platform.telemetry.ClientAddress;
import dev.parley.platform.telemetry.Trace;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/// Takes or makes the correlation id of a request, holds it on the request's thread for everything that the request
/// causes, and answers it. First filter in, last filter out.
@Provider
@Singleton
@Priority(Correlation.FIRST)
public final class Correlation implements ContainerRequestFilter, ContainerResponseFilter {
  /// The header, in requests and answers.
  public static final String HEADER = "X-Correlation-Id";

  /// Before all other filters on the way in, after them on the way out.
  static final int FIRST = 10;

  private static final String TRACE = Trace.class.getName();

  private final CurrentVertxRequest current;

  /// Reads the client's address from the request under way.
  public Correlation(CurrentVertxRequest current) {
    this.current = current;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    Trace trace =
        Trace.accept(request.getHeaderString(HEADER), request.getHeaderString("traceparent"));
    trace.enter("");
    ClientAddress.enter(address());
    request.setProperty(TRACE, trace);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(TRACE) instanceof Trace trace) {
      response.getHeaders().putSingle(HEADER, trace.correlationId());
      Trace.leave();
      ClientAddress.leave();
    }
  }

  private @Nullable String address() {
    var request = current.getCurrent().request();
    return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
  }
}
