package dev.parley.platform.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that happened, as a record whose components are the event's data. Its type carries
/// [EventType].
public interface DomainEvent {
  /// The conversation that it belongs to, or null.
  @JsonIgnore
  default @Nullable UUID inConversation() {
    return null;
  }

  /// The project that it belongs to, or null when it concerns the tenant as a whole.
  @JsonIgnore
  default @Nullable UUID inProject() {
    return null;
  }

  /// Whether only those who take part in the conversation may learn of it, whatever else they may read.
  @JsonIgnore
  default boolean participantsOnly() {
    return false;
  }
}
