package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ChannelConnector;
import dev.parley.channels.Channels;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Handles the webhooks of Genesys that take their time, one by one: messages whose files have to be fetched, those that
/// become several messages, and receipts of messages that are still under way.
@Singleton
final class ReceiveSlowly {
  private static final Logger LOG = Logger.getLogger(ReceiveSlowly.class);
  private static final Duration FILES = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration RECEIPT = Duration.ofMillis(500);

  private final Integrations integrations;
  private final Channels channels;
  private final FetchedFiles files;
  private final AgentMessages messages;
  private final ReceiveFromGenesys quick;
  private final GenesysReceipts receipts;
  private final TenantDb db;
  private final InstantSource clock;

  ReceiveSlowly(
      Integrations integrations,
      Channels channels,
      FetchedFiles files,
      AgentMessages messages,
      ReceiveFromGenesys quick,
      GenesysReceipts receipts,
      TenantDb db,
      InstantSource clock) {
    this.integrations = integrations;
    this.channels = channels;
    this.files = files;
    this.messages = messages;
    this.quick = quick;
    this.receipts = receipts;
    this.db = db;
    this.clock = clock;
  }

  /// A message on its way.
  private record Message(WorkItem item, AgentMessages.Written written, Conversation conversation) {
    ReceivedStore.Received received() {
      return written.in(conversation.id());
    }
  }

  /// Handles an item of the queue.
  Outcome handle(WorkItem item) {
    GenesysAccount account = ReceiveFromGenesys.account(integrations, item);
    JsonNode webhook = Json.tree(item.payload()).path("body");
    return switch (FromGenesys.kind(webhook)) {
      case MESSAGE -> message(item, new AgentMessages.Written(account, webhook));
      case RECEIPT -> {
        boolean early = item.enqueuedAt().plus(ReceiveFromGenesys.EARLY).isAfter(clock.instant());
        boolean known = db.inTenant(item.tenant(), tx -> receipts.apply(tx, account, webhook));
        yield known || !early ? done() : new Outcome.Later(RECEIPT, _ -> {});
      }
      // Nothing to wait for: it came behind something that had to.
      default -> new Outcome.Done(tx -> quick.handled(tx, item));
    };
  }

  private Outcome message(WorkItem item, AgentMessages.Written written) {
    ReceiveFromGenesys.requireId(written.webhook());
    TenantId tenant = item.tenant();
    GenesysAccount account = written.account();
    String id = written.webhook().path("id").asText();
    if (db.inTenant(tenant, tx -> ReceivedStore.known(tx.sql(), tenant, account.id(), id))) {
      return done();
    }
    Conversation conversation =
        db.inTenant(tenant, tx -> messages.conversation(tx, account, written.customer()))
            .orElse(null);
    if (conversation == null) {
      return failed(written, null, ReasonCode.INVALID_DESTINATION, AgentMessages.UNKNOWN_CUSTOMER);
    }
    var message = new Message(item, written, conversation);
    ChannelAccount channel = channels.account(conversation.channelId()).orElse(null);
    if (channel == null) {
      return failed(message, ReasonCode.GENERAL_ERROR, "The channel was removed.");
    }
    List<Step> steps = FromGenesys.steps(written.webhook());
    return steps.isEmpty()
        ? failed(
            message,
            ReasonCode.UNSUPPORTED_MESSAGE,
            "Nothing of this message can be sent to the customer.")
        : prepared(message, channels.connector(channel.kind()), steps);
  }

  private Outcome prepared(Message message, ChannelConnector connector, List<Step> steps) {
    var ready = new ArrayList<Step.Say>();
    UUID project = message.conversation().projectId();
    for (Step step : steps) {
      switch (step) {
        case Step.Say say -> ready.add(say);
        case Step.Fetch wanted -> {
          switch (files.fetch(message.item().tenant(), project, connector, wanted)) {
            case FetchedFiles.Came.Ready(Content content) -> ready.add(Step.Say.plain(content));
            case FetchedFiles.Came.Later(String cause) -> {
              if (message.item().enqueuedAt().plus(FILES).isAfter(clock.instant())) {
                LOG.infof("genesys: a file of %s: %s", message.received().webhook(), cause);
                return new Outcome.Later(PAUSE, _ -> {});
              }
              return failed(message, ReasonCode.SERVER_ERROR, cause);
            }
            case FetchedFiles.Came.Refused(ReasonCode code, String cause) -> {
              return failed(message, code, cause);
            }
          }
        }
      }
    }
    return send(message, ready);
  }

  private Outcome send(Message message, List<Step.Say> steps) {
    try {
      store(message, steps);
    } catch (Problem e) {
      List<Step.Say> wrapped =
          e.code() == Problem.Code.WINDOW_CLOSED
              ? AgentMessages.wrapped(message.written().account(), steps)
              : List.of();
      if (wrapped.isEmpty()) {
        return failed(message, AgentMessages.code(e, steps), AgentMessages.detail(e));
      }
      try {
        store(message, wrapped);
      } catch (Problem again) {
        return failed(message, ReasonCode.MESSAGE_NOT_ALLOWED, AgentMessages.detail(again));
      }
    }
    return done();
  }

  private void store(Message message, List<Step.Say> steps) {
    db.runInTenant(
        message.item().tenant(),
        tx -> messages.sendAll(tx, message.written(), message.conversation().id(), steps));
  }

  private Outcome failed(Message message, ReasonCode code, String reason) {
    return failed(message.written(), message.conversation().id(), code, reason);
  }

  private Outcome failed(
      AgentMessages.Written written, @Nullable UUID conversation, ReasonCode code, String reason) {
    return new Outcome.Done(tx -> messages.failed(tx, written.in(conversation), code, reason));
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }
}
