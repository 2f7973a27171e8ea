package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.DeliveryAttempt;
import dev.parley.sandbox.Ledger;
import dev.parley.sandbox.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The webhooks of one organisation on their way out: signed, posted, and tried again on a time-out,
/// on 429 and on 5xx. Any other answer that is not 2xx fails the whole chat.
final class Outbox {
  private static final int ATTEMPTS_KEPT = 200_000;
  private static final int AT_ONCE = 256;

  /// How the signature of a POST is made.
  enum Signature {
    GOOD,
    WRONG,
    /// In hexadecimal digits, as Meta makes it.
    HEX,
    NONE
  }

  /// The end of a webhook.
  ///
  /// @param status the last HTTP status; 0 when there was no answer or nowhere to send it
  /// @param refused whether it was answered in a way that is not tried again
  record Outcome(boolean delivered, int status, boolean refused) {}

  private final Organization organization;
  private final Cloud cloud;
  private final Ledger<DeliveryAttempt> attempts = new Ledger<>(ATTEMPTS_KEPT);
  private final Semaphore lanes = new Semaphore(AT_ONCE);
  private final Map<String, CompletableFuture<?>> tails = new HashMap<>();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder chatsFailed = new LongAdder();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong deliveries = new AtomicLong();
  private volatile boolean retired;

  Outbox(Organization organization, Cloud cloud) {
    this.organization = organization;
    this.cloud = cloud;
  }

  Ledger<DeliveryAttempt> attempts() {
    return attempts;
  }

  /// Everything that is waiting or yet to come is dropped.
  void retire() {
    retired = true;
  }

  void countInto(ObjectNode json) {
    json.put("webhooksDelivered", delivered.sum()).put("webhooksPending", pending.get());
    json.put("webhooksLost", lost.sum()).put("chatsFailed", chatsFailed.sum());
  }

  /// Sends a webhook of a conversation, in the order, as late and as often as the behaviour says.
  CompletableFuture<Outcome> send(Conversation conversation, Bytes body) {
    Behaviour behaviour = organization.behaviour();
    String integration = conversation.integration().id();
    int tries = (int) behaviour.get(Knob.WEBHOOK_RETRIES) + 1;
    Consumer<Outcome> end =
        outcome -> {
          if (outcome.refused()) {
            chatsFailed.increment();
            conversation.fail();
          }
        };
    long extra = behaviour.get(Knob.DUPLICATES);
    for (int i = 0; i < extra; i++) {
      var _ =
          begin(
              () -> {
                Pause.millis(behaviour.get(Knob.DUPLICATE_AFTER_MS));
                return deliver(integration, body, Signature.GOOD, tries);
              },
              null,
              end);
    }
    String order = behaviour.choice(Knob.ORDER);
    long delay =
        behaviour.get(Knob.WEBHOOK_DELAY_MS)
            + (order.equals("shuffled")
                ? (long) (organization.chance() * behaviour.get(Knob.SHUFFLE_MS))
                : 0);
    return begin(
        () -> {
          Pause.millis(delay);
          return deliver(integration, body, Signature.GOOD, tries);
        },
        order.equals("kept") ? conversation.id() : null,
        end);
  }

  /// Posts these bytes with no regard to the behaviour.
  CompletableFuture<Outcome> post(
      Integration integration, Bytes body, Signature signature, int tries) {
    return begin(() -> deliver(integration.id(), body, signature, tries), null, outcome -> {});
  }

  private interface Delivery {
    Outcome run();
  }

  /// @param lane deliveries of the same one wait for each other; null for none
  private CompletableFuture<Outcome> begin(
      Delivery delivery, @Nullable String lane, Consumer<Outcome> end) {
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    CompletableFuture<?> before = lane == null ? null : enter(lane, done);
    pending.incrementAndGet();
    cloud.start(
        () -> {
          try {
            if (before != null) {
              before.join();
            }
            Outcome outcome = delivery.run();
            end.accept(outcome);
            done.complete(outcome);
          } finally {
            pending.decrementAndGet();
            // A fault of the sandbox must not hold up what comes after it.
            done.complete(new Outcome(false, 0, false));
            leave(lane, done);
          }
        });
    return done;
  }

  private @Nullable CompletableFuture<?> enter(String lane, CompletableFuture<Outcome> mine) {
    synchronized (tails) {
      return tails.put(lane, mine);
    }
  }

  private void leave(@Nullable String lane, CompletableFuture<Outcome> mine) {
    synchronized (tails) {
      if (lane != null) {
        tails.remove(lane, mine);
      }
    }
  }

  private Outcome deliver(String integrationId, Bytes body, Signature signature, int tries) {
    long delivery = deliveries.incrementAndGet();
    int status = 0;
    for (int attempt = 1; attempt <= tries && !retired; attempt++) {
      // Asked anew each time: it may have been changed or deleted since the last attempt.
      Integration integration = organization.integration(integrationId);
      if (integration == null) {
        break;
      }
      status = attempt(delivery, attempt, integration, body, signature);
      if (status / 100 == 2) {
        delivered.increment();
        return new Outcome(true, status, false);
      }
      if (status != 0 && status != 429 && status < 500) {
        lost.increment();
        return new Outcome(false, status, true);
      }
      if (attempt < tries && !Pause.millis(organization.behaviour().get(Knob.WEBHOOK_RETRY_MS))) {
        break;
      }
    }
    lost.increment();
    return new Outcome(false, status, false);
  }

  private int attempt(
      long delivery, int attempt, Integration integration, Bytes body, Signature signature) {
    lanes.acquireUninterruptibly();
    try {
      Instant at = Instant.now();
      long start = System.nanoTime();
      Duration timeout = Duration.ofMillis(organization.behaviour().get(Knob.WEBHOOK_TIMEOUT_MS));
      Wire.Answer answer =
          cloud
              .wire()
              .post(
                  integration.webhookUrl(),
                  body,
                  integration.headers(),
                  header(integration.secret(), body, signature),
                  timeout);
      long millis = (System.nanoTime() - start) / 1_000_000;
      attempts.add(
          id ->
              new DeliveryAttempt(
                  id, delivery, attempt, at, millis, answer.status(), answer.failure(), body));
      return answer.status();
    } finally {
      lanes.release();
    }
  }

  private static @Nullable String header(String secret, Bytes body, Signature signature) {
    return switch (signature) {
      case GOOD -> Wire.sign(body, secret);
      case WRONG -> Wire.sign(body, "not " + secret);
      case HEX -> "sha256=" + HexFormat.of().formatHex(Wire.hmac(body, secret));
      case NONE -> null;
    };
  }
}
