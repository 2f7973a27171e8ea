package dev.parley.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A sign-in that is open.
///
/// @param id the sign-in's
/// @param name what its owner called the device when they signed in
/// @param userAgent what the program called itself then
/// @param ip where the sign-in came from
/// @param lastIp where its last request came from, as exact as `lastSeenAt`
/// @param lastSeenAt to within [SignInRegister#SEEN]
/// @param expiresAt when it is over at the latest
public record Device(
    UUID id,
    @Nullable String name,
    @Nullable String userAgent,
    @Nullable String ip,
    @Nullable String lastIp,
    Instant signedInAt,
    Instant lastSeenAt,
    Instant expiresAt) {}
