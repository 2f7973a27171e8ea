package dev.parley.identity;

import dev.parley.platform.access.Permission;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A program's way in, without its secret.
///
/// @param prefix the part of the key that may be shown, to tell keys apart
/// @param scopes what it may do
/// @param project the project that it was made for, null for the whole tenant
/// @param createdBy the user or operator
/// @param expiresAt null for never
/// @param lastUsedAt to the minute; null for never
/// @param revokedAt null while it is good
public record ApiKey(
    UUID id,
    String name,
    String prefix,
    Set<Permission> scopes,
    @Nullable UUID project,
    UUID createdBy,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {}
