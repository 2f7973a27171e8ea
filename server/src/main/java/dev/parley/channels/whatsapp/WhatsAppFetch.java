package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Fetched;
import dev.parley.conversations.MessageMedia;
import dev.parley.platform.http.OutboundHttp;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Fetches a customer's file: asks for its address, which is good for five minutes, and downloads it at once with the
/// channel's token. The address in the webhook is as short-lived and is not used, because a file may be fetched late.
///
/// From Meta's page on media: ids of customers' files are known for 7 days; a download without the token, or from an
/// address that is too old, is refused, and then a new address is asked for.
final class WhatsAppFetch {
  static final Duration LIFE = Duration.ofDays(7);

  private static final Duration AWAY = Duration.ofSeconds(5);
  private static final Duration ACCOUNT = Duration.ofMinutes(1);
  private static final int ADDRESSES = 2;

  private final WhatsAppClient client;
  private final InstantSource clock;

  WhatsAppFetch(WhatsAppClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  Fetched fetch(
      ChannelAccount account, MessageMedia.Wanted wanted, long maxBytes, Fetched.Sink sink) {
    if (!clock.instant().isBefore(wanted.writtenAt().plus(LIFE))) {
      return new Fetched.Expired(
          "WhatsApp keeps customers' files for 7 days; ask the customer to send it again.");
    }
    if (!wanted.mediaId().matches("[A-Za-z0-9_-]{1,200}")) {
      return new Fetched.Refused("The message names its file in a way that is not WhatsApp's.");
    }
    Fetched last = new Fetched.Broken("WhatsApp's address of the file was refused as too old.");
    for (int i = 0; i < ADDRESSES; i++) {
      switch (look(account, wanted.mediaId())) {
        case Ended(Fetched end) -> {
          return end;
        }
        case Found found -> {
          Fetched came = download(account, wanted, found, maxBytes, sink);
          if (came != null) {
            return came;
          }
        }
      }
    }
    return last;
  }

  private sealed interface Looked {}

  /// Where it is.
  ///
  /// @param sha256 as WhatsApp tells it now, or null
  private record Found(URI url, @Nullable Long size, @Nullable String sha256) implements Looked {}

  private record Ended(Fetched fetched) implements Looked {}

  private Looked look(ChannelAccount account, String mediaId) {
    OutboundHttp.Reply reply;
    try {
      reply = client.media(account, mediaId);
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered e) {
      return new Ended(away(e));
    }
    JsonNode answer = WhatsAppClient.json(reply);
    JsonNode error = answer.path("error");
    if (reply.status() / 100 != 2 || !error.isMissingNode()) {
      return new Ended(refused(error, reply.status()));
    }
    try {
      JsonNode size = answer.path("file_size");
      return new Found(
          URI.create(answer.path("url").asText("")),
          // Documented as text, sent as a number.
          size.asLong(0) > 0 ? size.asLong() : null,
          WhatsAppContent.sha256(answer.path("sha256").textValue()));
    } catch (IllegalArgumentException e) {
      return new Ended(new Fetched.Broken("WhatsApp's answer about the file cannot be read."));
    }
  }

  private static Fetched refused(JsonNode error, int status) {
    String cause = WhatsAppErrors.of(error).cause();
    int code = error.path("code").asInt(-1);
    return switch (WhatsAppErrors.retry(error, status)) {
      case NO ->
          new Fetched.Refused(
              code == 100 || code == 33
                  ? "WhatsApp does not know the file, or the channel's token may not see it."
                  : cause);
      case ACCOUNT -> new Fetched.Away(ACCOUNT, cause);
      case LATER, LATER_PAIR, CAREFULLY -> new Fetched.Away(AWAY, cause);
    };
  }

  private static Fetched away(Exception e) {
    return new Fetched.Away(AWAY, "WhatsApp cannot be reached: " + e.getMessage());
  }

  /// Null when the address is too old.
  private @Nullable Fetched download(
      ChannelAccount account,
      MessageMedia.Wanted wanted,
      Found found,
      long maxBytes,
      Fetched.Sink sink) {
    Long size = found.size();
    if (size != null && size > maxBytes) {
      return tooLarge(maxBytes);
    }
    // What the signed webhook said is what the customer sent.
    String told = wanted.content().attachment().sha256();
    String sha256 = told == null ? found.sha256() : told;
    try {
      return client
          .download(
              account,
              found.url(),
              maxBytes,
              (head, body) ->
                  switch (head.status()) {
                    case 200 -> new Download(new Fetched.Came(sink.store(size, sha256, body)));
                    case 401, 403 ->
                        new Download(
                            new Fetched.Away(
                                ACCOUNT, "WhatsApp does not accept the channel's token."));
                    case 404, 410 -> new Download(null);
                    case 429 ->
                        new Download(new Fetched.Away(AWAY, "WhatsApp takes no more calls."));
                    default ->
                        new Download(
                            head.status() >= 500
                                ? new Fetched.Away(AWAY, "WhatsApp had a fault of its own.")
                                : new Fetched.Broken(
                                    "WhatsApp answered %d for the file.".formatted(head.status())));
                  })
          .fetched();
    } catch (OutboundHttp.NotMade e) {
      return e.forbidden()
          ? new Fetched.Refused("WhatsApp's address of the file may not be called.")
          : away(e);
    } catch (OutboundHttp.Unanswered e) {
      return new Fetched.Away(AWAY, "The download broke off: " + e.getMessage());
    } catch (OutboundHttp.TooLarge e) {
      return tooLarge(maxBytes);
    }
  }

  private record Download(@Nullable Fetched fetched) {}

  private static Fetched tooLarge(long maxBytes) {
    return new Fetched.TooLarge("The file has more than %,d bytes.".formatted(maxBytes));
  }
}
