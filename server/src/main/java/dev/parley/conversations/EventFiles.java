package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.media.Files;
import dev.parley.media.Links;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/// Events as readers get them: with addresses, good for `media.link-life`, of the files of messages. The log holds none,
/// because they end. They are bound to the tenant, as the event is, and not to the reader.
///
/// Looks only where messages have their files: what customers write elsewhere cannot have an address made.
@Singleton
public final class EventFiles {
  private final Files files;

  /// Signs through `files`.
  public EventFiles(Files files) {
    this.files = files;
  }

  /// The event with addresses of those of its files that are ready; the same event when it has none. Never blocks.
  public StoredEvent shown(StoredEvent event) {
    if (!event.type().startsWith("message.") || !event.data().contains("\"fileId\"")) {
      return event;
    }
    JsonNode data = Json.tree(event.data());
    boolean changed = address(event.tenantId(), data);
    for (JsonNode content : List.of(data.at("/message/content"), data.path("content"))) {
      changed |= address(event.tenantId(), content.path("attachment"));
      for (String header : List.of("image", "video", "document")) {
        changed |= address(event.tenantId(), content.path("header").path(header));
      }
    }
    return changed ? event.with(data.toString()) : event;
  }

  private boolean address(TenantId tenant, JsonNode attachment) {
    if (!(attachment.path("file") instanceof ObjectNode file)
        || !file.path("state").asText().equals(MessageFile.State.READY.word())) {
      return false;
    }
    UUID id;
    try {
      id = UUID.fromString(attachment.path("fileId").asText());
    } catch (IllegalArgumentException e) {
      return false;
    }
    Links.Link link = files.link(tenant, id, null, null, false);
    file.put("url", link.url().toString());
    file.put("urlUntil", link.until().toString());
    return true;
  }
}
