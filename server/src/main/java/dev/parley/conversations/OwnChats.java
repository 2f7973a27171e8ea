package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Conversations among people as one of them has them: lists, the reading mark, mute, put away.
@Singleton
public final class OwnChats {
  private static final int MOST_PAIRS = 100_000;

  private final TenantDb db;
  private final EventLog events;
  private final InstantSource clock;

  /// Works through `db`.
  public OwnChats(TenantDb db, EventLog events, InstantSource clock) {
    this.db = db;
    this.events = events;
    this.clock = clock;
  }

  /// For each of the users those who take part in a conversation among people that the user takes part in too; who is
  /// in none may be missing. Where there are more than a hundred thousand pairs some are left out.
  public Map<UUID, Set<UUID>> acquaintances(TenantId tenant, Collection<UUID> users) {
    return db.inTenant(
        tenant, tx -> ParticipantStore.acquaintances(tx.sql(), tenant, users, MOST_PAIRS));
  }

  /// The caller's own, the ones with the newest message first: `limit` + 1 rows where there are more. With `archived`
  /// only those that they or everybody have put away, else only the others.
  public List<Chat> mine(
      Caller caller,
      @Nullable ConversationKind kind,
      boolean archived,
      @Nullable Instant before,
      @Nullable UUID beforeId,
      int limit) {
    Chats.requireUser(caller);
    return db.inTenant(
        caller.inTenant(),
        tx ->
            ChatStore.mine(
                tx.sql(), tx.tenant(), caller.id(), kind, archived, before, beforeId, limit + 1));
  }

  /// Those that any user may join, by a part of their title: `limit` + 1 rows where there are more.
  public List<Chat> open(Caller caller, @Nullable String part, @Nullable UUID after, int limit) {
    Chats.requireUser(caller);
    String lower = part == null ? null : part.toLowerCase(Locale.ROOT);
    return db.inTenant(
        caller.inTenant(), tx -> ChatStore.open(tx.sql(), tx.tenant(), lower, after, limit + 1));
  }

  /// Marks everything up to a message as read by the caller, who never unreads: an earlier mark than there is changes
  /// nothing. Throws a [Problem] when the caller is no participant, or when there is no message of that number yet.
  public Chat markRead(Caller caller, UUID id, long seq) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = Chats.find(tx, caller, id);
          ParticipantStore.Mark mark =
              ParticipantStore.lockMark(tx.sql(), tx.tenant(), id, caller.id())
                  .orElseThrow(() -> Problem.notFound("conversation"));
          if (seq < 0 || seq > mark.lastSeq()) {
            throw Problem.invalid("seq", "must be the number of a message that is there");
          }
          if (seq > mark.seenSeq()) {
            ParticipantStore.read(tx.sql(), tx.tenant(), id, caller.id(), seq, clock.instant());
            events.publish(
                tx, chat.lane(), new ConversationEvent.ParticipantRead(id, caller.id(), seq));
          }
          return Chats.find(tx, caller, id);
        });
  }

  /// Sets how the caller has it for themselves: until when it is mute (null for not at all), and whether it is put
  /// away. Throws a [Problem] when the caller is no participant.
  public Chat settle(
      Caller caller, UUID id, boolean setMute, @Nullable Instant until, @Nullable Boolean away) {
    Instant now = clock.instant();
    if (until != null && until.isAfter(now.plus(ChatLimits.MUTE))) {
      throw Problem.invalid("mutedUntil", "must be within ten years");
    }
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat.Own me = Chats.find(tx, caller, id).me();
          boolean archived = away == null ? me != null && me.archived() : away;
          Instant before = me == null ? null : me.mutedUntil();
          ParticipantStore.settle(
              tx.sql(),
              tx.tenant(),
              id,
              caller.id(),
              setMute ? until : before,
              archived ? now : null);
          return Chats.find(tx, caller, id);
        });
  }
}
