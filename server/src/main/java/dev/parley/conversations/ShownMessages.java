package dev.parley.conversations;

import dev.parley.media.Files;
import dev.parley.media.Links;
import dev.parley.media.Rendition;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Messages as requests are answered with them: what is stored, and what is true of their files at the moment.
@Singleton
public final class ShownMessages {
  private final TenantDb db;
  private final Files files;

  ShownMessages(TenantDb db, Files files) {
    this.db = db;
    this.files = files;
  }

  /// The messages as they are answered: with the state of each file as it is now, and with addresses under which the
  /// file and its thumbnails can be fetched for a while.
  public List<Message> shown(Caller caller, List<Message> messages) {
    Set<UUID> ids = MessageMedia.named(messages.stream().map(Message::content).toList());
    if (ids.isEmpty()) {
      return messages;
    }
    TenantId tenant = caller.inTenant();
    return db.inTenant(
        tenant,
        tx -> {
          Map<UUID, StoredFile> known = files.find(tx, ids);
          Map<UUID, List<Rendition>> renditions = files.renditions(tx, ids);
          return messages.stream()
              .map(
                  message ->
                      message.with(
                          Attachments.changed(
                              message.content(),
                              attachment -> shown(tenant, known, renditions, attachment))))
              .toList();
        });
  }

  /// One message as it is answered.
  public Message shown(Caller caller, Message message) {
    return shown(caller, List.of(message)).getFirst();
  }

  private Content.Attachment shown(
      TenantId tenant,
      Map<UUID, StoredFile> known,
      Map<UUID, List<Rendition>> renditions,
      Content.Attachment attachment) {
    UUID id = attachment.fileId();
    if (id == null) {
      return attachment;
    }
    StoredFile file = known.get(id);
    if (file == null) {
      return attachment.with(
          id, MessageFile.absent(MessageFile.State.FAILED, "The file was deleted."));
    }
    MessageFile facts = MessageFile.of(file);
    if (facts.state() != MessageFile.State.READY) {
      return attachment.with(id, facts);
    }
    Links.Link link = files.link(tenant, id, null, null, false);
    List<Rendition> made = renditions.getOrDefault(id, List.of());
    Rendition clean =
        made.stream().filter(one -> one.name().equals(Files.CLEAN)).findFirst().orElse(null);
    List<MessageFile.Thumbnail> thumbnails =
        made.stream()
            .filter(one -> !one.equals(clean) && one.type().startsWith("image/"))
            .map(one -> thumbnail(tenant, id, one))
            .toList();
    return attachment.with(
        id, facts.served(link.url().toString(), link.until(), thumbnails, clean));
  }

  private MessageFile.Thumbnail thumbnail(TenantId tenant, UUID id, Rendition rendition) {
    return new MessageFile.Thumbnail(
        rendition.name(),
        number(rendition, "width"),
        number(rendition, "height"),
        files.link(tenant, id, rendition.name(), null, false).url().toString());
  }

  private static @Nullable Integer number(Rendition rendition, String field) {
    return rendition.metadata().path(field).isInt()
        ? rendition.metadata().path(field).asInt()
        : null;
  }
}
