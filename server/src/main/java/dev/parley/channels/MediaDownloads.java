package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.MessageFile;
import dev.parley.conversations.MessageMedia;
import dev.parley.conversations.MessageMedia.Wanted;
import dev.parley.media.FileKind;
import dev.parley.media.Files;
import dev.parley.media.NewFile;
import dev.parley.media.StorageFailure;
import dev.parley.media.StoreResult;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Fetches customers' files from their providers, each as an item of a queue of its own, so that neither the order of a
/// conversation nor another message waits for a file.
///
/// A file goes into the storage first, then one transaction writes it into its message, tells it and takes the item
/// away. Whoever dies in between leaves a file that nobody uses, which the storage sweeps, and an item that begins anew.
public final class MediaDownloads {
  private static final Logger LOG = Logger.getLogger(MediaDownloads.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  /// How long it is tried.
  ///
  /// @param expiry after how long a provider that cannot be reached is given up
  /// @param tries after how many files that came damaged, or faults of our own, a file is given up
  /// @param maxBytes most bytes of one file, besides the limits of the storage
  public record Settings(Duration expiry, int tries, long maxBytes) {}

  private final Tenants tenants;
  private final Channels channels;
  private final MessageMedia media;
  private final Files files;
  private final MeterRegistry metrics;
  private final InstantSource clock;
  private final Settings settings;

  /// Fetches for `channels`.
  public MediaDownloads(
      Tenants tenants,
      Channels channels,
      MessageMedia media,
      Files files,
      MeterRegistry metrics,
      InstantSource clock,
      Settings settings) {
    this.tenants = tenants;
    this.channels = channels;
    this.media = media;
    this.files = files;
    this.metrics = metrics;
    this.clock = clock;
    this.settings = settings;
  }

  /// Handles an item of the queue [MessageMedia#QUEUE].
  public Outcome handle(WorkItem item) {
    JsonNode payload = Json.tree(item.payload());
    UUID message = UUID.fromString(payload.path("messageId").asText());
    Optional<Wanted> wanted =
        media.wanted(item.tenant(), message, payload.path("mediaId").asText());
    if (wanted.isEmpty()) {
      return done();
    }
    try {
      return fetch(item, wanted.get());
    } catch (StorageFailure e) {
      return later(
          item, wanted.get(), Duration.ofSeconds(5), "The storage failed: " + e.getMessage());
    } catch (RuntimeException e) {
      if (SqlFailure.isUnavailable(e) || !last(item)) {
        throw e;
      }
      LOG.errorf(e, "the file of message %s is given up", message);
      Wanted lost = wanted.get();
      return new Outcome.Failed(
          SHORTEST_PAUSE,
          e.toString(),
          tx ->
              media.absent(
                  tx, lost, MessageFile.State.FAILED, "Fetching it failed here; try it again."));
    }
  }

  private boolean last(WorkItem item) {
    return item.attempts() + 1 >= settings.tries();
  }

  private Outcome fetch(WorkItem item, Wanted wanted) {
    ChannelAccount account = channels.account(wanted.channelId()).orElse(null);
    if (account == null) {
      return absent(wanted, MessageFile.State.FAILED, "The channel was removed.");
    }
    if (tenants.state(item.tenant()).filter(Tenant.State.ACTIVE::equals).isEmpty()) {
      return new Outcome.Later(Duration.ofSeconds(30), _ -> {});
    }
    long started = System.nanoTime();
    NewFile draft = draft(account, wanted);
    // The type that the provider tells decides between types that begin alike; where the bytes are
    // of another, that is no reason to withhold what the customer sent.
    Fetched fetched =
        fetch(account, wanted, draft.ofType(wanted.content().attachment().mimeType()));
    if (fetched instanceof Fetched.Came(StoreResult.Refused(var reason, _))
        && reason == StoreResult.Reason.WRONG_TYPE) {
      fetched = fetch(account, wanted, draft);
    }
    metrics
        .timer(
            "parley.media.fetches",
            "channel",
            account.kind(),
            "result",
            fetched.getClass().getSimpleName())
        .record(Duration.ofNanos(System.nanoTime() - started));
    CrashPoint.MEDIA_FETCHED.reached();
    return outcome(item, wanted, fetched);
  }

  private Fetched fetch(ChannelAccount account, Wanted wanted, NewFile draft) {
    return channels
        .connector(account.kind())
        .fetch(
            account,
            wanted,
            settings.maxBytes(),
            (size, sha256, bytes) ->
                files.store(
                    Caller.system(wanted.tenant()), draft.ofSize(size).withHash(sha256), bytes));
  }

  private NewFile draft(ChannelAccount account, Wanted wanted) {
    return NewFile.from(account.kind())
        .inProject(wanted.projectId())
        .named(wanted.content().attachment().filename())
        .ofKind(kind(wanted.content()))
        .atMost(settings.maxBytes());
  }

  private static FileKind kind(Content.Media content) {
    return switch (content) {
      case Content.Image _ -> FileKind.IMAGE;
      case Content.Video _ -> FileKind.VIDEO;
      case Content.Audio _ -> FileKind.AUDIO;
      case Content.Voice _ -> FileKind.VOICE;
      case Content.Document _ -> FileKind.DOCUMENT;
      case Content.Sticker _ -> FileKind.STICKER;
    };
  }

  private Outcome outcome(WorkItem item, Wanted wanted, Fetched fetched) {
    return switch (fetched) {
      case Fetched.Came(StoreResult.Stored(var file)) ->
          new Outcome.Done(tx -> media.stored(tx, wanted, file));
      case Fetched.Came(StoreResult.Refused refused) -> refused(item, wanted, refused);
      case Fetched.Expired(String cause) -> absent(wanted, MessageFile.State.EXPIRED, cause);
      case Fetched.TooLarge(String cause) -> absent(wanted, MessageFile.State.TOO_LARGE, cause);
      case Fetched.Refused(String cause) -> absent(wanted, MessageFile.State.FAILED, cause);
      case Fetched.Broken(String cause) -> broken(item, wanted, cause);
      case Fetched.Away(Duration pause, String cause) -> later(item, wanted, pause, cause);
    };
  }

  private Outcome refused(WorkItem item, Wanted wanted, StoreResult.Refused refused) {
    return switch (refused.reason()) {
      case DAMAGED -> broken(item, wanted, "It came damaged.");
      case TOO_LARGE -> absent(wanted, MessageFile.State.TOO_LARGE, refused.detail());
      // Somebody may make room.
      case QUOTA -> later(item, wanted, Duration.ofMinutes(1), refused.detail());
      case GONE -> later(item, wanted, SHORTEST_PAUSE, refused.detail());
      case EMPTY, WRONG_TYPE, TOO_MANY_PIXELS ->
          absent(wanted, MessageFile.State.FAILED, refused.detail());
    };
  }

  /// Tried again a few times.
  private Outcome broken(WorkItem item, Wanted wanted, String cause) {
    LOG.infof("the file of message %s: %s", wanted.messageId(), cause);
    if (last(item)) {
      return absent(wanted, MessageFile.State.FAILED, cause);
    }
    return new Outcome.Failed(
        SHORTEST_PAUSE.multipliedBy(1L << Math.min(8, item.attempts())), cause, _ -> {});
  }

  /// Tried again after a pause that grows with the time that it has been tried, for as long as the settings say.
  private Outcome later(WorkItem item, Wanted wanted, Duration least, String cause) {
    LOG.infof("the file of message %s: %s", wanted.messageId(), cause);
    Duration age = Duration.between(item.enqueuedAt(), clock.instant());
    if (age.compareTo(settings.expiry()) >= 0) {
      return absent(wanted, MessageFile.State.FAILED, cause);
    }
    Duration grown = age.dividedBy(4);
    Duration pause = grown.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : grown;
    pause = pause.compareTo(least) < 0 ? least : pause;
    return new Outcome.Later(pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause, _ -> {});
  }

  private Outcome absent(Wanted wanted, MessageFile.State state, String cause) {
    metrics
        .counter(
            "parley.errors", "tenant", wanted.tenant().toString(), "kind", "media-" + state.word())
        .increment();
    return new Outcome.Done(tx -> media.absent(tx, wanted, state, cause));
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }
}
