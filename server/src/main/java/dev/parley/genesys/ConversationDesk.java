package dev.parley.genesys;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Where a conversation is answered.
///
/// @param cause `channel`, `rule`, or `hand` when somebody has handed it over
/// @param decidedAt when that was decided
/// @param toldSeq the number of the last message that the handover has told; 0 when it told none
public record ConversationDesk(
    UUID conversationId,
    Place desk,
    @Nullable UUID integrationId,
    String cause,
    Instant decidedAt,
    long toldSeq) {

  /// Where.
  @Schema(name = "DeskPlace")
  public enum Place {
    /// In Parley's inbox.
    @JsonProperty("inbox")
    INBOX,
    /// In Genesys Cloud.
    @JsonProperty("genesys")
    GENESYS
  }
}
