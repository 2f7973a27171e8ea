package dev.parley.conversations;

import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Takes users who were removed out of the groups and channels in which they were.
@Singleton
public final class Departures implements Subscriptions.Handler {
  /// The subscription's name.
  public static final String NAME = "departures";

  /// The events that it wants.
  public static final Set<String> TYPES = Set.of("user.deleted");

  private final ChatMembers members;

  /// Through `members`.
  public Departures(ChatMembers members) {
    this.members = members;
  }

  @Override
  public void handle(Tx tx, List<StoredEvent> events) {
    List<UUID> gone =
        events.stream()
            .map(event -> UUID.fromString(Json.tree(event.data()).path("userId").asText()))
            .toList();
    members.forget(tx, gone);
  }
}
