package dev.parley.conversations;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// SQL for lists of customers' conversations. A statement holds only what the list is narrowed to: with conditions that
/// may be off, the database could not tell which index serves.
final class ConversationListStore {
  private ConversationListStore() {}

  /// The orders in which an index has the rows.
  enum Order {
    NEWEST("TRUE", "(c.last_at, c.id) < (:at, :id)", "c.last_at DESC, c.id DESC"),
    WAITING(
        "c.waiting_since IS NOT NULL",
        "(c.waiting_since, c.id) > (:at, :id)",
        "c.waiting_since, c.id"),
    URGENT(
        "c.priority > 0",
        "(c.priority, c.last_at, c.id) < (:priority, :at, :id)",
        "c.priority DESC, c.last_at DESC, c.id DESC"),
    NOT_URGENT("c.priority = 0", "(c.last_at, c.id) < (:at, :id)", "c.last_at DESC, c.id DESC");

    private final String condition;
    private final String after;
    private final String by;

    Order(String condition, String after, String by) {
      this.condition = condition;
      this.after = after;
      this.by = by;
    }
  }

  /// A condition and what stands in its places.
  private record Condition(String text, Map<String, Object> values, Map<String, List<UUID>> ids) {
    Condition() {
      this("c.tenant_id = :tenant AND c.kind = 'customer'", new HashMap<>(), new HashMap<>());
    }

    Condition and(String more) {
      return new Condition(text + "\n  AND " + more, values, ids);
    }

    <S extends SqlStatement<S>> S bind(S statement) {
      values.forEach(statement::bind);
      ids.forEach((name, list) -> statement.bindArray(name, UUID.class, list));
      return statement;
    }
  }

  /// @param n tells the names of this condition from those of others in the same statement
  private static Condition condition(ConversationFilter filter, String n) {
    var all = new Condition();
    Set<ConversationStatus> statuses = filter.statuses();
    if (statuses != null) {
      all =
          all.and(
              words("c.status", statuses.stream().map(s -> "'" + Input.word(s) + "'").toList()));
    }
    Set<Priority> priorities = filter.priorities();
    if (priorities != null) {
      all =
          all.and(
              words(
                  "c.priority",
                  priorities.stream().map(p -> Integer.toString(p.level())).toList()));
    }
    UUID channel = filter.channelId();
    if (channel != null) {
      all = all.and("c.channel_id = :channel" + n);
      all.values().put("channel" + n, channel);
    }
    all = hands(all, "c.assignee_id", "assignee" + n, filter.assignee());
    all = hands(all, "c.team_id", "team" + n, filter.team());
    Boolean unread = filter.unread();
    if (unread != null) {
      all = all.and(unread ? "c.unread > 0" : "c.unread = 0");
    }
    List<UUID> contacts = filter.contactIds();
    if (contacts != null) {
      all = all.and("c.contact_id = ANY(:contacts" + n + ")");
      all.ids().put("contacts" + n, contacts);
    }
    for (int i = 0; i < filter.tagIds().size(); i++) {
      String name = "tag" + i + "x" + n;
      all =
          all.and(
              """
              EXISTS (SELECT 1 FROM conversation_tags t
                WHERE t.tenant_id = :tenant AND t.conversation_id = c.id AND t.tag_id = :%s)"""
                  .formatted(name));
      all.values().put(name, filter.tagIds().get(i));
    }
    return all;
  }

  /// The words are those of enums, never from outside.
  private static String words(String column, List<String> words) {
    return words.isEmpty()
        ? "FALSE"
        : words.size() == 1
            ? column + " = " + words.getFirst()
            : column + " IN (" + String.join(", ", words.stream().sorted().toList()) + ")";
  }

  private static Condition hands(
      Condition all, String column, String name, ConversationFilter.Hands hands) {
    if (!hands.given()) {
      return all;
    }
    UUID id = hands.id();
    if (id == null) {
      return all.and(column + " IS NULL");
    }
    all.values().put(name, id);
    return all.and(column + " = :" + name);
  }

  static List<Conversation> page(
      Handle sql,
      TenantId tenant,
      ConversationFilter filter,
      Order order,
      ConversationLists.@Nullable Position after,
      int limit) {
    return query(sql, "", tenant, filter, order, after, limit)
        .map(ConversationStore::conversation)
        .list();
  }

  /// What the database does to read a page.
  static List<String> plan(
      Handle sql, TenantId tenant, ConversationFilter filter, Order order, int limit) {
    return query(sql, "EXPLAIN (ANALYZE, BUFFERS) ", tenant, filter, order, null, limit)
        .mapTo(String.class)
        .list();
  }

  private static Query query(
      Handle sql,
      String prefix,
      TenantId tenant,
      ConversationFilter filter,
      Order order,
      ConversationLists.@Nullable Position after,
      int limit) {
    Condition condition = condition(filter, "").and(order.condition);
    if (after != null) {
      condition = condition.and(order.after);
      condition.values().put("at", after.at().atOffset(ZoneOffset.UTC));
      condition.values().put("id", after.id());
      if (order == Order.URGENT) {
        condition.values().put("priority", after.priority());
      }
    }
    String text =
        "%sSELECT %s FROM conversations c\nWHERE %s\nORDER BY %s LIMIT :limit"
            .formatted(prefix, ConversationStore.COLUMNS, condition.text(), order.by);
    return condition.bind(
        sql.createQuery(text).bind("tenant", tenant.value()).bind("limit", limit));
  }

  /// How many fit each filter, none more than `most`.
  static List<Integer> counts(
      Handle sql, TenantId tenant, List<ConversationFilter> filters, int most) {
    var conditions = new ArrayList<Condition>();
    var columns = new ArrayList<String>();
    for (int i = 0; i < filters.size(); i++) {
      Condition condition = condition(filters.get(i), "n" + i);
      conditions.add(condition);
      columns.add(
          "(SELECT count(*) FROM (SELECT 1 FROM conversations c WHERE %s LIMIT :most) AS found)"
              .formatted(condition.text()));
    }
    Query query =
        sql.createQuery("SELECT " + String.join(",\n", columns))
            .bind("tenant", tenant.value())
            .bind("most", most);
    for (Condition condition : conditions) {
      query = condition.bind(query);
    }
    return query
        .map(
            (rs, _) -> {
              var counts = new ArrayList<Integer>();
              for (int i = 1; i <= filters.size(); i++) {
                counts.add(rs.getInt(i));
              }
              return counts;
            })
        .one();
  }

  static List<ConversationLists.Participant> participants(
      Handle sql, TenantId tenant, UUID conversation) {
    return sql.createQuery(
            """
            SELECT kind, participant_id, joined_at, last_seen_seq FROM participants
            WHERE tenant_id = :tenant AND conversation_id = :conversation AND left_at IS NULL
            ORDER BY joined_at, participant_id LIMIT 200
            """)
        .bind("tenant", tenant.value())
        .bind("conversation", conversation)
        .map(
            (rs, _) ->
                new ConversationLists.Participant(
                    rs.getString("kind"),
                    rs.getObject("participant_id", UUID.class),
                    null,
                    rs.getObject("joined_at", OffsetDateTime.class).toInstant(),
                    rs.getLong("last_seen_seq")))
        .list();
  }
}
