package dev.parley.inbox;

import dev.parley.platform.access.Caller;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Words that conversations can be given.
@Singleton
public final class Tags {
  /// Most tags of a tenant.
  static final int MOST = 1000;

  /// Most tags of a conversation.
  static final int MOST_OF_CONVERSATION = 50;

  private final TenantDb db;
  private final EventLog events;
  private final Audit audit;

  /// Works through `db`.
  public Tags(TenantDb db, EventLog events, Audit audit) {
    this.db = db;
    this.events = events;
    this.audit = audit;
  }

  /// Makes a tag. Throws a [Problem] when the name is taken or there are too many.
  public Tag create(Caller caller, String name, String color) {
    return unlessTaken(
        name,
        caller,
        tx -> {
          if (TagStore.count(tx.sql(), tx.tenant()) >= MOST) {
            throw new Problem(
                Problem.Code.QUOTA_EXCEEDED, "There are " + MOST + " tags; delete one first.");
          }
          UUID id = Ids.next();
          TagStore.insert(tx.sql(), tx.tenant(), id, name, color);
          events.publish(tx, id, new InboxEvent.TagCreated(id, name, color));
          audit.record(tx, caller, "tag.created", "tag", id, Map.of("name", name));
          return require(tx, id);
        });
  }

  /// Changes what is not null. Throws a [Problem] when there is none of that id or the name is taken.
  public Tag change(Caller caller, UUID id, @Nullable String name, @Nullable String color) {
    return unlessTaken(
        String.valueOf(name),
        caller,
        tx -> {
          Tag known = require(tx, id);
          String newName = name == null ? known.name() : name;
          String newColor = color == null ? known.color() : color;
          TagStore.update(tx.sql(), tx.tenant(), id, newName, newColor);
          events.publish(tx, id, new InboxEvent.TagChanged(id, newName, newColor));
          audit.record(tx, caller, "tag.changed", "tag", id, Map.of("name", newName));
          return require(tx, id);
        });
  }

  /// Deletes a tag, and takes it from all conversations. Throws a [Problem] when there is none of that id.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!TagStore.delete(tx.sql(), tx.tenant(), id)) {
            throw Problem.notFound("tag");
          }
          events.publish(tx, id, new InboxEvent.TagDeleted(id));
          audit.record(tx, caller, "tag.deleted", "tag", id, Map.of());
        });
  }

  /// One tag. Throws a [Problem] when there is none of that id.
  public Tag find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> require(tx, id));
  }

  /// Tags by age: `limit` + 1 rows where there are more.
  public List<Tag> page(Caller caller, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(), tx -> TagStore.page(tx.sql(), tx.tenant(), after, limit + 1));
  }

  /// The tags of conversations, by the conversation's id; those without any are left out.
  public static Map<UUID, Set<UUID>> ofConversations(Tx tx, Collection<UUID> conversations) {
    return TagStore.ofConversations(tx.sql(), tx.tenant(), conversations).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().stream().map(Tag.Label::id).collect(Collectors.toSet())));
  }

  private static Tag require(Tx tx, UUID id) {
    return TagStore.find(tx.sql(), tx.tenant(), id).orElseThrow(() -> Problem.notFound("tag"));
  }

  private Tag unlessTaken(String name, Caller caller, Function<Tx, Tag> work) {
    try {
      return db.inTenant(caller.inTenant(), work);
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, TagStore.ONE_NAME)) {
        throw new Problem(Problem.Code.CONFLICT, "Another tag is called " + name + ".");
      }
      throw e;
    }
  }
}
