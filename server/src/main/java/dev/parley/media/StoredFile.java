package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file of a tenant.
///
/// @param type content type as its bytes say; null until they are here
/// @param name without path, control and direction characters, at most 255 bytes; null when the sender gave none
/// @param size in bytes; null until they are here
/// @param sha256 64 hexadecimal digits; null until the bytes are here
/// @param source where it came from
/// @param reason why it failed or what was found in it, for people; null otherwise
/// @param metadata `width`, `height` (pixels), `durationMs`, `waveform` and what else is known
public record StoredFile(
    UUID id,
    UUID projectId,
    FileState state,
    FileKind kind,
    @Nullable String type,
    @Nullable String name,
    @Nullable Long size,
    @Nullable String sha256,
    String source,
    @Nullable String reason,
    ObjectNode metadata,
    Instant createdAt,
    Instant updatedAt) {}
