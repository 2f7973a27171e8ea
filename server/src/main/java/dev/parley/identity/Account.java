package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody with a password: a tenant's user, or an operator.
///
/// @param realm the tenant, or [TenantId#NONE] for an operator
/// @param role null for an operator
record Account(
    TenantId realm,
    UUID id,
    String email,
    String name,
    @Nullable UserRole role,
    String passwordHash,
    boolean active) {

  /// The word in tokens.
  String roleWord() {
    return role == null ? "operator" : role.word();
  }

  Caller caller(UUID signIn) {
    return role == null
        ? new Caller(Caller.Kind.OPERATOR, id, email, null, signIn, RoleTable.ofOperator())
        : new Caller(Caller.Kind.USER, id, email, realm, signIn, Set.copyOf(RoleTable.of(role)));
  }
}
