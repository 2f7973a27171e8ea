package dev.parley.platform.http;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import jakarta.ws.rs.core.SecurityContext;

/// Gives routes their caller.
public final class Access {
  private Access() {}

  /// The caller of this request. Throws a [Problem] when nobody has signed in or the caller lacks
  /// the permission.
  public static Caller caller(SecurityContext security, Permission permission) {
    Caller caller = caller(security);
    if (!caller.allows(permission)) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "This needs the permission " + permission.scope() + ".");
    }
    return caller;
  }

  /// The caller of this request, whatever it may do. Throws a [Problem] when nobody has signed in.
  public static Caller caller(SecurityContext security) {
    if (security.getUserPrincipal() instanceof Caller caller) {
      return caller;
    }
    throw new Problem(
        Problem.Code.UNAUTHENTICATED,
        "Send an API key in X-API-Key, or an access token in Authorization: Bearer.");
  }
}
