package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.Secret;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A channel with its opened credentials: for connectors and webhooks only, never for an answer.
public record ChannelAccount(
    TenantId tenant,
    UUID id,
    UUID projectId,
    String kind,
    String state,
    JsonNode settings,
    Credentials credentials) {

  /// What a provider knows us by and we know it by.
  ///
  /// @param accessToken for calls to the provider
  /// @param appSecrets that sign the provider's webhooks; several while one replaces another
  /// @param verifyToken of the webhook's handshake
  public record Credentials(
      @Nullable Secret accessToken, List<Secret> appSecrets, @Nullable Secret verifyToken) {}

  /// A setting's text; throws `IllegalStateException` when it is missing, which the channel's creation has refused.
  public String setting(String name) {
    JsonNode value = settings.get(name);
    if (value == null || !value.isTextual()) {
      throw new IllegalStateException("channel " + id + " has no setting " + name);
    }
    return value.asText();
  }
}
