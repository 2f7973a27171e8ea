package dev.parley.conversations;

import org.jspecify.annotations.Nullable;

/// Why a message was not delivered, in words for people and codes for programs.
///
/// @param code ours, stable: `window-closed`, `not-on-whatsapp`, `rate-limited`, …
/// @param cause one plain sentence
/// @param wayOut what somebody can do about it
/// @param providerCode the provider's own code, or null
/// @param providerMessage the provider's own words, at most 1000 characters, or null
/// @param retryable whether trying again as it is may help
public record Failure(
    String code,
    String cause,
    String wayOut,
    @Nullable Integer providerCode,
    @Nullable String providerMessage,
    boolean retryable) {}
