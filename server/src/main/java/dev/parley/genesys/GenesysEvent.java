package dev.parley.genesys;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.conversations.Message;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens at the bridge to Genesys Cloud.
public sealed interface GenesysEvent extends DomainEvent {
  /// An integration was connected.
  @EventType(value = "genesys.connected", doc = "An integration of Genesys Cloud was connected.")
  record Connected(UUID integrationId, String name, String region) implements GenesysEvent {}

  /// Its name, state, settings or credentials were changed.
  @EventType(value = "genesys.changed", doc = "An integration of Genesys Cloud was changed.")
  record Changed(UUID integrationId, String name, Integration.State state)
      implements GenesysEvent {}

  /// It was removed here.
  @EventType(value = "genesys.removed", doc = "An integration of Genesys Cloud was removed.")
  record Removed(UUID integrationId) implements GenesysEvent {}

  /// Another desk answers a conversation from now on.
  @EventType(
      value = "conversation.desk-changed",
      doc =
          "A conversation is answered at another desk. `cause` is `channel`, `rule`, or `hand` when somebody, who is in"
              + " `by`, handed it over.")
  record DeskChanged(
      UUID conversationId,
      ConversationDesk.Place from,
      ConversationDesk.Place to,
      @Nullable UUID integrationId,
      String cause,
      Message.@Nullable Sender by)
      implements GenesysEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// Genesys has not taken something, so that its agents do not see it.
  @EventType(
      value = "genesys.not-taken",
      doc = "Genesys Cloud has not taken a message or a notice of a conversation, and why.")
  record NotTaken(UUID conversationId, UUID integrationId, UUID sourceId, String cause)
      implements GenesysEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }

  /// Genesys' agents have ended a conversation.
  @EventType(
      value = "genesys.ended",
      doc = "A conversation is over at Genesys Cloud, as was seen when it was last asked for.")
  record Ended(UUID conversationId, UUID integrationId, String genesysConversationId)
      implements GenesysEvent {
    @Override
    @JsonIgnore
    public UUID inConversation() {
      return conversationId;
    }
  }
}
