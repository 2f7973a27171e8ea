package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.GuestTokens;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.SecurityContext;
import java.lang.reflect.Method;
import java.security.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Finds out who calls and whether they may call this route; the only place that does. It runs on the route's own
/// virtual thread, since it reads the database.
@Singleton
public final class Authentication {
  private static final Duration VISIT = Duration.ofMinutes(1);
  private static final int VISITS = 10_000;

  private final Callers callers;
  private final GuestTokens guests;
  private final Audit audit;
  private final Remembered<Visit, Boolean> visits;

  private record Visit(UUID operator, TenantId tenant) {}

  private record Identified(Caller caller, boolean isSecure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
      return caller.permissions().stream().anyMatch(permission -> permission.scope().equals(role));
    }

    @Override
    public String getAuthenticationScheme() {
      return caller.kind() == Caller.Kind.API_KEY ? "X-API-Key" : "Bearer";
    }
  }

  Authentication(Callers callers, GuestTokens guests, Audit audit, InstantSource clock) {
    this.callers = callers;
    this.guests = guests;
    this.audit = audit;
    this.visits = new Remembered<>(VISITS, VISIT, clock);
  }

  /// Sets the caller as the request's principal. Throws a [Problem] when the route asks for somebody and nobody valid
  /// calls, or for a permission that they lack.
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  public void authenticate(ContainerRequestContext request, ResourceInfo route) {
    Method method = route.getResourceMethod();
    Class<?> routes = route.getResourceClass();
    if (method.isAnnotationPresent(Requires.Nothing.class)) {
      return;
    }
    Requires required = method.getAnnotation(Requires.class);
    if (required == null) {
      if (routes.isAnnotationPresent(Requires.Nothing.class)) {
        return;
      }
      required = routes.getAnnotation(Requires.class);
    }
    if (required == null) {
      // A route that forgot to say so is closed.
      throw new Problem(Problem.Code.FORBIDDEN, "This route is open to nobody.");
    }
    Callers.Shown shown = shown(request);
    String token = shown.token();
    if (token != null && token.startsWith(guests.prefix())) {
      enter(request, guest(token, shown));
    } else {
      callers.resolve(shown).ifPresent(caller -> enter(request, caller));
    }
    Caller caller = Access.caller(request.getSecurityContext());
    if (caller.tenant() == null && needsTenant(required.value())) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "Name the tenant to act in: send X-Tenant with its slug or id.");
    }
    if (Arrays.stream(required.or()).noneMatch(caller::allows)) {
      Access.caller(request.getSecurityContext(), required.value());
    }
    noteOperator(request, caller);
  }

  private Caller guest(String token, Callers.Shown shown) {
    Caller caller =
        guests
            .caller(token)
            .orElseThrow(
                () ->
                    new Problem(
                        Problem.Code.UNAUTHENTICATED, "The session is over; sign in again."));
    return callers.place(caller, shown);
  }

  private static Callers.Shown shown(ContainerRequestContext request) {
    return new Callers.Shown(
        request.getHeaderString("X-API-Key"),
        bearer(request.getHeaderString("Authorization")),
        request.getUriInfo().getRequestUri().getHost(),
        request.getHeaderString("X-Tenant"));
  }

  private static @Nullable String bearer(@Nullable String header) {
    if (header == null) {
      return null;
    }
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw new Problem(
          Problem.Code.UNAUTHENTICATED, "Authorization must be Bearer with an access token.");
    }
    return header.substring(7).strip();
  }

  private static void enter(ContainerRequestContext request, Caller caller) {
    boolean secure = request.getSecurityContext().isSecure();
    request.setSecurityContext(new Identified(caller, secure));
    TenantId tenant = caller.tenant();
    if (tenant != null) {
      Trace.current().enter(tenant.toString());
    }
  }

  private static boolean needsTenant(Permission permission) {
    return switch (permission) {
      case TENANTS_MANAGE, AUDIT_READ, HEALTH_READ, API_LOG_READ, SELF -> false;
      default -> true;
    };
  }

  /// A tenant's audit shows that an operator was there: each change they ask for, and reading once a minute.
  private void noteOperator(ContainerRequestContext request, Caller caller) {
    TenantId tenant = caller.tenant();
    if (caller.kind() != Caller.Kind.OPERATOR || tenant == null) {
      return;
    }
    if (request.getMethod().equals("GET")) {
      visits.get(
          new Visit(caller.id(), tenant),
          _ -> {
            note(request, caller, tenant, "operator.read");
            return true;
          });
    } else {
      note(request, caller, tenant, "operator.acted");
    }
  }

  private void note(
      ContainerRequestContext request, Caller caller, TenantId tenant, String action) {
    audit.record(
        tenant,
        caller,
        action,
        "route",
        null,
        Map.of("method", request.getMethod(), "path", request.getUriInfo().getPath()));
  }
}
