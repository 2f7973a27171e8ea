package dev.parley.platform.health;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What a process last said of itself.
///
/// @param parts what it has started
/// @param place the machine's name and the port
/// @param items [Seen] of what only that process can look at, as JSON
public record NodeState(
    UUID id,
    List<String> roles,
    List<String> parts,
    String version,
    String place,
    Instant startedAt,
    Instant seenAt,
    JsonNode items) {}
