package dev.parley.genesys;

import dev.parley.platform.crypto.Secret;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The OAuth client by which agents sign in to the widget of an integration.
///
/// @param secret null for a client that has none
record WidgetClient(
    UUID integration, String clientId, @Nullable Secret secret, Instant updatedAt) {}
