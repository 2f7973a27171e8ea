package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/// Something that a provider said about an account: templates, quality, preferences and the like.
///
/// @param field what it is about, in the provider's words
/// @param data as it came
public record Notice(UUID id, UUID channelId, String field, JsonNode data, Instant receivedAt) {}
