package dev.parley.platform.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Work that could not be done, kept with its cause until somebody retries or drops it.
///
/// @param queue where it came from
/// @param key whose order it was in
/// @param payload the item's payload as it was accepted, or what could not even be read
/// @param cause in plain words
/// @param attempts how often it was tried
public record DeadLetter(
    UUID id,
    String queue,
    String key,
    String dedupKey,
    String kind,
    String payload,
    String cause,
    int attempts,
    String correlationId,
    @Nullable String traceparent,
    Instant createdAt) {}
