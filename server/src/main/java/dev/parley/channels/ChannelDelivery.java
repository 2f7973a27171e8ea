package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelConnector.Delivery;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Failure;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.json.Json;
import dev.parley.platform.limits.CircuitBreaker;
import dev.parley.platform.limits.RateLimits;
import dev.parley.platform.limits.RateLimits.Limit;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// Takes messages from the outbound queue to their providers: claim, hand over, result.
///
/// The order inside a conversation is kept by the queue, which works on one item of a conversation at a time; a message
/// that has to wait holds up its own conversation only. Whatever a provider answers ends in a state of the message that
/// somebody can see; nothing is retried that may have been sent, unless the channel's policy says so.
public final class ChannelDelivery {
  private static final Logger LOG = Logger.getLogger(ChannelDelivery.class);

  /// How long things are waited for.
  ///
  /// @param unknownHold how long an unknown outcome waits for a receipt
  /// @param expiry after how long of refusals "for now" a message is given up
  /// @param tries after how many faults of our own a message is given up
  /// @param careful how often a message is sent again after an outcome that was probably not a success
  public record Settings(Duration unknownHold, Duration expiry, int tries, int careful) {}

  private final Tenants tenants;
  private final Channels channels;
  private final Deliveries deliveries;
  private final MeterRegistry metrics;
  private final InstantSource clock;
  private final Settings settings;
  private final Map<UUID, CircuitBreaker> breakers = new ConcurrentHashMap<>();
  private final RateLimits buckets;

  /// Delivers for `channels`; what a number may send is counted in `buckets`.
  public ChannelDelivery(
      Tenants tenants,
      Channels channels,
      Deliveries deliveries,
      RateLimits buckets,
      MeterRegistry metrics,
      InstantSource clock,
      Settings settings) {
    this.tenants = tenants;
    this.channels = channels;
    this.deliveries = deliveries;
    this.buckets = buckets;
    this.metrics = metrics;
    this.clock = clock;
    this.settings = settings;
  }

  /// Handles an item of the outbound queue.
  public Outcome handle(WorkItem item) {
    JsonNode payload = Json.tree(item.payload());
    return switch (item.kind()) {
      case "message" -> guarded(item, UUID.fromString(payload.path("messageId").asText()));
      case "read" -> read(payload);
      default -> throw new IllegalArgumentException("unknown kind " + item.kind());
    };
  }

  private Outcome read(JsonNode payload) {
    UUID channelId = UUID.fromString(payload.path("channelId").asText());
    channels
        .account(channelId)
        .flatMap(
            account ->
                channels
                    .connector(account.kind())
                    .markRead(
                        account,
                        payload.path("providerMessageId").asText(),
                        payload.path("typing").asBoolean()))
        .ifPresent(cause -> LOG.infof("channel %s: read mark not taken: %s", channelId, cause));
    // A read mark that is late is worth nothing: it is tried once.
    return done();
  }

  /// A fault of our own is tried again by the queue; with the last try the message fails, so that nobody waits for it.
  private Outcome guarded(WorkItem item, UUID messageId) {
    try {
      return message(item.tenant(), messageId);
    } catch (RuntimeException e) {
      if (SqlFailure.isUnavailable(e) || item.attempts() + 1 < settings.tries()) {
        throw e;
      }
      LOG.errorf(e, "message %s is given up", messageId);
      var failure =
          new Failure(
              "internal",
              "Sending failed here, not at the provider.",
              "Look at the dead letters for the cause; then retry.",
              null,
              null,
              true);
      return new Outcome.Failed(
          Duration.ofSeconds(1), e.toString(), tx -> deliveries.failed(tx, messageId, failure));
    }
  }

  private Outcome message(TenantId tenant, UUID messageId) {
    Optional<Deliveries.Outgoing> queued = deliveries.peek(tenant, messageId);
    Content prepared = null;
    if (queued.isPresent()) {
      Deliveries.Outgoing outgoing = queued.get();
      ChannelAccount account = channels.account(outgoing.channelId()).orElse(null);
      if (account == null) {
        return refuse(outgoing, gone());
      }
      boolean mayWork =
          tenants.state(outgoing.tenant()).filter(Tenant.State.ACTIVE::equals).isPresent();
      if (!mayWork || account.state().equals("paused")) {
        return later(Duration.ofSeconds(5));
      }
      switch (channels.connector(account.kind()).prepare(account, outgoing)) {
        case Preparation.Ready(Content content) -> prepared = content;
        case Preparation other -> {
          return unprepared(account, outgoing, other);
        }
      }
      Optional<Outcome> wait = admission(account, outgoing);
      if (wait.isPresent()) {
        return wait.get();
      }
    }
    return switch (deliveries.claim(
        tenant, messageId, settings.unknownHold(), queued.orElse(null))) {
      case Deliveries.Claim.Settled _ -> done();
      case Deliveries.Claim.Hold(Duration pause) -> later(pause);
      case Deliveries.Claim.Lapsed lapsed -> lapsed(lapsed);
      case Deliveries.Claim.Send(Deliveries.Outgoing outgoing) ->
          send(prepared == null ? outgoing : outgoing.with(prepared));
    };
  }

  /// A file of the message is not with the provider. The message was not claimed, so certainly nothing was sent.
  private Outcome unprepared(
      ChannelAccount account, Deliveries.Outgoing outgoing, Preparation preparation) {
    return switch (preparation) {
      case Preparation.Ready _ -> throw new IllegalStateException("it is prepared");
      case Preparation.Wait(Duration pause) -> {
        if (expired(outgoing)) {
          yield refuse(outgoing, neverReady());
        }
        yield later(pause);
      }
      case Preparation.RetryAfter(Duration pause, Failure failure, boolean everybody) -> {
        tell(account, failure);
        if (expired(outgoing)) {
          yield refuse(outgoing, failure);
        }
        if (everybody) {
          breaker(account.id()).failed();
        }
        Duration held = breaker(account.id()).isOpen() ? breaker(account.id()).admit() : pause;
        yield later(held.compareTo(pause) > 0 ? held : pause);
      }
      case Preparation.Refused(Failure failure, boolean ofAccount) -> {
        if (ofAccount) {
          tell(account, failure);
        }
        yield refuse(outgoing, failure);
      }
    };
  }

  /// Whether the message has to wait: for the account's rate, the customer's, or a provider that is failing. The
  /// tokens are taken before the claim, so that a claim is always followed by a call.
  private Optional<Outcome> admission(ChannelAccount account, Deliveries.Outgoing outgoing) {
    ChannelConnector.Limits limits = channels.connector(account.kind()).limits(account);
    String customer = outgoing.tenant() + ":conversation:" + outgoing.conversationId();
    var perCustomer = new Limit(limits.burstPerCustomer(), limits.perSecondPerCustomer());
    Duration pair = buckets.take(customer, perCustomer).pause();
    if (pair.isPositive()) {
      return Optional.of(later(pair));
    }
    String number = outgoing.tenant() + ":channel:" + account.id();
    var perNumber = Limit.of(limits.perSecond(), 0.25);
    Duration wait = buckets.take(number, perNumber).pause();
    if (wait.isPositive()) {
      buckets.giveBack(customer, perCustomer);
      return Optional.of(later(wait));
    }
    Duration breaker = breaker(account.id()).admit();
    if (breaker.isPositive()) {
      buckets.giveBack(customer, perCustomer);
      buckets.giveBack(number, perNumber);
      return Optional.of(later(breaker));
    }
    return Optional.empty();
  }

  private Outcome send(Deliveries.Outgoing outgoing) {
    CrashPoint.SEND_CLAIMED.reached();
    ChannelAccount account = channels.account(outgoing.channelId()).orElse(null);
    if (account == null) {
      return refuse(outgoing, gone());
    }
    long started = System.nanoTime();
    Delivery delivery = channels.connector(account.kind()).send(account, outgoing);
    metrics
        .timer(
            "parley.provider.calls",
            "channel",
            account.kind(),
            "result",
            delivery.getClass().getSimpleName())
        .record(Duration.ofNanos(System.nanoTime() - started));
    CrashPoint.SEND_ANSWERED.reached();
    return outcome(account, outgoing, delivery);
  }

  private Outcome outcome(ChannelAccount account, Deliveries.Outgoing outgoing, Delivery delivery) {
    CircuitBreaker breaker = breaker(account.id());
    return switch (delivery) {
      case Delivery.Delivered(var providerId, var alias) -> {
        if (breaker.isOpen()) {
          channels.noteError(account, null);
        }
        breaker.succeeded();
        yield new Outcome.Done(tx -> deliveries.sent(tx, outgoing, providerId, alias));
      }
      case Delivery.RetryAfter(Duration pause, Failure failure, boolean everybody) -> {
        tell(account, failure);
        if (everybody) {
          breaker.failed();
        } else {
          breaker.succeeded();
        }
        if (expired(outgoing)) {
          yield refuse(outgoing, failure);
        }
        yield new Outcome.Later(pause, tx -> deliveries.postponed(tx, outgoing));
      }
      case Delivery.Refused(Failure failure, boolean ofAccount) -> {
        breaker.succeeded();
        if (ofAccount) {
          tell(account, failure);
        }
        yield refuse(outgoing, failure);
      }
      case Delivery.Unknown(Failure failure) -> {
        tell(account, failure);
        breaker.failed();
        Duration hold = settings.unknownHold();
        yield new Outcome.Later(hold, tx -> deliveries.unknown(tx, outgoing, failure, hold));
      }
    };
  }

  /// No receipt has come for as long as an unknown outcome is held. The channel's setting `onUnknown` decides: `fail`
  /// (the default) leaves it to a person, `resend` accepts that the customer may get it twice. Where the provider
  /// answered with a fault of its own it is sent again whatever the policy.
  private Outcome lapsed(Deliveries.Claim.Lapsed lapsed) {
    String policy =
        channels
            .account(lapsed.channelId())
            .map(account -> account.settings().path("onUnknown").asText("fail"))
            .orElse("fail");
    Failure told = lapsed.failure();
    boolean providersFault = told != null && told.retryable();
    if ((policy.equals("resend") || providersFault) && lapsed.attempt() <= settings.careful()) {
      LOG.warnf("message %s is sent again after an unknown outcome", lapsed.messageId());
      metrics.counter("parley.sends.repeated").increment();
      return new Outcome.Later(
          Duration.ofMillis(1), tx -> deliveries.sendAgain(tx, lapsed.messageId()));
    }
    Failure failure =
        told != null && told.retryable()
            ? told
            : new Failure(
                "outcome-unknown",
                "The provider gave no answer and no receipt has come: the customer may or may not have it.",
                "Ask the customer, or retry it at the risk of sending it twice.",
                null,
                null,
                true);
    return new Outcome.Done(tx -> deliveries.failed(tx, lapsed.messageId(), failure));
  }

  private Outcome refuse(Deliveries.Outgoing outgoing, Failure failure) {
    metrics
        .counter(
            "parley.errors",
            "tenant",
            outgoing.tenant().toString(),
            "kind",
            "send-" + failure.code())
        .increment();
    return new Outcome.Done(tx -> deliveries.failed(tx, outgoing.messageId(), failure));
  }

  private boolean expired(Deliveries.Outgoing outgoing) {
    return outgoing.acceptedAt().plus(settings.expiry()).isBefore(clock.instant());
  }

  private void tell(ChannelAccount account, Failure failure) {
    LOG.infof("channel %s: %s (%s)", account.id(), failure.cause(), failure.providerMessage());
    channels.noteError(account, failure.cause());
  }

  private static Failure neverReady() {
    return new Failure(
        "file-not-ready",
        "The file did not become ready to be sent: its upload or its scan never ended.",
        "Upload it again, and look at the health page for the scanner.",
        null,
        null,
        true);
  }

  private static Failure gone() {
    return new Failure(
        "channel-gone", "The channel was removed.", "Use another channel.", null, null, false);
  }

  private CircuitBreaker breaker(UUID channel) {
    return breakers.computeIfAbsent(channel, _ -> new CircuitBreaker(5, Duration.ofSeconds(1)));
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }

  private static Outcome later(Duration pause) {
    return new Outcome.Later(pause.plusMillis(1), _ -> {});
  }
}
