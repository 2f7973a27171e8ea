package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.util.UUID;

/// What others are told of a user, when it has changed.
///
/// @param team whether the user works in the inbox, where all see each other
/// @param lastSeenAt when the user was last there, as far as is known
public record PresenceUpdate(
    TenantId tenant, UUID user, boolean team, PresenceState state, Instant lastSeenAt) {}
