package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import java.time.Instant;
import java.util.UUID;

/// That an agent of Genesys Cloud may see one conversation for a while.
///
/// @param conversation Parley's, which is `genesysId` at Genesys
/// @param agentId Genesys' id of the agent
/// @param agentToken the agent's own token at Genesys, sealed
/// @param expiresAt when it ends whatever the agent does
/// @param checkedAt when Genesys last said that the agent is there
record WidgetSession(
    TenantId tenant,
    UUID id,
    UUID integration,
    UUID conversation,
    String genesysId,
    String agentId,
    String agentName,
    String agentToken,
    State state,
    Instant createdAt,
    Instant expiresAt,
    Instant checkedAt) {

  /// How the agent stands to the conversation.
  enum State {
    /// The agent has taken it.
    CONNECTED,
    /// It rings at the agent.
    ALERTING
  }

  String word() {
    return Input.word(state);
  }

  /// What a value of a session's row is sealed for.
  static String place(TenantId tenant, UUID id) {
    return tenant + "/genesys_widget_sessions/" + id + "/agent_token";
  }
}
