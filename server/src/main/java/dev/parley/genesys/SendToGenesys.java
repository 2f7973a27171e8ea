package dev.parley.genesys;

import dev.parley.conversations.Conversation;
import dev.parley.conversations.Conversations;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Outcome;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Tells Genesys what customers write, conversation by conversation, each part once.
///
/// A part is claimed in the database before it is handed over and settled after. What is found claimed, because the
/// process died or no answer came, may have arrived: it waits for a while for Genesys' receipt, and is then handed over
/// again under the same name and time, by which Genesys knows it. Nothing is given up while Genesys is away; only what
/// Genesys refuses becomes a dead letter.
@Singleton
public final class SendToGenesys {
  private static final Logger LOG = Logger.getLogger(SendToGenesys.class);
  private static final Duration REST = Duration.ofSeconds(5);
  private static final Duration MEND = Duration.ofSeconds(30);

  private final Tenants tenants;
  private final Integrations integrations;
  private final Conversations conversations;
  private final Desks desks;
  private final Tellings tellings;
  private final GenesysClient client;
  private final Budget budget;
  private final EventLog events;
  private final TenantDb db;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final Duration hold;
  private final Instant begun;

  SendToGenesys(
      Tenants tenants,
      Integrations integrations,
      Conversations conversations,
      Desks desks,
      Tellings tellings,
      GenesysClient client,
      Budget budget,
      EventLog events,
      TenantDb db,
      InstantSource clock,
      MeterRegistry metrics,
      Config config) {
    this.tenants = tenants;
    this.integrations = integrations;
    this.conversations = conversations;
    this.desks = desks;
    this.tellings = tellings;
    this.client = client;
    this.budget = budget;
    this.events = events;
    this.db = db;
    this.clock = clock;
    this.metrics = metrics;
    this.hold = config.get(Keys.GENESYS_HOLD);
    this.begun = clock.instant();
  }

  /// Handles an item of the queue of messages.
  public Outcome handle(WorkItem item) {
    var data = Json.tree(item.payload());
    TenantId tenant = item.tenant();
    UUID id = UUID.fromString(data.path("integrationId").asText());
    UUID conversationId = UUID.fromString(data.path("conversationId").asText());
    GenesysAccount account =
        integrations.account(id).filter(a -> a.tenant().equals(tenant)).orElse(null);
    Conversation conversation =
        conversations.find(Caller.system(tenant), conversationId).orElse(null);
    if (account == null || conversation == null) {
      return done();
    }
    boolean mayWork = tenants.state(tenant).filter(Tenant.State.ACTIVE::equals).isPresent();
    if (!mayWork || !account.works()) {
      return later(REST);
    }
    // What waited while somebody took the conversation away is told to the desk that has it now.
    if (!item.kind().equals(ToGenesysQueue.LEFT) && isElsewhere(tenant, conversationId, id)) {
      return done();
    }
    return switch (tellings.make(item, account, conversation)) {
      case Tellings.Made.Nothing _ -> done();
      case Tellings.Made.Wait(Duration pause) -> later(pause);
      case Tellings.Made.Ready(Telling telling) -> tell(account, conversation, telling);
    };
  }

  /// Whether another desk has the conversation; not when nothing is decided any more, because what was to go goes.
  private boolean isElsewhere(TenantId tenant, UUID conversation, UUID integration) {
    ConversationDesk desk =
        db.inTenant(tenant, tx -> desks.decided(tx, List.of(conversation))).get(conversation);
    return desk != null && !integration.equals(desk.integrationId());
  }

  private Outcome tell(GenesysAccount account, Conversation conversation, Telling telling) {
    for (int part = 0; part < telling.parts().size(); part++) {
      Outcome wait = tell(account, conversation, telling, part);
      if (wait != null) {
        return wait;
      }
    }
    return done();
  }

  /// Null when the part is settled and the next may follow.
  private @Nullable Outcome tell(
      GenesysAccount account, Conversation conversation, Telling telling, int part) {
    Optional<BridgeStore.Progress> progress =
        db.inTenant(
            account.tenant(),
            tx -> BridgeStore.progress(tx.sql(), tx.tenant(), telling.source(), part));
    if (progress.isPresent() && progress.get().settled()) {
      return null;
    }
    if (progress.isPresent() && progress.get().state().equals("claimed")) {
      // While the process was away Genesys could not tell its receipt.
      Duration here = Duration.between(begun, clock.instant());
      Duration claimed = progress.get().claimed();
      Duration left = hold.minus(claimed.compareTo(here) < 0 ? claimed : here);
      if (left.isPositive()) {
        return later(left);
      }
      metrics.counter("parley.genesys.repeated").increment();
    }
    Duration breaker = client.admit(account);
    if (breaker.isPositive()) {
      return later(breaker);
    }
    Duration wait = budget.take(account, Budget.Use.MESSAGE);
    if (wait.isPositive()) {
      return later(spread(wait, telling.source()));
    }
    boolean placeholder = telling.parts().get(part) instanceof Part.Text text && text.placeholder();
    var piece =
        new BridgeStore.Piece(
            telling.source(),
            part,
            account.id(),
            conversation.id(),
            telling.externalId(part),
            placeholder);
    if (!db.inTenant(account.tenant(), tx -> BridgeStore.claim(tx.sql(), tx.tenant(), piece))) {
      return null;
    }
    CrashPoint.SEND_CLAIMED.reached();
    GenesysReply reply = hand(account, telling, part);
    CrashPoint.SEND_ANSWERED.reached();
    return concluded(account, conversation, telling, part, reply);
  }

  /// Waiting conversations do not all come back at the same moment.
  private static Duration spread(Duration wait, UUID source) {
    return wait.plusMillis(Math.floorMod(source.hashCode(), 1000));
  }

  private GenesysReply hand(GenesysAccount account, Telling telling, int part) {
    if (!(telling.parts().get(part) instanceof Part.Choice(_, String text, _, _))) {
      return client.message(account, telling.body(part));
    }
    GenesysReply reply = client.choice(account, telling.body(part));
    if (reply instanceof GenesysReply.Refused(int status, _) && status != 401 && status != 403) {
      // Genesys does not know the question any more: the words say what was chosen.
      var parts = new ArrayList<>(telling.parts());
      parts.set(part, new Part.Text(text));
      return client.message(account, telling.with(parts).body(part));
    }
    return reply;
  }

  private @Nullable Outcome concluded(
      GenesysAccount account,
      Conversation conversation,
      Telling telling,
      int part,
      GenesysReply reply) {
    count(reply);
    switch (reply) {
      case GenesysReply.Done(var body) -> {
        db.runInTenant(
            account.tenant(),
            tx -> {
              String theirs = body.path("id").asText("");
              BridgeStore.settle(
                  tx.sql(),
                  tx.tenant(),
                  telling.source(),
                  part,
                  "posted",
                  theirs.isEmpty() ? null : theirs,
                  null);
              met(tx, account, conversation, body.path("conversationId").asText(""));
            });
        if (account.integration().lastError() != null) {
          integrations.noteError(account, null);
        }
        return null;
      }
      case GenesysReply.Later(Duration pause, _, boolean limited) -> {
        release(account, telling, part);
        if (limited) {
          budget.block(account, pause);
        } else {
          integrations.noteError(account, reply.cause());
        }
        return later(pause);
      }
      case GenesysReply.Unknown unknown -> {
        integrations.noteError(account, unknown.cause());
        return later(hold);
      }
      case GenesysReply.Refused(int status, _) -> {
        return refused(account, conversation, telling, part, reply, status);
      }
    }
  }

  private Outcome refused(
      GenesysAccount account,
      Conversation conversation,
      Telling telling,
      int part,
      GenesysReply reply,
      int status) {
    if (status == 401 || status == 403) {
      release(account, telling, part);
      integrations.noteError(account, reply.cause());
      return later(MEND);
    }
    if (status == 404) {
      release(account, telling, part);
      integrations.pause(account, "Genesys Cloud does not know the integration any more.");
      return later(MEND);
    }
    LOG.warnf(
        "genesys: %s of conversation %s: %s", telling.source(), conversation.id(), reply.cause());
    db.runInTenant(
        account.tenant(),
        tx -> {
          BridgeStore.settle(
              tx.sql(), tx.tenant(), telling.source(), part, "refused", null, reply.cause());
          events.publish(
              tx,
              conversation.lane(),
              new GenesysEvent.NotTaken(
                  conversation.id(), account.id(), telling.source(), reply.cause()));
        });
    throw new Unprocessable(reply.cause());
  }

  private void met(Tx tx, GenesysAccount account, Conversation conversation, String theirs) {
    if (!theirs.isEmpty()) {
      BridgeStore.met(
          tx.sql(), tx.tenant(), account.id(), conversation.id(), theirs, clock.instant());
    }
  }

  private void release(GenesysAccount account, Telling telling, int part) {
    db.runInTenant(
        account.tenant(), tx -> BridgeStore.release(tx.sql(), tx.tenant(), telling.source(), part));
  }

  private void count(GenesysReply reply) {
    metrics
        .counter("parley.genesys.messages", "result", reply.getClass().getSimpleName())
        .increment();
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }

  private static Outcome later(Duration pause) {
    return new Outcome.Later(pause.plusMillis(1), _ -> {});
  }
}
