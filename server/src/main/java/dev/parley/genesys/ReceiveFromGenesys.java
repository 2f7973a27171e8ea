package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Channels;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Draft;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Handles Genesys' webhooks: an agent's message is sent to the customer, once however often it comes, and what cannot
/// be sent is told by a failed receipt, so that the agent sees it.
@Singleton
public final class ReceiveFromGenesys {
  private static final Logger LOG = Logger.getLogger(ReceiveFromGenesys.class);
  private static final Duration TYPING = Duration.ofSeconds(30);
  private static final Duration FILES = Duration.ofMinutes(10);
  private static final Duration EARLY = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int NAME = 200;
  private static final int VARIABLE = 1024;

  private final Integrations integrations;
  private final Conversations conversations;
  private final Channels channels;
  private final FetchedFiles files;
  private final ToGenesysQueue queue;
  private final GenesysReceipts receipts;
  private final TenantDb db;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  ReceiveFromGenesys(
      Integrations integrations,
      Conversations conversations,
      Channels channels,
      FetchedFiles files,
      ToGenesysQueue queue,
      GenesysReceipts receipts,
      TenantDb db,
      InstantSource clock,
      MeterRegistry metrics) {
    this.integrations = integrations;
    this.conversations = conversations;
    this.channels = channels;
    this.files = files;
    this.queue = queue;
    this.receipts = receipts;
    this.db = db;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// Handles an item of the queue of webhooks.
  public Outcome handle(WorkItem item) {
    JsonNode data = Json.tree(item.payload());
    GenesysAccount account =
        integrations
            .account(UUID.fromString(data.path("integrationId").asText()))
            .filter(a -> a.tenant().equals(item.tenant()))
            .orElseThrow(
                () -> new Unprocessable("The integration was removed before this was handled."));
    if (item.kind().equals(WebhookItem.UNREADABLE)) {
      throw new Unprocessable("The webhook is signed and is no JSON object.");
    }
    JsonNode webhook = data.path("body");
    FromGenesys.Kind kind = FromGenesys.kind(webhook);
    metrics.counter("parley.genesys.webhooks", "kind", Input.word(kind)).increment();
    return switch (kind) {
      case MESSAGE -> message(item, account, webhook);
      case TYPING -> typing(account, webhook);
      case RECEIPT -> {
        // It may be here before the answer to the message that it is about.
        boolean early = item.enqueuedAt().plus(EARLY).isAfter(clock.instant());
        yield receipts.apply(account, webhook) || !early
            ? done()
            : new Outcome.Later(Duration.ofMillis(500), _ -> {});
      }
      case NOTHING -> done();
      case UNKNOWN -> {
        LOG.warnf(
            "genesys: webhooks of the type %s are unknown",
            Texts.cut(webhook.path("type").asText("none"), 50));
        String id = webhook.path("id").asText("");
        yield id.isEmpty() || id.length() > NAME
            ? done()
            : failed(
                account,
                received(account, webhook, null),
                ReasonCode.UNSUPPORTED_MESSAGE,
                "Messages of this type cannot be sent to the customer.");
      }
    };
  }

  /// What is late is worth nothing: who typed half a minute ago does not type.
  private Outcome typing(GenesysAccount account, JsonNode webhook) {
    Instant at = time(webhook);
    if (at == null || at.plus(TYPING).isAfter(clock.instant())) {
      conversation(account, webhook)
          .ifPresent(
              conversation ->
                  conversations.markRead(
                      Caller.system(account.tenant()), conversation.id(), null, true));
    }
    return done();
  }

  private static @Nullable Instant time(JsonNode webhook) {
    try {
      return Instant.parse(webhook.path("channel").path("time").asText(""));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private Optional<Conversation> conversation(GenesysAccount account, JsonNode webhook) {
    String customer = webhook.path("channel").path("to").path("id").asText("");
    TenantId tenant = account.tenant();
    return db.inTenant(
            tenant, tx -> BridgeStore.conversationOf(tx.sql(), tx.tenant(), account.id(), customer))
        .flatMap(id -> conversations.find(Caller.system(tenant), id));
  }

  private static ReceivedStore.Received received(
      GenesysAccount account, JsonNode webhook, @Nullable UUID conversation) {
    JsonNode to = webhook.path("channel").path("to");
    return new ReceivedStore.Received(
        account.id(),
        webhook.path("id").asText(),
        conversation,
        new BridgeStore.Customer(
            Texts.cut(to.path("id").asText(""), NAME), to.path("idType").asText("Opaque")));
  }

  private Outcome message(WorkItem item, GenesysAccount account, JsonNode webhook) {
    String id = webhook.path("id").asText("");
    if (id.isEmpty() || id.length() > NAME) {
      throw new Unprocessable("The webhook's message has no id that could be one.");
    }
    TenantId tenant = account.tenant();
    if (db.inTenant(tenant, tx -> ReceivedStore.known(tx.sql(), tx.tenant(), account.id(), id))) {
      return done();
    }
    Conversation conversation = conversation(account, webhook).orElse(null);
    var received = received(account, webhook, conversation == null ? null : conversation.id());
    if (conversation == null) {
      return failed(
          account,
          received,
          ReasonCode.INVALID_DESTINATION,
          "No customer of this id has written on a channel.");
    }
    ChannelAccount channel = channels.account(conversation.channelId()).orElse(null);
    List<Step> steps = FromGenesys.steps(webhook);
    if (steps.isEmpty() || channel == null) {
      return failed(
          account,
          received,
          channel == null ? ReasonCode.GENERAL_ERROR : ReasonCode.UNSUPPORTED_MESSAGE,
          channel == null
              ? "The channel was removed."
              : "Nothing of this message can be sent to the customer.");
    }
    var ready = new ArrayList<Step.Say>();
    for (Step step : steps) {
      switch (step) {
        case Step.Say say -> ready.add(say);
        case Step.Fetch wanted -> {
          var connector = channels.connector(channel.kind());
          switch (files.fetch(tenant, conversation.projectId(), connector, wanted)) {
            case FetchedFiles.Came.Ready(Content content) -> ready.add(Step.Say.plain(content));
            case FetchedFiles.Came.Later(String cause) -> {
              if (item.enqueuedAt().plus(FILES).isAfter(clock.instant())) {
                LOG.infof("genesys: a file of %s: %s", id, cause);
                return new Outcome.Later(PAUSE, _ -> {});
              }
              return failed(account, received, ReasonCode.SERVER_ERROR, cause);
            }
            case FetchedFiles.Came.Refused(ReasonCode code, String cause) -> {
              return failed(account, received, code, cause);
            }
          }
        }
      }
    }
    return send(account, conversation, received, ready, webhook);
  }

  private Outcome send(
      GenesysAccount account,
      Conversation conversation,
      ReceivedStore.Received received,
      List<Step.Say> steps,
      JsonNode webhook) {
    String theirs = webhook.path("conversationId").asText("");
    Caller agent = agent(account, webhook);
    try {
      store(agent, conversation, received, steps, theirs);
    } catch (Problem e) {
      List<Step.Say> wrapped = wrapped(account, steps);
      if (e.code() == Problem.Code.WINDOW_CLOSED && !wrapped.isEmpty()) {
        try {
          store(agent, conversation, received, wrapped, theirs);
          return done();
        } catch (Problem again) {
          return failed(account, received, ReasonCode.MESSAGE_NOT_ALLOWED, detail(again));
        }
      }
      boolean template = steps.stream().anyMatch(s -> s.content() instanceof Content.Template);
      return failed(
          account,
          received,
          template ? ReasonCode.MESSAGE_NOT_ALLOWED : ReasonCode.of(e),
          detail(e));
    }
    return done();
  }

  /// All of it or nothing, together with the note that it was handled: a process that dies leaves no half.
  private void store(
      Caller agent,
      Conversation conversation,
      ReceivedStore.Received received,
      List<Step.Say> steps,
      String theirs) {
    Instant now = clock.instant();
    db.runInTenant(
        agent.inTenant(),
        tx -> {
          if (!ReceivedStore.insert(tx.sql(), tx.tenant(), received, now)) {
            return;
          }
          for (Step.Say step : steps) {
            var sent =
                conversations.send(
                    tx,
                    agent,
                    conversation.id(),
                    new Draft(step.content(), null, null, null, null, null));
            ReceivedStore.answer(
                tx.sql(),
                tx.tenant(),
                sent.message().id(),
                received,
                step.options(),
                step.numbered(),
                now);
          }
          if (!theirs.isEmpty()) {
            BridgeStore.met(
                tx.sql(),
                tx.tenant(),
                received.integration(),
                conversation.id(),
                Texts.cut(theirs, NAME),
                now);
          }
        });
  }

  private static Caller agent(GenesysAccount account, JsonNode webhook) {
    boolean bot = webhook.path("originatingEntity").asText("").equals("Bot");
    return new Caller(
        Caller.Kind.DESK,
        account.id(),
        account.integration().name() + (bot ? " (bot)" : ""),
        account.tenant(),
        null,
        Set.of(Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE));
  }

  /// Texts in the template that the settings name; none when they name none or something is no text.
  private static List<Step.Say> wrapped(GenesysAccount account, List<Step.Say> steps) {
    GenesysSettings.WrapTemplate wrap = account.integration().settings().wrap();
    if (wrap == null || !steps.stream().allMatch(s -> s.content() instanceof Content.Text)) {
      return List.of();
    }
    String name = wrap.name();
    String language = wrap.language();
    if (name == null || language == null) {
      return List.of();
    }
    return steps.stream()
        .map(
            step -> {
              String text = ((Content.Text) step.content()).body();
              ObjectNode body = Json.MAPPER.createObjectNode().put("type", "body");
              // A variable has no line breaks and no long gaps.
              body.putArray("parameters")
                  .addObject()
                  .put("type", "text")
                  .put("text", Texts.cut(text.strip().replaceAll("\\s+", " "), VARIABLE));
              return new Step.Say(
                  new Content.Template(name, language, List.of(body)),
                  step.options(),
                  step.numbered());
            })
        .toList();
  }

  private static String detail(Problem problem) {
    return String.valueOf(problem.getMessage());
  }

  private Outcome failed(
      GenesysAccount account, ReceivedStore.Received received, ReasonCode code, String reason) {
    LOG.infof("genesys: message %s is not sent: %s", received.webhook(), reason);
    metrics
        .counter(
            "parley.errors",
            "tenant",
            account.tenant().toString(),
            "kind",
            "genesys-" + code.word())
        .increment();
    db.runInTenant(account.tenant(), tx -> fail(tx, received, code, reason));
    return done();
  }

  private void fail(Tx tx, ReceivedStore.Received received, ReasonCode code, String reason) {
    if (ReceivedStore.insert(tx.sql(), tx.tenant(), received, clock.instant())) {
      ReceivedStore.conclude(
              tx.sql(), tx.tenant(), received.integration(), received.webhook(), "Failed", reason)
          .ifPresent(now -> queue.receipt(tx, now, "Failed", code, reason));
    }
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }
}
