package dev.parley.channels;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to channels.
public sealed interface ChannelEvent extends DomainEvent {
  /// The channel.
  UUID channelId();

  /// A channel was connected.
  @EventType(value = "channel.created", doc = "A channel was connected.")
  record Created(UUID channelId, UUID projectId, String kind, String name) implements ChannelEvent {
    @Override
    @JsonIgnore
    public UUID inProject() {
      return projectId;
    }
  }

  /// A channel's name, state, settings or credentials were changed.
  @EventType(value = "channel.updated", doc = "A channel was changed.")
  record Updated(UUID channelId, String name, String state) implements ChannelEvent {}

  /// A channel was removed.
  @EventType(value = "channel.deleted", doc = "A channel was removed.")
  record Deleted(UUID channelId) implements ChannelEvent {}

  /// A message template is there, or something about it has changed.
  ///
  /// @param previousStatus null when it is new here
  @EventType(
      value = "template.updated",
      doc = "A message template is new, or its status, quality, category or text has changed.")
  record TemplateUpdated(
      UUID channelId,
      UUID templateId,
      String name,
      String language,
      String category,
      String status,
      @Nullable String previousStatus,
      @Nullable String quality,
      @Nullable String reason)
      implements ChannelEvent {}

  /// A message template is gone.
  @EventType(value = "template.deleted", doc = "A message template is gone.")
  record TemplateDeleted(UUID channelId, UUID templateId, String name, String language)
      implements ChannelEvent {}

  /// The provider said something that is no message: about templates, the account, quality, preferences.
  @EventType(
      value = "channel.notice-received",
      doc = "The provider told something about templates, the account, quality or preferences.")
  record NoticeReceived(UUID channelId, UUID noticeId, String field, JsonNode data)
      implements ChannelEvent {}
}
