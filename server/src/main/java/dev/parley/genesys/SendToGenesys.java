package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.DeskStates;
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
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
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
  private final Desks desks;
  private final Tellings tellings;
  private final GenesysClient client;
  private final Budget budget;
  private final Meetings meetings;
  private final Counterparts counterparts;
  private final EventLog events;
  private final TenantDb db;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final Duration hold;
  private final Instant begun;

  SendToGenesys(
      Tenants tenants,
      Integrations integrations,
      Desks desks,
      Tellings tellings,
      GenesysClient client,
      Budget budget,
      Meetings meetings,
      Counterparts counterparts,
      EventLog events,
      TenantDb db,
      InstantSource clock,
      MeterRegistry metrics,
      Config config) {
    this.tenants = tenants;
    this.integrations = integrations;
    this.desks = desks;
    this.tellings = tellings;
    this.client = client;
    this.budget = budget;
    this.meetings = meetings;
    this.counterparts = counterparts;
    this.events = events;
    this.db = db;
    this.clock = clock;
    this.metrics = metrics;
    this.hold = config.get(Keys.GENESYS_HOLD);
    this.begun = clock.instant();
  }

  /// What there is to do about an item.
  private sealed interface Turn {
    /// Nothing more for now.
    record Ended(Outcome outcome) implements Turn {}

    /// To hand over this part, which is claimed.
    record Post(Conversation conversation, Telling telling, int part) implements Turn {}
  }

  /// Handles an item of the queue of messages.
  public Outcome handle(WorkItem item) {
    var data = Json.tree(item.payload());
    TenantId tenant = item.tenant();
    UUID id = UUID.fromString(data.path("integrationId").asText());
    UUID conversation = UUID.fromString(data.path("conversationId").asText());
    GenesysAccount account =
        integrations.account(id).filter(a -> a.tenant().equals(tenant)).orElse(null);
    if (account == null) {
      return done();
    }
    boolean mayWork = tenants.state(tenant).filter(Tenant.State.ACTIVE::equals).isPresent();
    if (!mayWork || !account.works()) {
      return later(REST);
    }
    Turn turn = db.inTenant(tenant, tx -> begun(tx, item, account, conversation));
    while (true) {
      switch (turn) {
        case Turn.Ended(Outcome outcome) -> {
          return outcome;
        }
        case Turn.Post post -> {
          CrashPoint.SEND_CLAIMED.reached();
          GenesysReply reply = hand(account, post.telling(), post.part());
          CrashPoint.SEND_ANSWERED.reached();
          count(reply);
          turn = answered(account, post, reply);
        }
      }
    }
  }

  /// Everything before the first call in one transaction, which ends with the claim.
  private Turn begun(Tx tx, WorkItem item, GenesysAccount account, UUID id) {
    Conversation conversation = DeskStates.find(tx, id).orElse(null);
    if (conversation == null) {
      return ended();
    }
    // What waited while somebody took the conversation away is told to the desk that has it now.
    if (!item.kind().equals(ToGenesysQueue.LEFT) && isElsewhere(tx, id, account.id())) {
      return ended();
    }
    return switch (tellings.make(tx, item, account, conversation)) {
      case Tellings.Made.Nothing _ -> ended();
      case Tellings.Made.Wait(Duration pause) -> new Turn.Ended(later(pause));
      case Tellings.Made.Ready(Telling telling) -> claimed(tx, account, conversation, telling, 0);
    };
  }

  /// Whether another desk has the conversation; not when nothing is decided any more, because what was to go goes.
  private boolean isElsewhere(Tx tx, UUID conversation, UUID integration) {
    ConversationDesk desk = desks.decided(tx, List.of(conversation)).get(conversation);
    return desk != null && !integration.equals(desk.integrationId());
  }

  /// Claims the first part that is not settled, from `from` on.
  private Turn claimed(
      Tx tx, GenesysAccount account, Conversation conversation, Telling telling, int from) {
    Map<Integer, BridgeStore.Progress> all =
        BridgeStore.progress(tx.sql(), tx.tenant(), telling.source());
    for (int part = from; part < telling.parts().size(); part++) {
      BridgeStore.Progress progress = all.get(part);
      if (progress == null || !progress.settled()) {
        Duration wait = wait(tx, account, telling, progress);
        if (wait.isPositive()) {
          return new Turn.Ended(later(wait));
        }
        boolean placeholder =
            telling.parts().get(part) instanceof Part.Text text && text.placeholder();
        var piece =
            new BridgeStore.Piece(
                telling.source(),
                part,
                account.id(),
                conversation.id(),
                telling.externalId(part),
                placeholder);
        if (BridgeStore.claim(tx.sql(), tx.tenant(), piece)) {
          return new Turn.Post(conversation, telling, part);
        }
      }
    }
    return ended();
  }

  /// How long a part has to wait: for a receipt of a call without an answer, for Genesys, or for its turn.
  private Duration wait(
      Tx tx, GenesysAccount account, Telling telling, BridgeStore.@Nullable Progress progress) {
    if (progress != null && progress.state().equals("claimed")) {
      // While the process was away Genesys could not tell its receipt.
      Duration here = Duration.between(begun, clock.instant());
      Duration claimed = progress.claimed();
      Duration left = hold.minus(claimed.compareTo(here) < 0 ? claimed : here);
      if (left.isPositive()) {
        return left;
      }
      metrics.counter("parley.genesys.repeated").increment();
    }
    Duration breaker = client.admit(account);
    if (breaker.isPositive()) {
      return breaker;
    }
    Duration wait = budget.take(tx, account, Budget.Use.MESSAGE);
    return wait.isPositive() ? spread(wait, telling.source()) : Duration.ZERO;
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

  private Turn answered(GenesysAccount account, Turn.Post post, GenesysReply reply) {
    switch (reply) {
      case GenesysReply.Done(var body) -> {
        if (account.integration().lastError() != null) {
          integrations.noteError(account, null);
        }
        Consumer<Tx> posted = tx -> posted(tx, account, post, body);
        if (post.part() == post.telling().parts().size() - 1) {
          return new Turn.Ended(new Outcome.Done(posted));
        }
        return db.inTenant(
            account.tenant(),
            tx -> {
              posted.accept(tx);
              return claimed(tx, account, post.conversation(), post.telling(), post.part() + 1);
            });
      }
      case GenesysReply.Later(Duration pause, _, boolean limited) -> {
        if (limited) {
          budget.block(account, pause);
        } else {
          integrations.noteError(account, reply.cause());
        }
        return released(post, pause);
      }
      case GenesysReply.Unknown unknown -> {
        integrations.noteError(account, unknown.cause());
        return new Turn.Ended(later(hold));
      }
      case GenesysReply.Refused(int status, _) -> {
        return refused(account, post, reply, status);
      }
    }
  }

  private void posted(Tx tx, GenesysAccount account, Turn.Post post, JsonNode body) {
    String theirs = body.path("id").asText("");
    UUID source = post.telling().source();
    BridgeStore.settle(
        tx.sql(),
        tx.tenant(),
        source,
        post.part(),
        "posted",
        theirs.isEmpty() ? null : theirs,
        null);
    if (!theirs.isEmpty()) {
      var told = new Counterparts.Told(source, post.part());
      tx.afterCommit(() -> counterparts.told().put(tx.tenant(), account.id(), theirs, told));
    }
    meetings.met(
        tx, account.id(), post.conversation().id(), body.path("conversationId").asText(""));
  }

  private Turn refused(GenesysAccount account, Turn.Post post, GenesysReply reply, int status) {
    if (status == 401 || status == 403) {
      integrations.noteError(account, reply.cause());
      return released(post, MEND);
    }
    if (status == 404) {
      integrations.pause(account, "Genesys Cloud does not know the integration any more.");
      return released(post, MEND);
    }
    Conversation conversation = post.conversation();
    UUID source = post.telling().source();
    LOG.warnf("genesys: %s of conversation %s: %s", source, conversation.id(), reply.cause());
    db.runInTenant(
        account.tenant(),
        tx -> {
          BridgeStore.settle(
              tx.sql(), tx.tenant(), source, post.part(), "refused", null, reply.cause());
          events.publish(
              tx,
              conversation.lane(),
              new GenesysEvent.NotTaken(conversation.id(), account.id(), source, reply.cause()));
        });
    throw new Unprocessable(reply.cause());
  }

  /// Certainly not taken: again after a pause.
  private static Turn released(Turn.Post post, Duration pause) {
    return new Turn.Ended(
        new Outcome.Later(
            pause.plusMillis(1),
            tx ->
                BridgeStore.release(tx.sql(), tx.tenant(), post.telling().source(), post.part())));
  }

  private void count(GenesysReply reply) {
    metrics
        .counter("parley.genesys.messages", "result", reply.getClass().getSimpleName())
        .increment();
  }

  private static Turn ended() {
    return new Turn.Ended(done());
  }

  private static Outcome done() {
    return new Outcome.Done(_ -> {});
  }

  private static Outcome later(Duration pause) {
    return new Outcome.Later(pause.plusMillis(1), _ -> {});
  }
}
