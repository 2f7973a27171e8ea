package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Conversations;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Handles Genesys' webhooks, a batch in one transaction: an agent's message is sent to the customer, once however often
/// it comes, and what cannot be sent is told by a failed receipt, so that the agent sees it.
///
/// What has to wait for somebody goes to the queue of [ReceiveSlowly], and what follows it for the same customer goes
/// there too, so that the order stays.
@Singleton
public final class ReceiveFromGenesys implements WorkQueue.BatchHandler {
  private static final Logger LOG = Logger.getLogger(ReceiveFromGenesys.class);
  private static final Duration TYPING = Duration.ofSeconds(30);

  /// For how long a receipt may be here before the answer to the message that it is about.
  static final Duration EARLY = Duration.ofSeconds(20);

  private final Integrations integrations;
  private final Conversations conversations;
  private final AgentMessages messages;
  private final GenesysReceipts receipts;
  private final PostgresWorkQueue queue;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  ReceiveFromGenesys(
      Integrations integrations,
      Conversations conversations,
      AgentMessages messages,
      GenesysReceipts receipts,
      PostgresWorkQueue queue,
      InstantSource clock,
      MeterRegistry metrics) {
    this.integrations = integrations;
    this.conversations = conversations;
    this.messages = messages;
    this.receipts = receipts;
    this.queue = queue;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void handle(Tx tx, List<WorkItem> items) {
    List<String> keys = items.stream().map(WorkItem::key).distinct().toList();
    Set<String> slow = queue.present(tx, WebhookItem.SLOW, keys);
    var moved = new ArrayList<WorkItem>();
    for (WorkItem item : items) {
      boolean done =
          !slow.contains(item.key())
              && new Trace(item.correlationId(), item.traceparent(), null)
                  .call(tx.tenant().toString(), () -> handled(tx, item));
      if (!done) {
        slow.add(item.key());
        moved.add(WebhookItem.slow(item));
      }
    }
    queue.publish(tx, moved);
  }

  /// False when it has to wait for somebody.
  boolean handled(Tx tx, WorkItem item) {
    GenesysAccount account = account(integrations, item);
    JsonNode webhook = Json.tree(item.payload()).path("body");
    FromGenesys.Kind kind = FromGenesys.kind(webhook);
    metrics.counter("parley.genesys.webhooks", "kind", Input.word(kind)).increment();
    var written = new AgentMessages.Written(account, webhook);
    switch (kind) {
      case MESSAGE -> {
        requireId(webhook);
        List<Step> steps = FromGenesys.steps(webhook);
        if (steps.size() == 1 && steps.getFirst() instanceof Step.Say say) {
          messages.send(tx, written, say);
        } else {
          return false;
        }
      }
      case TYPING -> typing(tx, written);
      case RECEIPT -> {
        boolean early = item.enqueuedAt().plus(EARLY).isAfter(clock.instant());
        return receipts.apply(tx, account, webhook) || !early;
      }
      case NOTHING -> {}
      case UNKNOWN -> unknown(tx, written);
    }
    return true;
  }

  /// The integration whose webhook it is. What is none of it, or no JSON, can never be handled.
  static GenesysAccount account(Integrations integrations, WorkItem item) {
    UUID id = UUID.fromString(Json.tree(item.payload()).path("integrationId").asText());
    GenesysAccount account =
        integrations
            .account(id)
            .filter(a -> a.tenant().equals(item.tenant()))
            .orElseThrow(
                () -> new Unprocessable("The integration was removed before this was handled."));
    if (item.kind().equals(WebhookItem.UNREADABLE)) {
      throw new Unprocessable("The webhook is signed and is no JSON object.");
    }
    return account;
  }

  static void requireId(JsonNode webhook) {
    String id = webhook.path("id").asText("");
    if (id.isEmpty() || id.length() > AgentMessages.NAME) {
      throw new Unprocessable("The webhook's message has no id that could be one.");
    }
  }

  private void unknown(Tx tx, AgentMessages.Written written) {
    String id = written.webhook().path("id").asText("");
    LOG.warnf(
        "genesys: webhooks of the type %s are unknown",
        Texts.cut(written.webhook().path("type").asText("none"), 50));
    if (!id.isEmpty() && id.length() <= AgentMessages.NAME) {
      messages.failed(
          tx,
          written.in(null),
          ReasonCode.UNSUPPORTED_MESSAGE,
          "Messages of this type cannot be sent to the customer.");
    }
  }

  /// What is late is worth nothing: who typed half a minute ago does not type.
  private void typing(Tx tx, AgentMessages.Written written) {
    Instant at = time(written.webhook());
    if (at != null && !at.plus(TYPING).isAfter(clock.instant())) {
      return;
    }
    messages
        .conversation(tx, written.account(), written.customer())
        .ifPresent(
            found -> {
              try {
                conversations.markRead(tx, Caller.system(tx.tenant()), found.id(), null, true);
              } catch (Problem e) {
                LOG.debugf("genesys: typing in a conversation that is gone: %s", e.getMessage());
              }
            });
  }

  private static @Nullable Instant time(JsonNode webhook) {
    try {
      return Instant.parse(webhook.at("/channel/time").asText(""));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
