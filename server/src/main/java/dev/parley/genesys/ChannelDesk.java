package dev.parley.genesys;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Where the conversations of a channel are answered.
///
/// @param integrationId where they go when not to the inbox
/// @param rule which of them go to Genesys; with [Choice#RULE] alone
@Schema(name = "ChannelDesk")
public record ChannelDesk(Choice desk, @Nullable UUID integrationId, @Nullable DeskRule rule) {
  /// What a channel has of which nobody has said anything.
  static final ChannelDesk INBOX = new ChannelDesk(Choice.INBOX, null, null);

  /// Which desk.
  @Schema(name = "ChannelDeskChoice")
  public enum Choice {
    /// Parley's inbox.
    @JsonProperty("inbox")
    INBOX,
    /// Genesys Cloud.
    @JsonProperty("genesys")
    GENESYS,
    /// Genesys Cloud for those of which the rule holds when the customer begins to write, the inbox for the others.
    @JsonProperty("rule")
    RULE
  }
}
