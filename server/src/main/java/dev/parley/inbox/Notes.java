package dev.parley.inbox;

import dev.parley.conversations.Conversation;
import dev.parley.conversations.DeskStates;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Notes in customers' conversations, for those who work here. They are kept apart from messages, so that nothing which
/// delivers messages can come across one.
@Singleton
public final class Notes {
  /// Longest note, in characters.
  static final int LONGEST = 10_000;

  /// Most users that a note mentions.
  static final int MOST_MENTIONS = 50;

  private static final int PREVIEW = 100;

  private final TenantDb db;
  private final EventLog events;
  private final InstantSource clock;

  /// Works through `db`, with times of `clock`.
  public Notes(TenantDb db, EventLog events, InstantSource clock) {
    this.db = db;
    this.events = events;
    this.clock = clock;
  }

  /// Writes a note behind the conversation's last message, and tells those whom it mentions. Throws a [Problem] when
  /// there is no such conversation or user.
  public Note add(Caller caller, UUID conversation, String text, Set<UUID> mentions) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, conversation);
          check(tx, mentions);
          var note =
              new Note(
                  Ids.next(),
                  conversation,
                  locked.lastSeq(),
                  DeskStates.by(caller),
                  text,
                  mentions.stream().sorted().toList(),
                  clock.instant(),
                  null);
          NoteStore.insert(tx.sql(), tx.tenant(), note);
          events.publish(tx, locked.lane(), new InboxEvent.NoteAdded(conversation, note));
          tell(tx, locked, note, note.mentions());
          return note;
        });
  }

  private static void check(Tx tx, Set<UUID> mentions) {
    if (!mentions.isEmpty() && !Users.names(tx, mentions).keySet().containsAll(mentions)) {
      throw Problem.invalid("mentions", "must be active users");
    }
  }

  private void tell(Tx tx, Conversation conversation, Note note, Collection<UUID> users) {
    String preview = preview(note.text());
    for (UUID user : users) {
      events.publish(
          tx,
          conversation.lane(),
          new InboxEvent.Mentioned(conversation.id(), note.id(), user, preview, note.author()));
    }
  }

  private static String preview(String text) {
    return text.codePointCount(0, text.length()) <= PREVIEW
        ? text
        : text.substring(0, text.offsetByCodePoints(0, PREVIEW)) + "…";
  }

  /// Changes what one's own note says. Who is mentioned anew is told. Throws a [Problem] when there is no such note, when
  /// somebody else wrote it, or when there is no such user.
  public Note change(
      Caller caller, UUID conversation, UUID id, String text, @Nullable Set<UUID> mentions) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, conversation);
          Note known = require(tx, conversation, id);
          if (!caller.id().equals(known.author().id())) {
            throw new Problem(Problem.Code.FORBIDDEN, "Only who wrote a note can change it.");
          }
          List<UUID> wanted =
              mentions == null ? known.mentions() : mentions.stream().sorted().toList();
          var fresh = new HashSet<>(wanted);
          known.mentions().forEach(fresh::remove);
          check(tx, fresh);
          if (text.equals(known.text()) && wanted.equals(known.mentions())) {
            return known;
          }
          Instant now = clock.instant();
          NoteStore.update(tx.sql(), tx.tenant(), id, text, wanted, now);
          var changed =
              new Note(
                  id,
                  conversation,
                  known.afterSeq(),
                  known.author(),
                  text,
                  wanted,
                  known.createdAt(),
                  now);
          events.publish(tx, locked.lane(), new InboxEvent.NoteChanged(conversation, changed));
          tell(tx, locked, changed, fresh);
          return changed;
        });
  }

  /// Deletes one's own note, or anybody's for who runs the inbox. Throws a [Problem] when there is no such note or
  /// somebody else wrote it.
  public void delete(Caller caller, UUID conversation, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          Conversation locked = DeskStates.lock(tx, conversation);
          Note known = require(tx, conversation, id);
          if (!caller.id().equals(known.author().id()) && !caller.allows(Permission.INBOX_MANAGE)) {
            throw new Problem(
                Problem.Code.FORBIDDEN,
                "Only who wrote a note, or who runs the inbox, can delete it.");
          }
          NoteStore.delete(tx.sql(), tx.tenant(), id);
          events.publish(
              tx,
              locked.lane(),
              new InboxEvent.NoteDeleted(conversation, id, DeskStates.by(caller)));
        });
  }

  private static Note require(Tx tx, UUID conversation, UUID id) {
    return NoteStore.lock(tx.sql(), tx.tenant(), conversation, id)
        .orElseThrow(() -> Problem.notFound("note"));
  }

  /// Notes of a conversation, the newest first: `limit` + 1 rows where there are more. Throws a [Problem] when there is
  /// no such conversation.
  public List<Note> page(Caller caller, UUID conversation, @Nullable UUID before, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          if (DeskStates.find(tx, conversation).isEmpty()) {
            throw Problem.notFound("conversation");
          }
          return NoteStore.page(tx.sql(), tx.tenant(), conversation, before, limit + 1);
        });
  }
}
