package dev.parley.conversations;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a list of customers' conversations is narrowed to. Null means any; an empty list or set of those that are not
/// null fits nothing.
///
/// @param assignee in whose hands
/// @param team whose it is
/// @param tagIds all of which it has; empty for any
/// @param contactIds of whom
public record ConversationFilter(
    @Nullable Set<ConversationStatus> statuses,
    @Nullable UUID channelId,
    Hands assignee,
    Hands team,
    List<UUID> tagIds,
    @Nullable Boolean unread,
    @Nullable Set<Priority> priorities,
    @Nullable List<UUID> contactIds) {

  /// Everything.
  public static final ConversationFilter ALL =
      new ConversationFilter(null, null, Hands.ANY, Hands.ANY, List.of(), null, null, null);

  /// Copies the collections.
  public ConversationFilter {
    statuses = statuses == null ? null : Set.copyOf(statuses);
    tagIds = List.copyOf(tagIds);
    priorities = priorities == null ? null : Set.copyOf(priorities);
    contactIds = contactIds == null ? null : List.copyOf(contactIds);
  }

  /// In whose hands something is.
  ///
  /// @param given whether it matters
  /// @param id null for nobody's
  public record Hands(boolean given, @Nullable UUID id) {
    /// It does not matter.
    public static final Hands ANY = new Hands(false, null);

    /// Nobody's.
    public static final Hands NOBODY = new Hands(true, null);

    /// Those of one user or team.
    public static Hands of(UUID id) {
      return new Hands(true, id);
    }
  }

  /// The same of these statuses.
  ConversationFilter with(@Nullable Set<ConversationStatus> others) {
    return new ConversationFilter(
        others, channelId, assignee, team, tagIds, unread, priorities, contactIds);
  }

  /// The same in these hands.
  ConversationFilter with(Hands other) {
    return new ConversationFilter(
        statuses, channelId, other, team, tagIds, unread, priorities, contactIds);
  }

  /// The same of these contacts alone.
  public ConversationFilter of(List<UUID> contacts) {
    return new ConversationFilter(
        statuses, channelId, assignee, team, tagIds, unread, priorities, contacts);
  }

  /// The same with unread messages.
  ConversationFilter withUnread() {
    return new ConversationFilter(
        statuses, channelId, assignee, team, tagIds, true, priorities, contactIds);
  }
}
