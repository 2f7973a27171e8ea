package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.DeskStates;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Notices that Genesys' agents have ended a conversation, of which no webhook tells: it asks for those that were heard of
/// in the last days, each once in a while, and only with what messages leave of the budget. Where a conversation that
/// ended is answered next is decided anew.
@Singleton
public final class Endings {
  private static final Logger LOG = Logger.getLogger(Endings.class);
  private static final Duration EACH = Duration.ofMinutes(10);
  private static final int AT_A_TIME = 50;

  private final Integrations integrations;
  private final GenesysClient client;
  private final Budget budget;
  private final Meetings meetings;
  private final EventLog events;
  private final TenantDb db;
  private final InstantSource clock;

  Endings(
      Integrations integrations,
      GenesysClient client,
      Budget budget,
      Meetings meetings,
      EventLog events,
      TenantDb db,
      InstantSource clock) {
    this.integrations = integrations;
    this.client = client;
    this.budget = budget;
    this.meetings = meetings;
    this.events = events;
    this.db = db;
    this.clock = clock;
  }

  /// Asks for some of a tenant's conversations, those first that were not asked for the longest time.
  public void look(TenantId tenant) {
    Instant now = clock.instant();
    List<BridgeStore.Theirs> open =
        db.inTenant(
            tenant,
            tx ->
                BridgeStore.unasked(
                    tx.sql(), tenant, now.minus(EACH), now.minus(Desks.SILENCE), AT_A_TIME));
    Set<UUID> unable = new HashSet<>();
    for (BridgeStore.Theirs one : open) {
      GenesysAccount account =
          integrations
              .account(one.integration())
              .filter(a -> a.tenant().equals(tenant) && a.works())
              .orElse(null);
      if (account != null
          && !unable.contains(account.id())
          && !client.failing(account.id())
          && budget.take(account, Budget.Use.RECEIPT).isZero()
          && !asked(account, one, now)) {
        unable.add(account.id());
      }
    }
  }

  /// False when there is no use in asking for others of this integration.
  private boolean asked(GenesysAccount account, BridgeStore.Theirs one, Instant now) {
    GenesysReply reply = client.get(account, "/api/v2/conversations/messages/" + one.genesysId());
    boolean over =
        switch (reply) {
          case GenesysReply.Done(JsonNode conversation) -> isOver(conversation);
          case GenesysReply.Refused(int status, _) when status == 404 -> true;
          default -> false;
        };
    if (reply instanceof GenesysReply.Done || over) {
      db.runInTenant(
          account.tenant(),
          tx -> {
            BridgeStore.asked(tx.sql(), tx.tenant(), one, over, now);
            if (!over) {
              return;
            }
            meetings.over(tx, account.id(), one.conversation());
            DeskChoiceStore.undecide(tx.sql(), tx.tenant(), List.of(one.conversation()));
            DeskStates.find(tx, one.conversation())
                .ifPresent(
                    conversation ->
                        events.publish(
                            tx,
                            conversation.lane(),
                            new GenesysEvent.Ended(
                                conversation.id(), account.id(), one.genesysId())));
          });
      return true;
    }
    LOG.debugf("genesys: conversation %s: %s", one.genesysId(), reply.cause());
    return false;
  }

  /// Whether everybody has left, or at least the customer's side was closed.
  static boolean isOver(JsonNode conversation) {
    boolean customers = false;
    boolean anybody = false;
    for (JsonNode participant : conversation.path("participants")) {
      boolean gone =
          Set.of("disconnected", "terminated").contains(participant.path("state").asText(""));
      if (participant.path("purpose").asText("").equals("customer")) {
        customers = true;
        anybody |= !gone;
      }
    }
    return customers && !anybody;
  }
}
