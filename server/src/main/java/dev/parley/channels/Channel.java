package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A connected account. Its credentials are not part of it.
///
/// @param kind which connector speaks for it, such as `whatsapp`
/// @param state `active` or `paused`; a paused channel takes in what comes and sends nothing
/// @param settings what the connector needs to know; its own document says what
/// @param lastInboundAt when its provider last called with a good signature, give or take some seconds
/// @param lastUnsignedAt when somebody last called its webhook with a wrong signature or none
/// @param lastError what the provider last refused, in plain words
public record Channel(
    UUID id,
    UUID projectId,
    String kind,
    String name,
    String state,
    JsonNode settings,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt,
    @Nullable Instant lastInboundAt,
    @Nullable Instant lastUnsignedAt,
    Instant createdAt,
    Instant updatedAt) {}
