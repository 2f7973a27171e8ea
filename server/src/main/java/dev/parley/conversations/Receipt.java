package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.telemetry.Trace;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a provider tells about a message that we sent.
///
/// @param messageId our id, when the provider carried it back
/// @param attempt which try it was, when the provider carried it back; 0 otherwise
/// @param failure for [DeliveryState#FAILED]
/// @param pricing as the provider tells it, or null
public record Receipt(
    UUID channelId,
    String providerMessageId,
    @Nullable UUID messageId,
    int attempt,
    DeliveryState state,
    Instant time,
    @Nullable Failure failure,
    @Nullable JsonNode pricing,
    Trace trace) {}
