package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkQueue.Consumption;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// All that runs all the time between Parley and Genesys Cloud.
@Singleton
public final class GenesysBridge {
  /// The queues that it works on.
  public static final List<String> QUEUES =
      List.of(
          WebhookItem.QUEUE,
          WebhookItem.RECEIPTS,
          WebhookItem.SLOW,
          ToGenesysQueue.MESSAGES,
          ToGenesysQueue.RECEIPTS);

  // Nobody waits for them, and together they cost less.
  private static final Duration RECEIPTS_WAIT = Duration.ofMillis(500);

  private final PostgresWorkQueue queue;
  private final Subscriptions subscriptions;
  private final TenantIntegrations integrations;
  private final GenesysForwarding forwarding;
  private final ReceiveFromGenesys receive;
  private final ReceiveSlowly receiveSlowly;
  private final SendToGenesys send;
  private final SendReceipts receipts;
  private final TenantDb db;
  private final Config config;

  GenesysBridge(
      PostgresWorkQueue queue,
      Subscriptions subscriptions,
      TenantIntegrations integrations,
      GenesysForwarding forwarding,
      ReceiveFromGenesys receive,
      ReceiveSlowly receiveSlowly,
      SendToGenesys send,
      SendReceipts receipts,
      // Its timer has to be known before any timer fires.
      Creation creation,
      TenantDb db,
      Config config) {
    this.queue = queue;
    this.subscriptions = subscriptions;
    this.integrations = integrations;
    this.forwarding = forwarding;
    this.receive = receive;
    this.receiveSlowly = receiveSlowly;
    this.send = send;
    this.receipts = receipts;
    this.db = db;
    this.config = config;
  }

  /// To be started once.
  public Consumption consume() {
    int all = config.get(Keys.SENDS);
    int each = config.get(Keys.SENDS_EACH);
    List<Consumption> parts =
        List.of(
            queue.consume(ToGenesysQueue.MESSAGES, all, each, send::handle),
            queue.consume(ToGenesysQueue.RECEIPTS, all, each, receipts::handle),
            queue.consume(WebhookItem.SLOW, all, each, receiveSlowly::handle),
            queue.consume(WebhookItem.QUEUE, receive),
            queue.consume(WebhookItem.RECEIPTS, RECEIPTS_WAIT, receive),
            subscriptions.subscribe(
                GenesysForwarding.NAME,
                GenesysForwarding.TYPES,
                forwarding,
                config.get(Keys.WORKERS),
                forwarding::pause));
    return new Consumption() {
      @Override
      public void start() {
        integrations.start();
        parts.forEach(Consumption::start);
      }

      @Override
      public void stop(Duration patience) {
        parts.reversed().forEach(part -> part.stop(patience));
      }
    };
  }

  /// Forgets what went across before that moment, but for which conversation is which customer's; answers how many rows.
  public int deleteBefore(TenantId tenant, Instant time) {
    return db.inTenant(
        tenant,
        tx ->
            BridgeStore.deleteBefore(tx.sql(), tenant, time)
                + ReceivedStore.deleteBefore(tx.sql(), tenant, time)
                + DeskChoiceStore.deleteBefore(tx.sql(), tenant, time));
  }
}
