package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.DeskStates;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Keeps what Genesys tells of messages that went to it: `Published` when its agents have it, `Failed` with reasons when
/// they do not. A message that is not known is none of ours.
@Singleton
final class GenesysReceipts {
  private final Counterparts counterparts;
  private final EventLog events;
  private final ToGenesysQueue queue;

  GenesysReceipts(Counterparts counterparts, EventLog events, ToGenesysQueue queue) {
    this.counterparts = counterparts;
    this.events = events;
    this.queue = queue;
  }

  /// Whether it is done: false when no message that is under way is known by that name, or not yet.
  boolean apply(Tx tx, GenesysAccount account, JsonNode webhook) {
    String status = webhook.path("status").asText("");
    boolean failed = status.equals("Failed");
    String id = webhook.path("id").asText("");
    if (id.isEmpty() || !(failed || status.equals("Published"))) {
      return true;
    }
    var receipt =
        new BridgeStore.Receipt(
            account.id(),
            id,
            webhook.at("/channel/messageId").asText(id),
            failed ? "rejected" : "published",
            failed ? reasons(webhook) : null);
    Optional<BridgeStore.Told> told =
        counterparts
            .told()
            .find(tx.tenant(), account.id(), id)
            .flatMap(part -> BridgeStore.receipt(tx.sql(), tx.tenant(), part, receipt))
            .or(() -> BridgeStore.receipt(tx.sql(), tx.tenant(), receipt));
    told.ifPresent(one -> tell(tx, account, one, receipt.failure()));
    return told.isPresent()
        || BridgeStore.named(tx.sql(), tx.tenant(), account.id(), id, receipt.externalId());
  }

  /// A file that Genesys does not take is told by its address; everything that is not taken stands in the log.
  private void tell(Tx tx, GenesysAccount account, BridgeStore.Told told, @Nullable String why) {
    if (why == null) {
      return;
    }
    DeskStates.find(tx, told.conversation())
        .ifPresent(
            conversation ->
                events.publish(
                    tx,
                    conversation.lane(),
                    new GenesysEvent.NotTaken(
                        conversation.id(), account.id(), told.source(), why)));
    queue.link(tx, account.id(), told.conversation(), told.source());
  }

  private static String reasons(JsonNode webhook) {
    var words = new StringJoiner("; ");
    for (JsonNode reason : webhook.path("reasons")) {
      words.add((reason.path("code").asText("") + " " + reason.path("message").asText("")).strip());
    }
    return words.length() == 0
        ? "Genesys Cloud gives no reason."
        : Texts.cut(words.toString(), 500);
  }
}
