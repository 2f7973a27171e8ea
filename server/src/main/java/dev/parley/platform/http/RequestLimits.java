package dev.parley.platform.http;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Key;
import dev.parley.platform.config.Keys;
import dev.parley.platform.limits.RateLimits;
import dev.parley.platform.limits.RateLimits.Decision;
import dev.parley.platform.limits.RateLimits.Limit;
import dev.parley.platform.telemetry.ClientAddress;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/// How many requests may come: of a tenant for each class of routes, and from an address where nobody has signed in yet.
/// Every answer says in `RateLimit-*` how much is left; who is over the limit gets 429 with `Retry-After`.
@Singleton
public final class RequestLimits {
  /// Which routes share a limit.
  public enum RouteClass {
    /// Open to those who have not signed in; limited by address.
    AUTH,
    /// Providers' updates of a tenant's channels.
    WEBHOOK,
    /// GET and HEAD.
    READ,
    /// Everything that changes something.
    WRITE;

    private Key<Integer> key() {
      return switch (this) {
        case AUTH -> Keys.LIMIT_AUTH;
        case WEBHOOK -> Keys.LIMIT_WEBHOOK;
        case READ -> Keys.LIMIT_READ;
        case WRITE -> Keys.LIMIT_WRITE;
      };
    }
  }

  // So much of a second's requests may come at once.
  private static final double BURST_SECONDS = 2;
  private static final String DECISION = RequestLimits.class.getName();

  private record Known(Limit limit, Decision decision) {}

  private final RateLimits buckets;
  private final MeterRegistry metrics;
  private final Map<RouteClass, Limit> limits = new EnumMap<>(RouteClass.class);

  /// Limits by `buckets`; a class whose configured rate is 0 has none.
  public RequestLimits(RateLimits buckets, Config config, MeterRegistry metrics) {
    this.buckets = buckets;
    this.metrics = metrics;
    for (RouteClass routes : RouteClass.values()) {
      int perSecond = config.get(routes.key());
      if (perSecond > 0) {
        limits.put(routes, Limit.of(perSecond, BURST_SECONDS));
      }
    }
  }

  /// The limit of a class, if it has one.
  public Optional<Limit> limit(RouteClass routes) {
    return Optional.ofNullable(limits.get(routes));
  }

  /// Where it is counted.
  public RateLimits buckets() {
    return buckets;
  }

  /// The bucket of a tenant.
  public static String bucket(TenantId tenant, RouteClass routes) {
    return tenant + ":" + routes.name().toLowerCase(Locale.ROOT);
  }

  /// The problem of somebody who is over a limit; counts it.
  public Problem over(RouteClass routes, Decision decision) {
    metrics.counter("parley.limited", "class", routes.name().toLowerCase(Locale.ROOT)).increment();
    return Problem.later(
        Problem.Code.TOO_MANY,
        "Too many requests; wait as long as Retry-After says.",
        roundedUp(decision.pause()));
  }

  /// Before anything is looked up: who tries passwords should not cost the database anything.
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION - 10)
  public void limitAddress(ContainerRequestContext request, ResourceInfo route) {
    if (isOpen(route)) {
      String address = ClientAddress.current();
      check(request, RouteClass.AUTH, "address:" + (address == null ? "unknown" : address));
    }
  }

  /// After it is known who calls.
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION + 10)
  public void limitTenant(ContainerRequestContext request, ResourceInfo route) {
    if (!isOpen(route)) {
      RouteClass routes =
          switch (request.getMethod()) {
            case "GET", "HEAD", "OPTIONS" -> RouteClass.READ;
            default -> RouteClass.WRITE;
          };
      check(request, routes, bucket(tenant(request), routes));
    }
  }

  private static TenantId tenant(ContainerRequestContext request) {
    @Nullable TenantId tenant =
        request.getSecurityContext().getUserPrincipal() instanceof Caller caller
            ? caller.tenant()
            : null;
    return tenant == null ? TenantId.NONE : tenant;
  }

  private static boolean isOpen(ResourceInfo route) {
    return route.getResourceMethod().isAnnotationPresent(Requires.Nothing.class)
        || (!route.getResourceMethod().isAnnotationPresent(Requires.class)
            && route.getResourceClass().isAnnotationPresent(Requires.Nothing.class));
  }

  private void check(ContainerRequestContext request, RouteClass routes, String bucket) {
    Limit limit = limits.get(routes);
    if (limit == null) {
      return;
    }
    Decision decision = buckets.take(bucket, limit);
    request.setProperty(DECISION, new Known(limit, decision));
    if (!decision.allowed()) {
      throw over(routes, decision);
    }
  }

  /// Says how much is left. The headers are those of the draft "RateLimit header fields for HTTP", version 6.
  @ServerResponseFilter
  public void tell(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(DECISION) instanceof Known(Limit limit, Decision decision)) {
      var headers = response.getHeaders();
      headers.putSingle("RateLimit-Limit", Long.toString((long) limit.burst()));
      headers.putSingle("RateLimit-Remaining", Long.toString(decision.remaining()));
      headers.putSingle("RateLimit-Reset", Long.toString(roundedUp(decision.full()).toSeconds()));
    }
  }

  private static Duration roundedUp(Duration span) {
    return Duration.ofSeconds(span.plusNanos(999_999_999).toSeconds());
  }
}
