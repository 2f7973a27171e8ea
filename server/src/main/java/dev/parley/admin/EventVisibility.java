package dev.parley.admin;

import dev.parley.conversations.Conversations;
import dev.parley.platform.access.Caller;
import dev.parley.platform.events.StoredEvent;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What of a tenant's events somebody may see.
@Singleton
final class EventVisibility {
  private final Conversations conversations;

  EventVisibility(Conversations conversations) {
    this.conversations = conversations;
  }

  /// Without what happens in conversations among users that the caller is not in.
  List<StoredEvent> permitted(Caller caller, List<StoredEvent> events) {
    var chats = new HashSet<UUID>();
    for (StoredEvent event : events) {
      if (event.participantsOnly() && event.conversationId() != null) {
        chats.add(event.conversationId());
      }
    }
    if (chats.isEmpty()) {
      return events;
    }
    Set<UUID> visible = conversations.visible(caller, chats);
    return new ArrayList<>(
        events.stream()
            .filter(event -> !event.participantsOnly() || visible.contains(event.conversationId()))
            .toList());
  }
}
