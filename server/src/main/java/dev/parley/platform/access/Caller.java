package dev.parley.platform.access;

import java.security.Principal;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is acting. Passed as a normal parameter to every operation that somebody may or may not do.
///
/// @param kind what acts
/// @param id the user, API key or operator; the nil UUID for the system itself
/// @param name for logs and the audit: an e-mail address or a key's name
/// @param tenant whose rows are meant; null only for the operator
/// @param sessionId the sign-in behind a user's token, null for keys and the system
/// @param permissions what the caller may do; checked by `allows`
public record Caller(
    Kind kind,
    UUID id,
    String name,
    @Nullable TenantId tenant,
    @Nullable UUID sessionId,
    Set<Permission> permissions)
    implements Principal {

  /// What acts.
  public enum Kind {
    /// Somebody who signed in to a tenant.
    USER,
    /// A program with an API key.
    API_KEY,
    /// The person who runs this installation.
    OPERATOR,
    /// An agent who answers at another desk, such as Genesys Cloud; the id is that of the connection.
    DESK,
    /// Parley itself: a channel, a timer, a rule.
    SYSTEM
  }

  /// Copies the permissions.
  public Caller {
    permissions = Set.copyOf(permissions);
  }

  /// Parley itself, acting for a tenant.
  public static Caller system(TenantId tenant) {
    return new Caller(
        Kind.SYSTEM, new UUID(0, 0), "system", tenant, null, Set.of(Permission.values()));
  }

  /// The tenant that a route works for; throws `IllegalStateException` for an operator outside any
  /// tenant, which the permission check has already refused.
  public TenantId inTenant() {
    TenantId known = tenant;
    if (known == null) {
      throw new IllegalStateException(name + " acts for no tenant");
    }
    return known;
  }

  /// Whether the caller holds the permission.
  public boolean allows(Permission permission) {
    return permissions.contains(permission);
  }

  /// The same with other permissions.
  public Caller with(Set<Permission> others) {
    return new Caller(kind, id, name, tenant, sessionId, others);
  }

  @Override
  public String getName() {
    return name;
  }
}
