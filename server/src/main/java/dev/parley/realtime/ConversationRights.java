package dev.parley.realtime;

import dev.parley.conversations.ChatLimits;
import dev.parley.conversations.ConversationAccess;
import dev.parley.conversations.ConversationKind;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Right;
import dev.parley.platform.access.Caller;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The rights that the module of conversations knows.
public final class ConversationRights implements Rights {
  private final Conversations conversations;

  /// Asks `conversations`.
  public ConversationRights(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public Set<UUID> own(Caller caller) {
    return conversations.own(caller).stream()
        .map(ConversationAccess::conversationId)
        .collect(Collectors.toSet());
  }

  @Override
  public Set<UUID> visible(Caller caller, Collection<UUID> ids) {
    var visible = new HashSet<UUID>();
    var all = new ArrayList<UUID>(ids);
    for (int from = 0; from < all.size(); from += ChatLimits.ACCESS_AT_ONCE) {
      int to = Math.min(all.size(), from + ChatLimits.ACCESS_AT_ONCE);
      visible.addAll(conversations.visible(caller, all.subList(from, to)));
    }
    return visible;
  }

  @Override
  public Optional<Standing> standing(Caller caller, UUID conversation) {
    return conversations
        .access(caller, conversation)
        .filter(access -> access.may(Right.READ))
        .map(
            access ->
                new Standing(access.kind() == ConversationKind.CUSTOMER, access.may(Right.WRITE)));
  }
}
