package dev.parley.identity;

import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to users, keys and sign-ins.
public sealed interface IdentityEvent extends DomainEvent {
  /// Somebody may sign in from now on.
  @EventType(value = "user.created", doc = "A user was created.")
  record UserCreated(UUID userId, String email, String name, String role)
      implements IdentityEvent {}

  /// Name, role or state changed; `state` is `active` or `disabled`.
  @EventType(value = "user.changed", doc = "A user's name, role or state changed.")
  record UserChanged(UUID userId, String name, String role, String state)
      implements IdentityEvent {}

  /// Somebody is no longer here.
  @EventType(value = "user.deleted", doc = "A user was deleted.")
  record UserDeleted(UUID userId) implements IdentityEvent {}

  /// A key works from now on.
  @EventType(value = "api-key.created", doc = "An API key was created.")
  record ApiKeyCreated(UUID keyId, String name, List<String> scopes, @Nullable UUID projectId)
      implements IdentityEvent {}

  /// A key is no longer good.
  @EventType(value = "api-key.revoked", doc = "An API key was revoked.")
  record ApiKeyRevoked(UUID keyId) implements IdentityEvent {}

  /// A sign-in is over: its sockets close, its tokens are refused. `reason` is `logout`, `logout-everywhere`,
  /// `logged-out-by-owner`, `password-changed`, `user-changed` or `token-reused`.
  @EventType(
      value = "user.signed-out",
      doc = "A sign-in is over; its tokens and sockets are no longer good.")
  record UserSignedOut(UUID userId, UUID signInId, String reason) implements IdentityEvent {}

  /// They may not sign in any more; all their sign-ins are over, each with its own `user.signed-out`.
  @EventType(value = "user.suspended", doc = "A user may not sign in any more.")
  record UserSuspended(UUID userId) implements IdentityEvent {}

  /// They may do other things than before; all their sign-ins are over.
  @EventType(value = "user.role-changed", doc = "A user has another role.")
  record UserRoleChanged(UUID userId, String from, String to) implements IdentityEvent {}

  /// Another password is good from now on; all their sign-ins are over.
  @EventType(value = "user.password-changed", doc = "A user has another password.")
  record UserPasswordChanged(UUID userId) implements IdentityEvent {}

  /// Somebody is asked to become a user.
  @EventType(value = "invitation.created", doc = "Somebody was invited to become a user.")
  record InvitationCreated(UUID invitationId, String email, String role) implements IdentityEvent {}

  /// The user is there.
  @EventType(value = "invitation.accepted", doc = "Somebody who was invited has become a user.")
  record InvitationAccepted(UUID invitationId, UUID userId) implements IdentityEvent {}

  /// It cannot be accepted any more.
  @EventType(value = "invitation.revoked", doc = "An invitation was taken back.")
  record InvitationRevoked(UUID invitationId) implements IdentityEvent {}
}
