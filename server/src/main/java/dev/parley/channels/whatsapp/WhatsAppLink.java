package dev.parley.channels.whatsapp;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Preparation;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Failure;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.Files;
import dev.parley.media.NewFile;
import dev.parley.media.StoreResult;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.http.OutboundHttp;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Fetches what a message names by a link, where the channel's setting `links` is `fetch`, so that WhatsApp gets a file
/// of ours in place of an address: through the guarded client, at most three redirects, no larger than WhatsApp takes.
final class WhatsAppLink {
  private static final int REDIRECTS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(15);

  private final WhatsAppClient client;
  private final Files files;
  private final MessageMedia media;
  private final InstantSource clock;

  WhatsAppLink(WhatsAppClient client, Files files, MessageMedia media, InstantSource clock) {
    this.client = client;
    this.files = files;
    this.media = media;
    this.clock = clock;
  }

  /// What came of it.
  sealed interface Copied {
    /// The message with a file of ours; the same where there is nothing to fetch.
    record Done(Content content) implements Copied {}

    /// It is not here.
    record Not(Preparation why) implements Copied {}
  }

  Copied copied(ChannelAccount account, Deliveries.Outgoing outgoing) {
    if (!account.settings().path("links").asText("pass").equals("fetch")
        || !(outgoing.content() instanceof Content.Media content)
        || content.attachment().link() == null
        || content.attachment().fileId() != null) {
      return new Copied.Done(outgoing.content());
    }
    Content.Attachment attachment = content.attachment();
    WhatsAppFormats.Format format = WhatsAppFormats.of(content);
    NewFile draft =
        NewFile.from("link")
            .inProject(account.projectId())
            .named(attachment.filename())
            .atMost(format.maxBytes());
    try {
      Optional<StoreResult> result =
          client.link(
              URI.create(String.valueOf(attachment.link())),
              format.maxBytes(),
              REDIRECTS,
              (head, body) ->
                  switch (head.status() / 100) {
                    case 2 ->
                        Optional.of(files.store(Caller.system(outgoing.tenant()), draft, body));
                    case 5 -> Optional.<StoreResult>empty();
                    default -> throw new NotThere(head.status());
                  });
      return result
          .map(stored -> stored(outgoing, stored))
          .orElseGet(() -> away(outgoing, "its server had a fault of its own"));
    } catch (NotThere e) {
      return refused("link-not-found", "The link was answered %d.".formatted(e.status));
    } catch (OutboundHttp.NotMade e) {
      return e.forbidden()
          ? refused("link-not-allowed", "The link may not be called: " + e.getMessage() + ".")
          : away(outgoing, String.valueOf(e.getMessage()));
    } catch (OutboundHttp.Unanswered e) {
      return away(outgoing, String.valueOf(e.getMessage()));
    } catch (OutboundHttp.TooLarge e) {
      return refused(
          "file-not-taken",
          "The file has more than %,d bytes, the most that WhatsApp takes as %s."
              .formatted(format.maxBytes(), format.name()));
    }
  }

  private Copied stored(Deliveries.Outgoing outgoing, StoreResult result) {
    return switch (result) {
      case StoreResult.Stored(StoredFile file) ->
          new Copied.Done(media.copied(outgoing.tenant(), outgoing.messageId(), file));
      case StoreResult.Refused refused -> refused("file-not-taken", refused.detail());
    };
  }

  private Copied away(Deliveries.Outgoing outgoing, String why) {
    Failure failure =
        new Failure(
            "link-unreachable",
            "The link cannot be fetched.",
            "Look whether its server answers; then retry.",
            null,
            why,
            true);
    boolean late = clock.instant().isAfter(outgoing.acceptedAt().plus(PATIENCE));
    return new Copied.Not(
        late
            ? new Preparation.Refused(failure, false)
            : new Preparation.RetryAfter(PAUSE, failure, false));
  }

  private static Copied refused(String code, String cause) {
    return new Copied.Not(
        new Preparation.Refused(
            new Failure(code, cause, "Upload the file, or use another link.", null, null, false),
            false));
  }

  private static final class NotThere extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    NotThere(int status) {
      super(Integer.toString(status));
      this.status = status;
    }
  }
}
