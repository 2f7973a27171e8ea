package dev.parley.platform.health;

import java.time.Instant;
import java.util.Map;

/// A reading with its times.
///
/// @param since when it began to be in this state, as far as is known
/// @param tookMillis how long the check took that found it
public record Seen(
    String name,
    String kind,
    Reading.State state,
    Instant since,
    String detail,
    String mend,
    long tookMillis,
    Map<String, ?> facts) {}
