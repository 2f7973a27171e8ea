package dev.parley.app;

import dev.parley.channels.ChannelEvent;
import dev.parley.contacts.ContactEvent;
import dev.parley.contacts.ContactFieldEvent;
import dev.parley.conversations.ConversationEvent;
import dev.parley.genesys.GenesysEvent;
import dev.parley.identity.IdentityEvent;
import dev.parley.inbox.InboxEvent;
import dev.parley.media.FileEvent;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import dev.parley.tenants.TenantEvent;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `docs/events.md`, made from the records that are events.
final class EventsDocument {
  /// The sealed families that hold every event there is.
  static final List<Class<? extends DomainEvent>> FAMILIES =
      List.of(
          ConversationEvent.class,
          ContactEvent.class,
          ContactFieldEvent.class,
          ChannelEvent.class,
          InboxEvent.class,
          GenesysEvent.class,
          FileEvent.class,
          TenantEvent.class,
          IdentityEvent.class);

  private EventsDocument() {}

  static String text() {
    var text =
        new StringBuilder(
            """
            # Events

            Made from the code by `bin/docs`; do not edit. Read them with `GET /api/v1/events`.

            Every event has the envelope `{id, type, version, tenantId, projectId?, conversationId?, time, correlationId,
            causationId?, lane, seq, data}`. Inside a lane `seq` has no gaps, and events of one conversation are in one lane.
            `version` is raised when `data` changes in a way that old readers cannot follow. Fields with `?` may be absent.

            | Type | Version | Data | Meaning |
            |---|---|---|---|
            """);
    FAMILIES.stream()
        .flatMap(EventsDocument::records)
        .sorted(Comparator.comparing(record -> type(record).value()))
        .forEach(
            record -> {
              EventType type = type(record);
              text.append("| `")
                  .append(type.value())
                  .append("` | ")
                  .append(type.version())
                  .append(" | ")
                  .append(data(record))
                  .append(" | ")
                  .append(type.doc())
                  .append(" |\n");
            });
    return text.toString();
  }

  /// The records of a sealed family, at any depth.
  static Stream<Class<?>> records(Class<?> family) {
    return family.isRecord()
        ? Stream.of(family)
        : Arrays.stream(family.getPermittedSubclasses()).flatMap(EventsDocument::records);
  }

  static EventType type(Class<?> record) {
    EventType type = record.getAnnotation(EventType.class);
    if (type == null) {
      throw new IllegalStateException(record + " has no @EventType");
    }
    return type;
  }

  private static String data(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .map(EventsDocument::field)
        .collect(Collectors.joining(", "));
  }

  private static String field(RecordComponent component) {
    boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    return "`" + component.getName() + (optional ? "?`" : "`");
  }
}
