package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.Trace;
import dev.parley.platform.timers.Timers;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How customers' conversations stand at the desk, and how that changes: each change is a row of the history and an
/// event, in the transaction of the change. A change to what is so already is none.
@Singleton
public final class DeskStates {
  /// The kind of timer that wakes snoozed conversations; its id is the conversation's.
  public static final String SNOOZE = "conversation-snooze";

  private static final Message.Sender SYSTEM = new Message.Sender("system", null, null);

  private final TenantDb db;
  private final DeskHistory history;
  private final Timers timers;
  private final InstantSource clock;

  /// Works through `db`; snoozed conversations wake by `timers`.
  public DeskStates(TenantDb db, EventLog events, Timers timers, InstantSource clock) {
    this.db = db;
    this.history = new DeskHistory(events, clock);
    this.timers = timers;
    this.clock = clock;
    timers.kind(SNOOZE, (tenant, id) -> wake(tenant, UUID.fromString(id)));
  }

  /// The conversation, which nobody else changes until the transaction ends. Throws a [Problem] when there is none.
  public static Conversation lock(Tx tx, UUID id) {
    return ConversationStore.lock(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("conversation"));
  }

  /// One conversation with a customer.
  public static Optional<Conversation> find(Tx tx, UUID id) {
    return ConversationStore.find(tx.sql(), tx.tenant(), id);
  }

  /// Who acts, as history and events tell it.
  public static Message.Sender by(Caller caller) {
    return SendMessages.sender(caller);
  }

  /// Puts a conversation that is locked on the desk as `after` says.
  public Conversation change(Tx tx, Caller caller, Conversation locked, Desk after) {
    return change(tx, locked, after, by(caller), null);
  }

  /// [#change(Tx, Caller, Conversation, Desk)] by Parley itself, for a cause that stands in history and event.
  public Conversation change(Tx tx, Conversation locked, Desk after, String cause) {
    return change(tx, locked, after, SYSTEM, cause);
  }

  private Conversation change(
      Tx tx, Conversation locked, Desk after, Message.Sender by, @Nullable String cause) {
    if (locked.desk().equals(after)) {
      return locked;
    }
    Conversation changed = ConversationStore.put(tx.sql(), tx.tenant(), locked.id(), after);
    history.tell(tx, locked, after, by, cause, Trace.current());
    Instant until = after.snoozedUntil();
    if (until != null) {
      // Before the commit, so that none is snoozed without a timer. One that fires for nothing
      // finds nothing to do;
      // one that fires at once waits for the lock.
      timers.set(SNOOZE, tx.tenant(), locked.id().toString(), until);
    }
    return changed;
  }

  /// Opens a snoozed conversation whose time has come; anything else stays as it is.
  public void wake(TenantId tenant, UUID id) {
    db.runInTenant(
        tenant,
        tx -> {
          Conversation locked = ConversationStore.lock(tx.sql(), tenant, id).orElse(null);
          Instant until = locked == null ? null : locked.snoozedUntil();
          if (locked == null || until == null) {
            return;
          }
          if (until.isAfter(clock.instant())) {
            // It was snoozed anew meanwhile, or clocks differ.
            timers.set(SNOOZE, tenant, id.toString(), until);
            return;
          }
          change(tx, locked, locked.desk().with(ConversationStatus.OPEN, null), "snooze-ended");
        });
  }

  /// What was done with a conversation, the newest first: `limit` + 1 rows where there are more.
  public static List<DeskChange> changes(Tx tx, UUID id, @Nullable UUID before, int limit) {
    return DeskStore.changes(tx.sql(), tx.tenant(), id, before, limit + 1);
  }

  /// The unresolved conversations in the hands of one of the users; only those of a team when that is given.
  public static List<UUID> unresolvedOf(Tx tx, List<UUID> users, @Nullable UUID team) {
    return DeskStore.unresolvedOf(tx.sql(), tx.tenant(), users, team);
  }

  /// The unresolved conversations of a team.
  public static List<UUID> unresolvedOf(Tx tx, UUID team) {
    return DeskStore.unresolvedOf(tx.sql(), tx.tenant(), team);
  }
}
