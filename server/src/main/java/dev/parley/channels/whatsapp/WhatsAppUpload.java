package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Preparation;
import dev.parley.channels.ProviderFiles;
import dev.parley.channels.whatsapp.WhatsAppFormats.Format;
import dev.parley.conversations.Attachments;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Failure;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.Files;
import dev.parley.media.Opened;
import dev.parley.media.StorageFailure;
import dev.parley.media.renditions.Conversions;
import dev.parley.platform.http.OutboundHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Uploads files of ours to WhatsApp: each once for a phone number, as long as WhatsApp keeps it, which from Meta's page
/// on media is 30 days.
final class WhatsAppUpload {
  private static final Duration KEPT = Duration.ofDays(29);

  private final WhatsAppClient client;
  private final Files files;
  private final ProviderFiles uploads;
  private final WhatsAppConversion conversion;
  private final WhatsAppLink links;
  private final InstantSource clock;
  private final Map<ProviderFiles.Place, ReentrantLock> underWay = new ConcurrentHashMap<>();

  WhatsAppUpload(
      WhatsAppClient client,
      Files files,
      ProviderFiles uploads,
      Conversions conversions,
      MessageMedia media,
      InstantSource clock) {
    this.client = client;
    this.files = files;
    this.uploads = uploads;
    this.conversion = new WhatsAppConversion(conversions);
    this.links = new WhatsAppLink(client, files, media, clock);
    this.clock = clock;
  }

  Preparation prepare(ChannelAccount account, Deliveries.Outgoing outgoing) {
    return switch (links.copied(account, outgoing)) {
      case WhatsAppLink.Copied.Not(Preparation why) -> why;
      case WhatsAppLink.Copied.Done(Content content) -> uploaded(account, outgoing.with(content));
    };
  }

  private Preparation uploaded(ChannelAccount account, Deliveries.Outgoing outgoing) {
    var ids = new HashMap<UUID, String>();
    for (Content.Attachment attachment : Attachments.of(outgoing.content())) {
      UUID file = attachment.fileId();
      if (file == null || ids.containsKey(file)) {
        continue;
      }
      Format format = WhatsAppFormats.of(outgoing.content(), attachment);
      var place =
          new ProviderFiles.Place(
              outgoing.tenant(),
              account.id(),
              account.setting("phoneNumberId"),
              file,
              format.name());
      switch (once(account, place, format)) {
        case Uploaded(String mediaId) -> ids.put(file, mediaId);
        case Not(Preparation why) -> {
          return why;
        }
      }
    }
    return new Preparation.Ready(
        ids.isEmpty()
            ? outgoing.content()
            : Attachments.changed(outgoing.content(), a -> named(a, ids)));
  }

  private static Content.Attachment named(Content.Attachment attachment, Map<UUID, String> ids) {
    UUID file = attachment.fileId();
    return file == null || !ids.containsKey(file)
        ? attachment
        : new Content.Attachment(
            ids.get(file), null, null, null, null, attachment.filename(), null);
  }

  private sealed interface Result {}

  private record Uploaded(String mediaId) implements Result {}

  private record Not(Preparation why) implements Result {}

  /// Many messages with the same file may be under way: the first uploads it, the others wait for that.
  private Result once(ChannelAccount account, ProviderFiles.Place place, Format format) {
    ReentrantLock lock = underWay.computeIfAbsent(place, _ -> new ReentrantLock());
    lock.lock();
    try {
      return uploads
          .find(place)
          .<Result>map(Uploaded::new)
          .orElseGet(() -> open(account, place, format));
    } finally {
      if (!lock.hasQueuedThreads()) {
        underWay.remove(place, lock);
      }
      lock.unlock();
    }
  }

  private Result open(ChannelAccount account, ProviderFiles.Place place, Format format) {
    try {
      return opened(account, place, format);
    } catch (StorageFailure e) {
      return new Not(
          new Preparation.RetryAfter(
              Duration.ofSeconds(5),
              new Failure(
                  "storage-failed",
                  "The storage of files does not answer.",
                  "Nothing; it is sent as soon as the storage answers.",
                  null,
                  e.getMessage(),
                  true),
              false));
    }
  }

  private Result opened(ChannelAccount account, ProviderFiles.Place place, Format format) {
    return switch (files.open(place.tenant(), place.fileId(), null)) {
      case Opened.Absent _ ->
          refused("file-gone", "The file was deleted.", "Send it again with another file.");
      case Opened.Withheld(var file) ->
          switch (file.state()) {
            case UPLOADING, SCANNING -> new Not(new Preparation.Wait(Duration.ofSeconds(2)));
            case INFECTED ->
                refused(
                    "file-infected",
                    "The virus scanner has found something in the file.",
                    "Send another file.");
            case READY, MISSING, FAILED ->
                refused("file-gone", "The file is no longer in the storage.", "Upload it again.");
          };
      case Opened.Bytes bytes -> {
        try (bytes) {
          yield conversion.with(
              format,
              bytes,
              (type, size, stream) -> upload(account, place, type, size, stream),
              cause -> refused("file-not-taken", cause, "Send it as a document, or another file."));
        } catch (IOException e) {
          throw new UncheckedIOException("preparing file " + place.fileId(), e);
        }
      }
    };
  }

  private Result upload(
      ChannelAccount account,
      ProviderFiles.Place place,
      String type,
      long size,
      InputStream stream) {
    OutboundHttp.Reply reply;
    try {
      reply = client.upload(account, WhatsAppFormats.uploadType(type), size, stream);
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered e) {
      return new Not(
          new Preparation.RetryAfter(
              Duration.ofSeconds(2),
              new Failure(
                  "unreachable",
                  "WhatsApp cannot be reached for the file.",
                  "Nothing; it is sent as soon as WhatsApp answers.",
                  null,
                  e.getMessage(),
                  true),
              true));
    }
    JsonNode answer = WhatsAppClient.json(reply);
    String id = answer.path("id").asText("");
    if (reply.status() / 100 == 2 && !id.isEmpty()) {
      uploads.remember(place, id, clock.instant().plus(KEPT));
      return new Uploaded(id);
    }
    return new Not(failed(answer.path("error"), reply.status()));
  }

  /// An upload may be repeated whatever became of it: nothing was sent to anybody.
  private static Preparation failed(JsonNode error, int status) {
    Failure failure = WhatsAppErrors.of(error);
    return switch (WhatsAppErrors.retry(error, status)) {
      case NO -> new Preparation.Refused(failure, false);
      case ACCOUNT -> new Preparation.Refused(failure, true);
      case LATER, LATER_PAIR -> new Preparation.RetryAfter(Duration.ofSeconds(1), failure, true);
      case CAREFULLY -> new Preparation.RetryAfter(Duration.ofSeconds(5), failure, true);
    };
  }

  private static Result refused(String code, String cause, String wayOut) {
    return new Not(
        new Preparation.Refused(new Failure(code, cause, wayOut, null, null, false), false));
  }
}
