package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The webhooks of one number on their way out: gathered, signed, posted at the same time as
/// others, and tried again until they are answered with 200. No order among them is promised.
final class WebhookOutbox {
  private static final int ATTEMPTS_KEPT = 100_000;
  private static final long LONGEST_RETRY_MS = 2_000;
  private static final int AT_ONCE = 64;

  /// How the signature of a POST is made.
  enum Signature {
    GOOD,
    WRONG,
    NONE
  }

  /// The end of a webhook.
  ///
  /// @param status the last HTTP status; 0 when there was no answer or nowhere to send it
  record Outcome(boolean delivered, int status) {}

  private record Waiting(WebhookUpdate update, CompletableFuture<Outcome> outcome) {}

  private final BusinessNumber number;
  private final World world;
  private final Ledger<DeliveryAttempt> attempts = new Ledger<>(ATTEMPTS_KEPT);
  private final Semaphore lanes = new Semaphore(AT_ONCE);
  private final LongAdder delivered = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong deliveries = new AtomicLong();
  private final Object gate = new Object();
  private List<Waiting> gathered = new ArrayList<>();
  private long batches;
  private volatile boolean retired;

  WebhookOutbox(BusinessNumber number, World world) {
    this.number = number;
    this.world = world;
  }

  Ledger<DeliveryAttempt> attempts() {
    return attempts;
  }

  /// Everything that is waiting or yet to come is dropped.
  void retire() {
    retired = true;
  }

  /// Announces that more updates will come, so that nobody takes the outbox for empty meanwhile.
  void expect() {
    pending.incrementAndGet();
  }

  void expectedCame() {
    pending.decrementAndGet();
  }

  void countInto(ObjectNode json) {
    json.put("webhooksDelivered", delivered.sum()).put("webhooksPending", pending.get());
    json.put("webhooksLost", lost.sum());
  }

  /// Sends an update, alone or together with others as the batch size says.
  CompletableFuture<Outcome> offer(WebhookUpdate update) {
    Waiting waiting = new Waiting(update, new CompletableFuture<>());
    pending.incrementAndGet();
    Behaviour behaviour = number.behaviour();
    if (behaviour.batchSize() <= 1) {
      dispatch(List.of(waiting));
      return waiting.outcome();
    }
    List<Waiting> full = null;
    synchronized (gate) {
      gathered.add(waiting);
      if (gathered.size() >= behaviour.batchSize()) {
        full = takeGathered();
      } else if (gathered.size() == 1) {
        long batch = batches;
        world.start(() -> flushAfter(batch, behaviour.batchLingerMs()));
      }
    }
    if (full != null) {
      dispatch(full);
    }
    return waiting.outcome();
  }

  /// Posts these bytes with no regard to batches and duplicates.
  CompletableFuture<Outcome> post(Bytes body, Signature signature, int maxTries) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    pending.incrementAndGet();
    world.start(
        () -> {
          outcome.complete(deliver(body, signature, maxTries, true));
          pending.decrementAndGet();
        });
    return outcome;
  }

  private void flushAfter(long batch, long lingerMs) {
    Pause.millis(lingerMs);
    List<Waiting> waited;
    synchronized (gate) {
      if (batches != batch) {
        // It was full before its time.
        return;
      }
      waited = takeGathered();
    }
    dispatch(waited);
  }

  private List<Waiting> takeGathered() {
    List<Waiting> taken = gathered;
    gathered = new ArrayList<>();
    batches++;
    return taken;
  }

  private void dispatch(List<Waiting> batch) {
    Bytes body = Json.webhookBytes(envelope(batch));
    // An override of the callback holds for messages only; account news go to the app's own URL.
    boolean messages = batch.stream().allMatch(waiting -> waiting.update().ofMessages());
    int maxTries = number.behaviour().webhookMaxTries();
    int extra = number.behaviour().duplicates();
    pending.addAndGet(extra);
    for (int i = 0; i < extra; i++) {
      world.start(
          () -> {
            deliver(body, Signature.GOOD, maxTries, messages);
            pending.decrementAndGet();
          });
    }
    world.start(
        () -> {
          Outcome outcome = deliver(body, Signature.GOOD, maxTries, messages);
          pending.addAndGet(-batch.size());
          batch.forEach(waiting -> waiting.outcome().complete(outcome));
        });
  }

  private @Nullable String url(boolean messages) {
    return messages ? number.messagesUrl() : number.settings().webhookUrl();
  }

  private ObjectNode envelope(List<Waiting> batch) {
    List<WebhookUpdate> updates =
        WebhookUpdate.merged(batch.stream().map(Waiting::update).toList());
    ObjectNode envelope = Json.object().put("object", "whatsapp_business_account");
    ArrayNode entries = envelope.putArray("entry");
    for (WebhookUpdate update : updates) {
      ObjectNode entry = entries.addObject().put("id", number.settings().wabaId());
      if (!update.ofMessages()) {
        entry.put("time", Instant.now().getEpochSecond());
      }
      ObjectNode change = entry.putArray("changes").addObject();
      change.set("value", update.value());
      change.put("field", update.field());
    }
    return envelope;
  }

  private Outcome deliver(Bytes body, Signature signature, int maxTries, boolean messages) {
    long delivery = deliveries.incrementAndGet();
    long pause = number.behaviour().webhookRetryMs();
    int status = 0;
    for (int attempt = 1; attempt <= maxTries && !retired; attempt++) {
      // Asked anew each time: the receiver may have moved since the last attempt.
      String url = url(messages);
      if (url == null || !number.account().subscribed()) {
        break;
      }
      status = attempt(delivery, attempt, body, signature, url);
      if (status == 200) {
        delivered.increment();
        return new Outcome(true, status);
      }
      if (attempt < maxTries && !Pause.millis(pause)) {
        break;
      }
      pause = Math.min(pause * 2, Math.max(LONGEST_RETRY_MS, number.behaviour().webhookRetryMs()));
    }
    return lose(status);
  }

  private Outcome lose(int status) {
    lost.increment();
    return new Outcome(false, status);
  }

  private int attempt(long delivery, int attempt, Bytes body, Signature signature, String url) {
    lanes.acquireUninterruptibly();
    try {
      String header =
          switch (signature) {
            case GOOD -> WebhookClient.sign(body, number.settings().appSecret());
            case WRONG -> WebhookClient.sign(body, "not " + number.settings().appSecret());
            case NONE -> null;
          };
      Instant at = Instant.now();
      long start = System.nanoTime();
      Duration timeout = Duration.ofMillis(number.behaviour().webhookTimeoutMs());
      WebhookClient.Answer answer = world.webhooks().post(url, body, header, timeout);
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
}
