package dev.parley.inbox;

import dev.parley.conversations.DeskStates;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers that agents use again and again.
@Singleton
public final class CannedReplies {
  /// Most of a tenant.
  static final int MOST = 2000;

  private final TenantDb db;
  private final Inbox inbox;
  private final EventLog events;
  private final Audit audit;

  /// Works through `db`; values of variables come from `inbox`.
  public CannedReplies(TenantDb db, Inbox inbox, EventLog events, Audit audit) {
    this.db = db;
    this.inbox = inbox;
    this.events = events;
    this.audit = audit;
  }

  /// Makes one. Throws a [Problem] when the shortcut is taken or there are too many.
  public CannedReply create(Caller caller, String shortcut, String text) {
    return unlessTaken(
        shortcut,
        caller,
        tx -> {
          if (CannedReplyStore.count(tx.sql(), tx.tenant()) >= MOST) {
            throw new Problem(
                Problem.Code.QUOTA_EXCEEDED,
                "There are " + MOST + " canned replies; delete one first.");
          }
          UUID id = Ids.next();
          CannedReplyStore.insert(tx.sql(), tx.tenant(), id, shortcut, text);
          events.publish(tx, id, new InboxEvent.CannedReplyCreated(id, shortcut));
          audit.record(
              tx, caller, "canned-reply.created", "canned-reply", id, Map.of("shortcut", shortcut));
          return require(tx, id);
        });
  }

  /// Changes what is not null. Throws a [Problem] when there is none of that id or the shortcut is taken.
  public CannedReply change(
      Caller caller, UUID id, @Nullable String shortcut, @Nullable String text) {
    return unlessTaken(
        String.valueOf(shortcut),
        caller,
        tx -> {
          CannedReply known = require(tx, id);
          String name = shortcut == null ? known.shortcut() : shortcut;
          CannedReplyStore.update(
              tx.sql(), tx.tenant(), id, name, text == null ? known.text() : text);
          events.publish(tx, id, new InboxEvent.CannedReplyChanged(id, name));
          audit.record(
              tx, caller, "canned-reply.changed", "canned-reply", id, Map.of("shortcut", name));
          return require(tx, id);
        });
  }

  /// Deletes one. Throws a [Problem] when there is none of that id.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!CannedReplyStore.delete(tx.sql(), tx.tenant(), id)) {
            throw Problem.notFound("canned reply");
          }
          events.publish(tx, id, new InboxEvent.CannedReplyDeleted(id));
          audit.record(tx, caller, "canned-reply.deleted", "canned-reply", id, Map.of());
        });
  }

  /// One of them. Throws a [Problem] when there is none of that id.
  public CannedReply find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> require(tx, id));
  }

  /// Those whose shortcut begins with the text first, then those that have it elsewhere in the shortcut, then in what
  /// they say; filled for a conversation when one is named. Throws a [Problem] when there is no such conversation or
  /// `after` is no cursor.
  public Page<CannedReply> page(
      Caller caller,
      @Nullable String text,
      @Nullable UUID conversation,
      @Nullable String after,
      int limit) {
    String wanted = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    Position position = Position.read(after);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Page<CannedReply> page =
              Page.of(
                  CannedReplyStore.page(
                      tx.sql(),
                      tx.tenant(),
                      wanted,
                      position.rank(),
                      position.shortcut(),
                      limit + 1),
                  limit,
                  reply -> rank(reply, wanted) + " " + reply.shortcut());
          if (conversation == null) {
            return page;
          }
          Map<String, String> values = values(tx, caller, conversation);
          return page.map(reply -> reply.filled(Variables.fill(reply.text(), values)));
        });
  }

  private record Position(int rank, String shortcut) {
    static Position read(@Nullable String cursor) {
      String text = Page.decode(cursor);
      if (text == null) {
        return new Position(-1, "");
      }
      String[] parts = text.split(" ", 2);
      if (parts.length != 2 || !parts[0].matches("[0-2]")) {
        throw Page.badCursor();
      }
      return new Position(Integer.parseInt(parts[0]), parts[1]);
    }
  }

  private static int rank(CannedReply reply, String text) {
    return reply.shortcut().startsWith(text) ? 0 : reply.shortcut().contains(text) ? 1 : 2;
  }

  private Map<String, String> values(Tx tx, Caller caller, UUID conversation) {
    InboxConversation view =
        inbox.view(
            tx,
            DeskStates.find(tx, conversation).orElseThrow(() -> Problem.notFound("conversation")));
    var values = new HashMap<String, String>();
    InboxConversation.Person contact = view.contact();
    if (contact != null) {
      put(values, "contact.name", contact.name());
      put(
          values,
          "contact.firstName",
          contact.name() == null ? null : contact.name().strip().split("\\s+", 2)[0]);
      put(values, "contact.phone", contact.address());
    }
    if (view.channel() != null) {
      put(values, "channel.name", view.channel().name());
    }
    put(
        values,
        "agent.name",
        // Who answers at another desk is no user of ours.
        caller.kind() == Caller.Kind.DESK
            ? caller.name()
            : Users.names(tx, List.of(caller.id())).get(caller.id()));
    return values;
  }

  private static void put(Map<String, String> values, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      values.put(name, value);
    }
  }

  private static CannedReply require(Tx tx, UUID id) {
    return CannedReplyStore.find(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("canned reply"));
  }

  private CannedReply unlessTaken(String shortcut, Caller caller, Function<Tx, CannedReply> work) {
    try {
      return db.inTenant(caller.inTenant(), work);
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, CannedReplyStore.ONE_SHORTCUT)) {
        throw new Problem(
            Problem.Code.CONFLICT, "Another canned reply has the shortcut " + shortcut + ".");
      }
      throw e;
    }
  }
}
