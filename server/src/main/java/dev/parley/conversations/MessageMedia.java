package dev.parley.conversations;

import dev.parley.media.FileUse;
import dev.parley.media.Files;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The files of messages. A customer's message is stored and told at once, with its file `pending`; an item in a queue
/// of its own has somebody fetch it, and what came of that is written into the message together with its event. What
/// we send may name a file of ours.
@Singleton
public final class MessageMedia {
  /// The queue of files to be fetched from providers. Items' payload is `{"messageId","mediaId"}`, their kind `fetch`.
  public static final String QUEUE = "media-downloads";

  private final TenantDb db;
  private final EventLog events;
  private final WorkQueue queue;
  private final Files files;
  private final InstantSource clock;

  /// Works through `db`.
  public MessageMedia(
      TenantDb db, EventLog events, WorkQueue queue, Files files, InstantSource clock) {
    this.db = db;
    this.events = events;
    this.queue = queue;
    this.files = files;
    this.clock = clock;
  }

  /// A message whose file is wanted.
  ///
  /// @param writtenAt when the provider says that it was written
  public record Wanted(
      TenantId tenant,
      UUID messageId,
      UUID conversationId,
      UUID channelId,
      UUID projectId,
      int lane,
      Content.Media content,
      Instant writtenAt) {

    /// The provider's id of the file; empty when it gave none.
    public String mediaId() {
      String id = content.attachment().providerId();
      return id == null ? "" : id;
    }

    private MessageFile.@Nullable State state() {
      MessageFile file = content.attachment().file();
      return file == null ? null : file.state();
    }
  }

  /// What came in, with its file marked as on its way, or as not to be had where the provider says so.
  static Content arrived(Content content) {
    return content instanceof Content.Media
        ? Attachments.changed(content, file -> file.with(null, begin(file)))
        : content;
  }

  private static MessageFile begin(Content.Attachment file) {
    if (file.providerId() != null) {
      return MessageFile.pending();
    }
    String error = file.error();
    return MessageFile.absent(
        MessageFile.State.FAILED, error == null ? "The provider gave no file." : error);
  }

  /// Has the file fetched; nothing where there is none to fetch. The item is there if the transaction commits.
  void fetch(Tx tx, List<Arrived> arrived) {
    List<WorkItem> items =
        arrived.stream().flatMap(message -> item(tx.tenant(), message).stream()).toList();
    if (!items.isEmpty()) {
      queue.publish(tx, items);
    }
  }

  /// A message that was stored.
  record Arrived(UUID messageId, Content content, Trace trace) {}

  private Optional<WorkItem> item(TenantId tenant, Arrived arrived) {
    String mediaId =
        arrived.content() instanceof Content.Media media ? media.attachment().providerId() : null;
    if (mediaId == null) {
      return Optional.empty();
    }
    Trace trace = arrived.trace();
    return Optional.of(
        new WorkItem(
            Ids.next(),
            tenant,
            QUEUE,
            // Files wait for no other file of their conversation.
            arrived.messageId().toString(),
            arrived.messageId() + ":" + mediaId,
            "fetch",
            Json.write(Map.of("messageId", arrived.messageId(), "mediaId", mediaId)),
            trace.correlationId(),
            trace.traceparent(),
            clock.instant(),
            0));
  }

  /// The message, when its file of this provider's id is still wanted.
  public Optional<Wanted> wanted(TenantId tenant, UUID messageId, String mediaId) {
    return db.inTenant(tenant, tx -> MessageFileStore.lock(tx.sql(), tenant, messageId))
        .filter(found -> found.mediaId().equals(mediaId))
        .filter(found -> found.state() == MessageFile.State.PENDING);
  }

  /// The file is in our storage: the message shows it and uses it. Without effect when it is wanted no more.
  public void stored(Tx tx, Wanted wanted, StoredFile file) {
    Content.Attachment next = wanted.content().attachment().with(file.id(), MessageFile.of(file));
    if (replace(tx, wanted, next)) {
      files.use(tx, file.id(), FileUse.message(wanted.messageId()));
      events.publish(
          tx,
          wanted.lane(),
          new ConversationEvent.MediaStored(
              wanted.conversationId(), wanted.messageId(), file.id(), MessageFile.of(file)));
    }
  }

  /// The file could not be had. Without effect when it is wanted no more.
  public void absent(Tx tx, Wanted wanted, MessageFile.State state, String cause) {
    MessageFile file = MessageFile.absent(state, cause);
    if (replace(tx, wanted, wanted.content().attachment().with(null, file))) {
      events.publish(
          tx,
          wanted.lane(),
          new ConversationEvent.MediaFailed(
              wanted.conversationId(), wanted.messageId(), state, cause));
    }
  }

  private static boolean replace(Tx tx, Wanted wanted, Content.Attachment next) {
    return MessageFileStore.replace(
        tx.sql(),
        tx.tenant(),
        wanted.messageId(),
        wanted.mediaId(),
        MessageFile.State.PENDING,
        next);
  }

  /// Notes that what an outbound message names by a link was copied into our storage; answers its content, which names
  /// the file in place of the link from now on.
  public Content copied(TenantId tenant, UUID messageId, StoredFile file) {
    return db.inTenant(
        tenant,
        tx -> {
          Wanted found =
              MessageFileStore.lock(tx.sql(), tenant, messageId)
                  .orElseThrow(
                      () -> new IllegalStateException("message " + messageId + " is gone"));
          Content.Attachment linked = found.content().attachment();
          var ours =
              new Content.Attachment(
                  null,
                  null,
                  null,
                  null,
                  linked.link(),
                  linked.filename(),
                  null,
                  file.id(),
                  MessageFile.of(file));
          MessageFileStore.put(tx.sql(), tenant, messageId, ours);
          files.use(tx, file.id(), FileUse.message(messageId));
          return Attachments.changed(found.content(), _ -> ours);
        });
  }

  /// The files of ours that a message of a channel names, by the provider's id of the message.
  public Set<UUID> filesOf(Tx tx, UUID channelId, String providerMessageId) {
    return MessageFileStore.content(tx.sql(), tx.tenant(), channelId, providerMessageId)
        .map(content -> named(List.of(content)))
        .orElse(Set.of());
  }

  /// Has a file fetched once more. Throws a [Problem] when there is no such message, or its file is here or can no
  /// longer be had.
  public void retry(Caller caller, UUID conversationId, UUID messageId) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          Wanted found =
              MessageFileStore.lock(tx.sql(), tx.tenant(), messageId)
                  .filter(wanted -> wanted.conversationId().equals(conversationId))
                  .orElseThrow(() -> Problem.notFound("message with a file"));
          Content.Attachment attachment = found.content().attachment();
          MessageFile.State state = found.state();
          if (found.mediaId().isEmpty() || state == null || attachment.fileId() != null) {
            throw new Problem(
                Problem.Code.WRONG_STATE,
                "Only a file that could not be had from the provider can be fetched again.");
          }
          if (state == MessageFile.State.EXPIRED) {
            throw new Problem(
                Problem.Code.WRONG_STATE,
                "The provider keeps the file no longer; ask the customer to send it again.");
          }
          if (state != MessageFile.State.PENDING) {
            MessageFileStore.replace(
                tx.sql(),
                tx.tenant(),
                messageId,
                found.mediaId(),
                state,
                attachment.with(null, MessageFile.pending()));
            events.publish(
                tx,
                found.lane(),
                new ConversationEvent.MediaRetried(conversationId, messageId, caller.name()));
          }
          fetch(tx, List.of(new Arrived(messageId, found.content(), Trace.current())));
        });
  }

  /// What is to be sent, with what we know of each file of ours that it names. Throws a [Problem] that names the field
  /// when there is no such file, or when it cannot be sent any more.
  Content resolved(Tx tx, Content content) {
    return resolved(files.find(tx, named(List.of(content))), content);
  }

  /// The same for who may not name every file: what they may not name is none.
  Content resolved(Tx tx, Caller caller, Content content) {
    return resolved(files.find(tx, caller, named(List.of(content))), content);
  }

  private static Content resolved(Map<UUID, StoredFile> known, Content content) {
    return Attachments.changed(content, attachment -> resolved(known, attachment));
  }

  private static Content.Attachment resolved(
      Map<UUID, StoredFile> known, Content.Attachment attachment) {
    // A client can leave the attachment out; the channel's check says so.
    UUID id = attachment == null ? null : attachment.fileId();
    if (id == null) {
      return attachment == null ? attachment : attachment.with(null, null);
    }
    StoredFile file = known.get(id);
    if (file == null) {
      throw Problem.invalid("content.attachment.fileId", "is no file; upload it first");
    }
    MessageFile facts = MessageFile.of(file);
    if (facts.state() == MessageFile.State.FAILED) {
      throw Problem.invalid("content.attachment.fileId", "cannot be sent: " + facts.cause());
    }
    String name = attachment.filename();
    return new Content.Attachment(
        attachment.providerId(),
        attachment.link(),
        attachment.mimeType(),
        attachment.sha256(),
        attachment.url(),
        name == null ? file.name() : name,
        attachment.error(),
        id,
        facts);
  }

  /// Notes that a message uses the files that it names, so that they stay.
  void used(Tx tx, UUID messageId, Content content) {
    for (UUID id : named(List.of(content))) {
      files.use(tx, id, FileUse.message(messageId));
    }
  }

  /// Notes that a message uses no file but those that it names now.
  void changed(Tx tx, UUID messageId, @Nullable Content content) {
    files.release(tx, FileUse.message(messageId));
    if (content != null) {
      used(tx, messageId, content);
    }
  }

  static Set<UUID> named(List<Content> contents) {
    var ids = new HashSet<UUID>();
    for (Content content : contents) {
      for (Content.Attachment attachment : Attachments.of(content)) {
        UUID id = attachment == null ? null : attachment.fileId();
        if (id != null) {
          ids.add(id);
        }
      }
    }
    return ids;
  }
}
