package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Tells Genesys what became of its agents' messages. A final receipt waits for its turn, up to a day; one that another
/// follows is dropped when there is little left of what Genesys lets us do in a minute.
@Singleton
public final class SendReceipts {
  private static final Logger LOG = Logger.getLogger(SendReceipts.class);
  private static final Duration REST = Duration.ofSeconds(5);
  private static final Duration MEND = Duration.ofSeconds(30);
  private static final Duration WORTH = Duration.ofDays(1);

  private final Integrations integrations;
  private final GenesysClient client;
  private final Budget budget;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  SendReceipts(
      Integrations integrations,
      GenesysClient client,
      Budget budget,
      InstantSource clock,
      MeterRegistry metrics) {
    this.integrations = integrations;
    this.client = client;
    this.budget = budget;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// Handles an item of the queue of receipts.
  public Outcome handle(WorkItem item) {
    JsonNode data = Json.tree(item.payload());
    UUID id = UUID.fromString(data.path("integrationId").asText());
    GenesysAccount account =
        integrations.account(id).filter(a -> a.tenant().equals(item.tenant())).orElse(null);
    if (account == null || item.enqueuedAt().plus(WORTH).isBefore(clock.instant())) {
      return ended("dropped");
    }
    boolean last = !data.path("status").asText().equals("Sent");
    if (!account.works()) {
      return last ? later(REST) : ended("dropped");
    }
    Duration wait = client.admit(account);
    if (wait.isPositive()) {
      return last ? later(wait) : ended("dropped");
    }
    wait = budget.take(account, last ? Budget.Use.FINAL_RECEIPT : Budget.Use.RECEIPT);
    if (wait.isPositive()) {
      return last
          ? later(wait.plusMillis(Math.floorMod(item.id().hashCode(), 1000)))
          : ended("dropped");
    }
    return concluded(account, client.receipt(account, body(data)), last);
  }

  private static ObjectNode body(JsonNode data) {
    return OpenMessage.receipt(
        data.path("webhookId").asText(),
        new BridgeStore.Customer(
            data.path("customerId").asText(), data.path("idType").asText("Opaque")),
        Instant.parse(data.path("time").asText()),
        data.path("status").asText(),
        data.path("code").asText(""),
        data.path("reason").asText(""));
  }

  private Outcome concluded(GenesysAccount account, GenesysReply reply, boolean last) {
    return switch (reply) {
      case GenesysReply.Done(JsonNode body) -> {
        if (body.path("status").asText("").equals("Failed") && !last) {
          LOG.infof("genesys: a receipt is not taken: %s", body.path("reasons"));
        }
        yield ended("sent");
      }
      case GenesysReply.Later(Duration pause, _, boolean limited) -> {
        if (limited) {
          budget.block(account, pause);
        }
        yield last ? later(pause) : ended("dropped");
      }
      // The same receipt twice does no harm.
      case GenesysReply.Unknown _ -> last ? later(REST) : ended("dropped");
      case GenesysReply.Refused(int status, _) when status == 401 || status == 403 -> {
        integrations.noteError(account, reply.cause());
        yield later(MEND);
      }
      case GenesysReply.Refused _ -> throw new Unprocessable(reply.cause());
    };
  }

  private Outcome ended(String result) {
    metrics.counter("parley.genesys.receipts", "result", result).increment();
    return new Outcome.Done(_ -> {});
  }

  private static Outcome later(Duration pause) {
    return new Outcome.Later(pause.plusMillis(1), _ -> {});
  }
}
