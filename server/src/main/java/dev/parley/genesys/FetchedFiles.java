package dev.parley.genesys;

import dev.parley.channels.ChannelConnector;
import dev.parley.conversations.Content;
import dev.parley.conversations.MessageFile;
import dev.parley.media.FileKind;
import dev.parley.media.Files;
import dev.parley.media.NewFile;
import dev.parley.media.StorageFailure;
import dev.parley.media.StoreResult;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.http.OutboundHttp;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Agents' files: fetched from Genesys at once, because their addresses do not live long, kept in our storage, and put
/// into the form that the channel takes: a picture or film that it would refuse goes as a document. Nothing of ours goes
/// along with the call: the address comes from outside.
@Singleton
final class FetchedFiles {
  private final OutboundHttp http;
  private final Files files;
  private final Duration silence;
  private final Duration time;
  private final long most;

  FetchedFiles(OutboundHttp http, Files files, Config config) {
    this.http = http;
    this.files = files;
    this.silence = config.get(Keys.MEDIA_FETCH_SILENCE);
    this.time = config.get(Keys.MEDIA_FETCH_TIMEOUT);
    this.most = config.get(Keys.MEDIA_MAX_MB) * 1024L * 1024;
  }

  /// What became of a fetch.
  sealed interface Came {
    /// It can be sent.
    record Ready(Content content) implements Came {}

    /// Not now.
    record Later(String cause) implements Came {}

    /// Never.
    record Refused(ReasonCode code, String cause) implements Came {}
  }

  private record Answer(int status, List<StoreResult> stored) {}

  Came fetch(TenantId tenant, UUID project, ChannelConnector connector, Step.Fetch wanted) {
    URI uri;
    try {
      uri = URI.create(wanted.url());
    } catch (IllegalArgumentException e) {
      return new Came.Refused(
          ReasonCode.INVALID_MESSAGE_STRUCTURE, "The address of the file is none.");
    }
    NewFile draft =
        NewFile.from("genesys")
            .inProject(project)
            .named(wanted.filename())
            .ofKind(kind(wanted))
            .atMost(most);
    try {
      Answer answer =
          http.fetch(
              new OutboundHttp.Fetch(uri, Map.of(), silence, time, most, 3),
              (head, body) ->
                  head.status() == 200
                      ? new Answer(200, List.of(files.store(Caller.system(tenant), draft, body)))
                      : new Answer(head.status(), List.of()));
      if (!answer.stored().isEmpty()) {
        return stored(answer.stored().getFirst(), connector, wanted);
      }
      String cause = "Genesys answers %d for the file.".formatted(answer.status());
      return answer.status() >= 500 || answer.status() == 429
          ? new Came.Later(cause)
          : new Came.Refused(ReasonCode.GENERAL_ERROR, cause);
    } catch (OutboundHttp.TooLarge e) {
      return new Came.Refused(
          ReasonCode.INVALID_MEDIA_CONTENT_LENGTH, "The file is too large: " + e.getMessage());
    } catch (OutboundHttp.NotMade e) {
      return e.forbidden()
          ? new Came.Refused(ReasonCode.GENERAL_ERROR, "The address of the file is not allowed.")
          : new Came.Later(String.valueOf(e.getMessage()));
    } catch (OutboundHttp.Unanswered | StorageFailure e) {
      return new Came.Later(String.valueOf(e.getMessage()));
    }
  }

  private static FileKind kind(Step.Fetch wanted) {
    return switch (wanted.mediaType()) {
      case "Image" -> FileKind.IMAGE;
      case "Video" -> FileKind.VIDEO;
      case "Audio" -> FileKind.AUDIO;
      default -> FileKind.DOCUMENT;
    };
  }

  private static Came stored(StoreResult result, ChannelConnector connector, Step.Fetch wanted) {
    return switch (result) {
      case StoreResult.Stored(StoredFile file) -> ready(file, connector, wanted);
      case StoreResult.Refused(StoreResult.Reason reason, String detail) ->
          switch (reason) {
            case QUOTA, DAMAGED -> new Came.Later(detail);
            case TOO_LARGE -> new Came.Refused(ReasonCode.INVALID_MEDIA_CONTENT_LENGTH, detail);
            case EMPTY, WRONG_TYPE, TOO_MANY_PIXELS, GONE ->
                new Came.Refused(ReasonCode.MEDIA_TYPE_NOT_ALLOWED, detail);
          };
    };
  }

  private static Came ready(StoredFile file, ChannelConnector connector, Step.Fetch wanted) {
    var facts =
        new MessageFile(
            MessageFile.State.READY,
            file.type(),
            file.size(),
            file.sha256(),
            null,
            null,
            null,
            null);
    String name = file.name() == null ? wanted.filename() : file.name();
    var attachment =
        new Content.Attachment(null, null, null, null, null, name, null, file.id(), facts);
    Content.Media wished =
        switch (kind(wanted)) {
          case IMAGE -> new Content.Image(attachment, wanted.caption());
          case VIDEO -> new Content.Video(attachment, wanted.caption());
          case AUDIO -> new Content.Audio(attachment);
          default -> new Content.Document(attachment, wanted.caption());
        };
    if (connector.check(wished).isEmpty()) {
      return new Came.Ready(wished);
    }
    var document = new Content.Document(attachment, wanted.caption());
    var errors = connector.check(document);
    return errors.isEmpty()
        ? new Came.Ready(document)
        : new Came.Refused(
            ReasonCode.MEDIA_TYPE_NOT_ALLOWED, "The file " + errors.getFirst().detail() + ".");
  }
}
