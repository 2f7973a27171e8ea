package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import dev.parley.realtime.Activity;
import dev.parley.realtime.Broadcasts;
import dev.parley.realtime.Frame;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What a process's clients were told.
final class Clients implements Broadcasts {
  /// Something that was told.
  ///
  /// @param to the users, or null when it went to a conversation
  record Told(
      TenantId tenant,
      @Nullable Set<UUID> to,
      Activity.@Nullable Spot spot,
      @Nullable UUID except,
      String name,
      String payload) {}

  final List<Told> told = new CopyOnWriteArrayList<>();

  @Override
  public void toConversation(
      TenantId tenant, Activity.Spot spot, Frame frame, @Nullable UUID exceptUser) {
    told.add(new Told(tenant, null, spot, exceptUser, frame.name(false), frame.payload()));
  }

  @Override
  public void toUsers(TenantId tenant, Collection<UUID> users, Frame frame) {
    told.add(new Told(tenant, Set.copyOf(users), null, null, frame.name(false), frame.payload()));
  }

  List<String> names() {
    return told.stream().map(Told::name).toList();
  }
}
