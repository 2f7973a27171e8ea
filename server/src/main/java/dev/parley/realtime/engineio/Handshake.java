package dev.parley.realtime.engineio;

import org.jspecify.annotations.Nullable;

/// What the first request of a session told.
///
/// @param remote the client's address
/// @param host the name it called, possibly with a port
/// @param origin the page that opened it; null when it is not a browser
/// @param query as it stands in the address
public record Handshake(
    String remote, @Nullable String host, @Nullable String origin, @Nullable String query) {}
