package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.DeskStates;
import dev.parley.conversations.Draft;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Sends what agents have written, together with the note that the webhook was handled, so that a process that dies leaves
/// no half and a webhook that comes again has no effect. What cannot be sent is told by a failed receipt.
@Singleton
final class AgentMessages {
  private static final Logger LOG = Logger.getLogger(AgentMessages.class);

  /// The longest id of a message that is taken, in characters.
  static final int NAME = 200;

  private static final int VARIABLE = 1024;

  private final Conversations conversations;
  private final Counterparts counterparts;
  private final Meetings meetings;
  private final ToGenesysQueue queue;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  AgentMessages(
      Conversations conversations,
      Counterparts counterparts,
      Meetings meetings,
      ToGenesysQueue queue,
      InstantSource clock,
      MeterRegistry metrics) {
    this.conversations = conversations;
    this.counterparts = counterparts;
    this.meetings = meetings;
    this.queue = queue;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// An agent's message.
  record Written(GenesysAccount account, JsonNode webhook) {
    String customer() {
      return Texts.cut(webhook.at("/channel/to/id").asText(""), NAME);
    }

    ReceivedStore.Received in(@Nullable UUID conversation) {
      return new ReceivedStore.Received(
          account.id(),
          webhook.path("id").asText(),
          conversation,
          new BridgeStore.Customer(customer(), webhook.at("/channel/to/idType").asText("Opaque")));
    }
  }

  /// The conversation in which the customer last wrote; empty when nobody of that name has.
  Optional<Conversation> conversation(Tx tx, GenesysAccount account, String customer) {
    return BridgeStore.conversationOf(tx.sql(), tx.tenant(), account.id(), customer)
        .flatMap(id -> DeskStates.find(tx, id));
  }

  /// Sends one message without a file. Nothing is done when it was handled before.
  void send(Tx tx, Written written, Step.Say say) {
    UUID integration = written.account().id();
    Optional<UUID> remembered =
        counterparts.places().find(tx.tenant(), integration, written.customer());
    if (remembered.isPresent()) {
      var received = written.in(remembered.get());
      if (ReceivedStore.insertWhereCustomerIs(tx.sql(), tx.tenant(), received, clock.instant())) {
        send(tx, written, received, remembered.get(), say);
        return;
      }
      // It was handled before, or the customer has written elsewhere since.
      counterparts.places().forget(tx.tenant(), integration, written.customer());
    }
    UUID place =
        BridgeStore.conversationOf(tx.sql(), tx.tenant(), integration, written.customer())
            .orElse(null);
    var received = written.in(place);
    if (!ReceivedStore.insert(tx.sql(), tx.tenant(), received, clock.instant())) {
      return;
    }
    if (place == null) {
      fail(tx, received, ReasonCode.INVALID_DESTINATION, UNKNOWN_CUSTOMER);
      return;
    }
    tx.afterCommit(
        () -> counterparts.places().put(tx.tenant(), integration, written.customer(), place));
    send(tx, written, received, place, say);
  }

  /// Why a message to somebody who has never written fails.
  static final String UNKNOWN_CUSTOMER = "No customer of this id has written on a channel.";

  private void send(
      Tx tx, Written written, ReceivedStore.Received received, UUID conversation, Step.Say say) {
    try {
      store(tx, written, conversation, received, List.of(say));
    } catch (Problem e) {
      // Of content without a file nothing is written before it is found to be impossible.
      List<Step.Say> wrapped =
          e.code() == Problem.Code.WINDOW_CLOSED
              ? wrapped(written.account(), List.of(say))
              : List.of();
      if (wrapped.isEmpty()) {
        fail(tx, received, code(e, List.of(say)), detail(e));
        return;
      }
      try {
        store(tx, written, conversation, received, wrapped);
      } catch (Problem again) {
        fail(tx, received, ReasonCode.MESSAGE_NOT_ALLOWED, detail(again));
      }
    }
  }

  /// Sends all of it, or throws a [Problem], after which the transaction must not commit.
  void sendAll(Tx tx, Written written, UUID conversation, List<Step.Say> steps) {
    var received = written.in(conversation);
    if (ReceivedStore.insert(tx.sql(), tx.tenant(), received, clock.instant())) {
      store(tx, written, conversation, received, steps);
    }
  }

  private void store(
      Tx tx,
      Written written,
      UUID conversation,
      ReceivedStore.Received received,
      List<Step.Say> steps) {
    Instant now = clock.instant();
    for (Step.Say step : steps) {
      UUID message =
          conversations
              .send(
                  tx,
                  agent(written),
                  conversation,
                  new Draft(step.content(), null, null, null, null, null))
              .message()
              .id();
      ReceivedStore.answer(
          tx.sql(), tx.tenant(), message, received, step.options(), step.numbered(), now);
      var asked = new Counterparts.Asked(received.integration(), received.webhook());
      tx.afterCommit(() -> counterparts.asked().put(tx.tenant(), message, "", asked));
    }
    meetings.met(
        tx,
        received.integration(),
        conversation,
        Texts.cut(written.webhook().path("conversationId").asText(""), NAME));
  }

  private static Caller agent(Written written) {
    GenesysAccount account = written.account();
    boolean bot = written.webhook().path("originatingEntity").asText("").equals("Bot");
    return new Caller(
        Caller.Kind.DESK,
        account.id(),
        account.integration().name() + (bot ? " (bot)" : ""),
        account.tenant(),
        null,
        Set.of(Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE));
  }

  /// Texts in the template that the settings name; none when they name none or something is no text.
  static List<Step.Say> wrapped(GenesysAccount account, List<Step.Say> steps) {
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

  static ReasonCode code(Problem problem, List<Step.Say> steps) {
    boolean template = steps.stream().anyMatch(s -> s.content() instanceof Content.Template);
    return template ? ReasonCode.MESSAGE_NOT_ALLOWED : ReasonCode.of(problem);
  }

  static String detail(Problem problem) {
    return String.valueOf(problem.getMessage());
  }

  /// Notes that a message is handled and cannot be sent, unless it was handled before.
  void failed(Tx tx, ReceivedStore.Received received, ReasonCode code, String reason) {
    if (ReceivedStore.insert(tx.sql(), tx.tenant(), received, clock.instant())) {
      fail(tx, received, code, reason);
    }
  }

  private void fail(Tx tx, ReceivedStore.Received received, ReasonCode code, String reason) {
    LOG.infof("genesys: message %s is not sent: %s", received.webhook(), reason);
    metrics
        .counter(
            "parley.errors", "tenant", tx.tenant().toString(), "kind", "genesys-" + code.word())
        .increment();
    ReceivedStore.conclude(
            tx.sql(), tx.tenant(), received.integration(), received.webhook(), "Failed", reason)
        .ifPresent(now -> queue.receipt(tx, now, "Failed", code, reason));
  }
}
