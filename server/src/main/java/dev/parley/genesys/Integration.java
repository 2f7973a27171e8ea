package dev.parley.genesys;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A connection with an Open Messaging integration of Genesys Cloud. Its credentials are not part of it.
///
/// @param state a paused one takes in what comes and sends nothing to Genesys
/// @param region the domain of the region, such as `mypurecloud.ie`
/// @param genesysId what Genesys calls the integration; null until there is one
/// @param createStatus how far Genesys has come with creating it; null when it was not created from here
/// @param lastError what Genesys last refused, in plain words
/// @param lastWebhookAt when Genesys last called with a good signature, give or take some seconds
/// @param lastUnsignedAt when somebody last called the webhook with a wrong signature or none
public record Integration(
    UUID id,
    String name,
    State state,
    String region,
    String clientId,
    @Nullable String genesysId,
    @Nullable CreateStatus createStatus,
    @Nullable String createError,
    GenesysSettings settings,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt,
    @Nullable Instant lastWebhookAt,
    @Nullable Instant lastUnsignedAt,
    Instant createdAt,
    Instant updatedAt) {

  /// Whether messages go to it.
  @Schema(name = "GenesysIntegrationState")
  public enum State {
    /// They do.
    @JsonProperty("active")
    ACTIVE,
    /// They wait.
    @JsonProperty("paused")
    PAUSED
  }

  /// How far Genesys has come with creating it, which it does in the background.
  @Schema(name = "GenesysCreateStatus")
  public enum CreateStatus {
    /// It has been asked.
    @JsonProperty("initiated")
    INITIATED,
    /// It is there.
    @JsonProperty("completed")
    COMPLETED,
    /// It could not be created; `createError` says why.
    @JsonProperty("error")
    ERROR
  }

  /// The same with what Genesys calls it and how far it is.
  Integration created(
      @Nullable String genesys, CreateStatus status, @Nullable String error, Instant now) {
    return new Integration(
        id,
        name,
        state,
        region,
        clientId,
        genesys,
        status,
        error,
        settings,
        lastError,
        lastErrorAt,
        lastWebhookAt,
        lastUnsignedAt,
        createdAt,
        now);
  }

  /// The same, active or paused.
  Integration in(State other, Instant now) {
    return new Integration(
        id,
        name,
        other,
        region,
        clientId,
        genesysId,
        createStatus,
        createError,
        settings,
        lastError,
        lastErrorAt,
        lastWebhookAt,
        lastUnsignedAt,
        createdAt,
        now);
  }
}
