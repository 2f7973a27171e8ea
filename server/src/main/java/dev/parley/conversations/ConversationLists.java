package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Page;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Customers' conversations in lists: a page in one of three orders, and how many there are. Each is one or two
/// statements, whatever the page's size.
public final class ConversationLists {
  /// How far counts go.
  public static final int MOST_COUNTED = 1000;

  private ConversationLists() {}

  /// The orders of lists.
  public enum Sort {
    /// What was last said in comes first.
    @JsonProperty("newest")
    NEWEST,
    /// Those alone whose customer waits for an answer, the longest first.
    @JsonProperty("waiting")
    WAITING,
    /// The most urgent first, among equals what was last said in.
    @JsonProperty("priority")
    PRIORITY
  }

  /// How many conversations there are. None of these is more than [#MOST_COUNTED]; that much means that many or more.
  ///
  /// @param all that the filter lets through
  /// @param mine those of them that the caller works on
  /// @param unassigned those of them that nobody works on
  /// @param unread those of them with unread messages
  /// @param byStatus by status, as if the filter named no status
  @Schema(name = "ConversationCounts")
  public record Counts(int all, int mine, int unassigned, int unread, ByStatus byStatus) {}

  /// How many there are of each status.
  @Schema(name = "ConversationCountsByStatus")
  public record ByStatus(int open, int pending, int snoozed, int resolved) {}

  /// Where a page begins.
  record Position(Sort sort, int priority, Instant at, UUID id) {
    String text() {
      return sort + " " + priority + " " + at + " " + id;
    }

    static @Nullable Position read(Sort sort, @Nullable String cursor) {
      String text = Page.decode(cursor);
      if (text == null) {
        return null;
      }
      try {
        String[] parts = text.split(" ", 4);
        var position =
            new Position(
                Sort.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Instant.parse(parts[2]),
                UUID.fromString(parts[3]));
        if (position.sort() == sort) {
          return position;
        }
      } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw Page.badCursor();
      }
      throw Page.badCursor();
    }
  }

  /// A page of the list. Throws a [dev.parley.platform.http.Problem] when `after` is no cursor of this order.
  public static Page<Conversation> page(
      Tx tx, ConversationFilter filter, Sort sort, @Nullable String after, int limit) {
    Position position = Position.read(sort, after);
    return Page.of(rows(tx, filter, sort, position, limit + 1), limit, c -> place(sort, c).text());
  }

  private static Position place(Sort sort, Conversation c) {
    Instant waiting = c.waitingSince();
    Instant at = sort == Sort.WAITING && waiting != null ? waiting : c.lastAt();
    return new Position(sort, c.priority().level(), at, c.id());
  }

  private static List<Conversation> rows(
      Tx tx, ConversationFilter filter, Sort sort, @Nullable Position after, int limit) {
    if (sort != Sort.PRIORITY) {
      var order =
          sort == Sort.NEWEST
              ? ConversationListStore.Order.NEWEST
              : ConversationListStore.Order.WAITING;
      return ConversationListStore.page(tx.sql(), tx.tenant(), filter, order, after, limit);
    }
    // Few have a priority: they have an index of their own, and the others follow in the common
    // order.
    var rows = new ArrayList<Conversation>();
    if (after == null || after.priority() > 0) {
      rows.addAll(
          ConversationListStore.page(
              tx.sql(), tx.tenant(), filter, ConversationListStore.Order.URGENT, after, limit));
    }
    if (rows.size() < limit) {
      rows.addAll(
          ConversationListStore.page(
              tx.sql(),
              tx.tenant(),
              filter,
              ConversationListStore.Order.NOT_URGENT,
              after == null || after.priority() > 0 ? null : after,
              limit - rows.size()));
    }
    return rows;
  }

  /// How many conversations the filter lets through, and how many of some kinds.
  public static Counts counts(Tx tx, UUID user, ConversationFilter filter) {
    var filters = new ArrayList<ConversationFilter>();
    filters.add(filter);
    filters.add(filter.with(ConversationFilter.Hands.of(user)));
    filters.add(filter.with(ConversationFilter.Hands.NOBODY));
    filters.add(filter.withUnread());
    for (ConversationStatus status : ConversationStatus.values()) {
      filters.add(filter.with(Set.of(status)));
    }
    List<Integer> counts =
        ConversationListStore.counts(tx.sql(), tx.tenant(), filters, MOST_COUNTED);
    return new Counts(
        counts.get(0),
        counts.get(1),
        counts.get(2),
        counts.get(3),
        new ByStatus(counts.get(4), counts.get(5), counts.get(6), counts.get(7)));
  }

  /// Ids of contacts whose name is like this or who have a phone number, address or id with this in it, the best 200.
  /// To be asked in a transaction of its own.
  public static List<UUID> contactsLike(Tx tx, String text) {
    return MessageSearch.contactIds(tx, text);
  }

  /// Those who have taken part in a conversation: its contact, and whoever here has read it.
  public static List<Participant> participants(Tx tx, UUID id) {
    return ConversationListStore.participants(tx.sql(), tx.tenant(), id);
  }

  /// Somebody who takes part in a customer's conversation.
  ///
  /// @param kind `contact`, `user` or `api-key`
  /// @param lastSeenSeq up to which message they have read it
  @Schema(name = "ConversationParticipant")
  public record Participant(
      String kind, UUID id, @Nullable String name, Instant joinedAt, long lastSeenSeq) {
    /// With the name that they go by.
    public Participant named(@Nullable String other) {
      return new Participant(kind, id, other, joinedAt, lastSeenSeq);
    }
  }
}
