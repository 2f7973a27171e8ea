package dev.parley.platform.calls;

import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One call.
///
/// @param tenant whose it was; [TenantId#NONE] where nobody's
/// @param time when it was over
/// @param route the path with names for ids, where a route took it
/// @param query without its question mark
/// @param status of the answer; 0 when none came
/// @param micros how long it took, in microseconds
/// @param caller who called; null for nobody known and for our own calls
/// @param ip the other side's address; for our own calls its host
/// @param requestBody the beginning of the body, before it is redacted; null where it is not kept
/// @param failure why there was no answer
public record Call(
    TenantId tenant,
    UUID id,
    Instant time,
    Direction direction,
    String method,
    @Nullable String route,
    String path,
    @Nullable String query,
    int status,
    long micros,
    @Nullable By caller,
    @Nullable String ip,
    String correlationId,
    long requestBytes,
    long responseBytes,
    @Nullable String requestBody,
    @Nullable String responseBody,
    @Nullable String failure) {

  /// Which way it went.
  public enum Direction {
    /// A request of our API, or a provider's webhook.
    IN,
    /// A call of a provider.
    OUT
  }

  /// Who called.
  ///
  /// @param kind of caller, in the words of the API
  public record By(String kind, UUID id, String name) {}
}
