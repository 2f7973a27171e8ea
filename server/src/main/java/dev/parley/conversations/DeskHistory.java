package dev.parley.conversations;

import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.Trace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes down and tells how conversations on the desk have changed.
final class DeskHistory {
  private final EventLog events;
  private final InstantSource clock;

  DeskHistory(EventLog events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /// The customer wrote in one that was not open.
  void reopened(Tx tx, Conversation before, Trace trace) {
    tell(
        tx,
        before,
        before.desk().with(ConversationStatus.OPEN, null),
        new Message.Sender("contact", before.contactId(), null),
        "customer-wrote",
        trace);
  }

  void tell(
      Tx tx,
      Conversation conversation,
      Desk after,
      Message.Sender by,
      @Nullable String cause,
      Trace trace) {
    Desk before = conversation.desk();
    var rows = new ArrayList<DeskStore.Row>();
    if (before.status() != after.status()
        || !Objects.equals(before.snoozedUntil(), after.snoozedUntil())) {
      rows.add(row(conversation, "status", status(before), status(after), by, cause));
      publish(
          tx,
          conversation,
          new ConversationEvent.StatusChanged(
              conversation.id(), before.status(), after.status(), after.snoozedUntil(), by, cause),
          trace);
    }
    if (before.priority() != after.priority()) {
      rows.add(
          row(
              conversation,
              "priority",
              Map.of("priority", before.priority()),
              Map.of("priority", after.priority()),
              by,
              cause));
      publish(
          tx,
          conversation,
          new ConversationEvent.PriorityChanged(
              conversation.id(), before.priority(), after.priority(), by),
          trace);
    }
    if (!hands(before).equals(hands(after))) {
      rows.add(row(conversation, "assignment", hands(before), hands(after), by, cause));
      publish(
          tx,
          conversation,
          new ConversationEvent.Assigned(
              conversation.id(),
              before.assigneeId(),
              before.teamId(),
              after.assigneeId(),
              after.teamId(),
              by,
              cause),
          trace);
    }
    DeskStore.insert(tx.sql(), tx.tenant(), rows);
  }

  private void publish(Tx tx, Conversation conversation, ConversationEvent event, Trace trace) {
    events.publish(tx, conversation.lane(), event, trace);
  }

  private DeskStore.Row row(
      Conversation conversation,
      String kind,
      Map<String, ?> was,
      Map<String, ?> became,
      Message.Sender by,
      @Nullable String cause) {
    Instant now = clock.instant();
    return new DeskStore.Row(
        conversation.id(), Ids.next(), kind, Json.write(was), Json.write(became), by, cause, now);
  }

  private static Map<String, Object> status(Desk desk) {
    var map = new HashMap<String, Object>();
    map.put("status", desk.status());
    if (desk.snoozedUntil() != null) {
      map.put("snoozedUntil", desk.snoozedUntil());
    }
    return map;
  }

  private static Map<String, Object> hands(Desk desk) {
    var map = new HashMap<String, Object>();
    if (desk.assigneeId() != null) {
      map.put("assigneeId", desk.assigneeId());
    }
    if (desk.teamId() != null) {
      map.put("teamId", desk.teamId());
    }
    return map;
  }
}
