package dev.parley.channels;

import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Changes of templates in the database, each with its event.
final class TemplateChanges {
  private final EventLog events;
  private final InstantSource clock;

  TemplateChanges(EventLog events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /// Adds one; false when there is one of that name and language.
  boolean insert(Tx tx, MessageTemplate template) {
    boolean isNew = TemplateStore.insert(tx.sql(), tx.tenant(), template);
    if (isNew) {
      tell(tx, template, null);
    }
    return isNew;
  }

  /// One that is new here.
  MessageTemplate template(UUID channel, MessageTemplate.Told told) {
    Instant now = clock.instant();
    return new MessageTemplate(
        Ids.next(),
        channel,
        told.providerId(),
        told.name(),
        told.language(),
        told.category(),
        told.status(),
        told.quality(),
        told.reason(),
        told.named(),
        told.components(),
        now,
        now);
  }

  /// The same one with what is told of it now.
  MessageTemplate told(MessageTemplate before, MessageTemplate.Told told) {
    return new MessageTemplate(
        before.id(),
        before.channelId(),
        told.providerId(),
        before.name(),
        before.language(),
        told.category(),
        told.status(),
        told.quality(),
        told.reason(),
        told.named(),
        told.components(),
        before.createdAt(),
        clock.instant());
  }

  /// Keeps what has changed, and tells it.
  void change(Tx tx, MessageTemplate before, MessageTemplate after) {
    TemplateStore.update(tx.sql(), tx.tenant(), after);
    tell(tx, after, before.status());
  }

  /// Takes one away, and tells it.
  void remove(Tx tx, MessageTemplate template) {
    if (TemplateStore.delete(tx.sql(), tx.tenant(), template.id())) {
      events.publish(
          tx,
          template.channelId(),
          new ChannelEvent.TemplateDeleted(
              template.channelId(), template.id(), template.name(), template.language()));
    }
  }

  private void tell(Tx tx, MessageTemplate template, @Nullable String before) {
    events.publish(
        tx,
        template.channelId(),
        new ChannelEvent.TemplateUpdated(
            template.channelId(),
            template.id(),
            template.name(),
            template.language(),
            template.category(),
            template.status(),
            before,
            template.quality(),
            template.reason()));
  }
}
