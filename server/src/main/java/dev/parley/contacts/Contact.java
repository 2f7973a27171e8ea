package dev.parley.contacts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A customer's person.
///
/// @param name what people call it; null while nobody has said
/// @param identities all names by which providers and people know it
/// @param fields what the tenant's fields say of it, by their keys; those that say nothing are not there
public record Contact(
    UUID id,
    UUID projectId,
    @Nullable String name,
    List<Identity> identities,
    @Schema(examples = "{\"plan\":\"gold\",\"seats\":12}") Map<String, Object> fields,
    Instant createdAt,
    Instant updatedAt) {}
