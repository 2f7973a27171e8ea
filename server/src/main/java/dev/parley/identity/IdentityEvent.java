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
  /// `password-changed`, `user-changed` or `token-reused`.
  @EventType(
      value = "sign-in.ended",
      doc = "A sign-in is over; its tokens and sockets are no longer good.")
  record SignInEnded(UUID signInId, UUID userId, String reason) implements IdentityEvent {}
}
