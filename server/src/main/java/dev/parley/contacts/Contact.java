package dev.parley.contacts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A customer's person.
///
/// @param name what people call it; null while nobody has said
/// @param identities all names by which providers and people know it
public record Contact(
    UUID id,
    UUID projectId,
    @Nullable String name,
    List<Identity> identities,
    Instant createdAt,
    Instant updatedAt) {}
