package dev.parley.tenants;

import java.time.Instant;
import java.util.UUID;

/// A workspace inside a tenant.
///
/// @param name unique in the tenant
public record Project(UUID id, String name, Instant createdAt, Instant updatedAt) {}
