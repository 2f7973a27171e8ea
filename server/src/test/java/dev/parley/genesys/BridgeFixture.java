package dev.parley.genesys;

import dev.parley.channels.Channels;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.CustomersFixture;
import dev.parley.conversations.Message;
import dev.parley.media.MediaFixture;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Two tenants with a connection with Genesys each, whose API is a double, and everything between the event log and it on
/// a real database.
final class BridgeFixture implements AutoCloseable {
  static final int LANE = CustomersFixture.LANE;

  final GenesysDouble genesys = new GenesysDouble();
  final MediaFixture media = MediaFixture.create();
  final TenantId acme = media.acme;
  final TenantId globex = media.globex;
  final TenantDb db = media.db.tenants();
  final EventLog events = media.events;
  final CustomersFixture customers =
      new CustomersFixture(db, media.db.system(), events, media.files, media.clock);
  final Conversations conversations = customers.conversations;
  final UUID channel = customers.channel;
  final Config config;
  final TenantIntegrations ofTenants;
  final Counterparts counterparts;
  final Integrations integrations;
  final GenesysTokens tokens;
  final GenesysClient client;
  final Budget budget;
  final Desks desks;
  final ToGenesysQueue queue;
  final GenesysForwarding forwarding;
  final SendToGenesys send;
  final SendReceipts receipts;
  final GenesysReceipts fromGenesys;
  final ReceiveFromGenesys receive;
  final Endings endings;
  final List<WorkItem> queued = new ArrayList<>();
  private final Set<UUID> handled = new HashSet<>();

  BridgeFixture() {
    this(RedisClient.none());
  }

  BridgeFixture(RedisClient redis) {
    config =
        Config.load(
            Map.of(),
            null,
            Map.of(
                "genesys.login.url", "http://" + genesys.hostAndPort(),
                "genesys.api.url", "http://" + genesys.hostAndPort(),
                "genesys.timeout", "2s",
                "genesys.hold", "10s",
                "genesys.rate.per.minute", "300"));
    var http = new OutboundHttp(List.of(genesys.hostAndPort()));
    var channels =
        new Channels(
            db, media.db.system(), events, media.cipher, media.audit, media.clock, List.of());
    ofTenants = new TenantIntegrations(media.db.system(), media.clock);
    counterparts = new Counterparts(redis, media.clock);
    integrations =
        new Integrations(
            db, media.db.system(), events, media.cipher, ofTenants, media.audit, media.clock);
    tokens = new GenesysTokens(http, redis, media.cipher, media.clock, config);
    var metrics = new SimpleMeterRegistry();
    client = new GenesysClient(http, tokens, config, metrics);
    budget = new Budget(db, config);
    queue = new ToGenesysQueue(new Gathered(), media.clock);
    desks = new Desks(db, events, queue, media.audit, media.clock);
    forwarding = new GenesysForwarding(ofTenants, desks, counterparts, queue);
    var meetings = new Meetings(counterparts, media.clock);
    var tellings =
        new Tellings(conversations, customers.contacts, channels, media.files, config, media.clock);
    send =
        new SendToGenesys(
            media.tenants,
            integrations,
            desks,
            tellings,
            client,
            budget,
            meetings,
            counterparts,
            events,
            db,
            media.clock,
            metrics,
            config);
    receipts = new SendReceipts(integrations, client, budget, media.clock, metrics);
    fromGenesys = new GenesysReceipts(counterparts, events, queue);
    receive =
        new ReceiveFromGenesys(
            integrations,
            conversations,
            new AgentMessages(conversations, counterparts, meetings, queue, media.clock, metrics),
            fromGenesys,
            customers.queue,
            media.clock,
            metrics);
    endings = new Endings(integrations, client, budget, meetings, events, db, media.clock);
  }

  /// Keeps what is published, for the tests to hand over one by one.
  private final class Gathered implements WorkQueue {
    @Override
    public void publish(Tx tx, List<WorkItem> items) {
      tx.afterCommit(() -> queued.addAll(items));
    }

    @Override
    public Consumption consume(String name, BatchHandler handler) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public Consumption consume(String name, int parallel, int each, ItemHandler handler) {
      throw new UnsupportedOperationException(name);
    }
  }

  GenesysAccount connected(TenantId tenant) {
    Integration made =
        integrations.create(
            Caller.system(tenant),
            new Integrations.Wanted(
                "Genesys",
                null,
                "mypurecloud.ie",
                "client",
                new Secret("secret"),
                "open-1",
                List.of(new Secret("a secret of sixteen characters")),
                null));
    return integrations.account(tenant, made.id());
  }

  /// All conversations of the channel go to Genesys.
  void toGenesys(GenesysAccount account) {
    db.runInTenant(
        account.tenant(),
        tx ->
            DeskChoiceStore.put(
                tx.sql(),
                tx.tenant(),
                channel,
                new ChannelDesk(ChannelDesk.Choice.GENESYS, account.id(), null),
                media.clock.instant()));
  }

  /// A customer writes; answers the conversation.
  UUID written(TenantId tenant, String phone, Content content, @Nullable String replyTo) {
    return customers.written(tenant, phone, "Ana", content, replyTo, false);
  }

  UUID written(TenantId tenant, String phone, String text) {
    return written(tenant, phone, new Content.Text(text, null), null);
  }

  /// Works on an item as the queue does: what it comes to has its effect.
  WorkQueue.Outcome tell(WorkItem item) {
    WorkQueue.Outcome outcome = send.handle(item);
    db.runInTenant(item.tenant(), outcome.effect());
    return outcome;
  }

  /// Applies a receipt that Genesys has told by a webhook.
  boolean receipt(GenesysAccount account, String webhook) {
    return db.inTenant(account.tenant(), tx -> fromGenesys.apply(tx, account, Json.tree(webhook)));
  }

  List<Message> messages(TenantId tenant, UUID conversation) {
    return conversations.messages(Caller.system(tenant), conversation, 0, true, 1000);
  }

  /// Lets the reader of the log handle what it has not handled yet; answers what it has queued.
  List<WorkItem> settle(TenantId tenant) {
    var wanted = new ArrayList<StoredEvent>();
    events.read(new LaneKey(tenant, LANE), 0, 100_000).stream()
        .filter(event -> GenesysForwarding.TYPES.contains(event.type()))
        .filter(event -> handled.add(event.id()))
        .forEach(wanted::add);
    int before = queued.size();
    db.runInTenant(tenant, tx -> forwarding.handle(tx, wanted));
    return List.copyOf(queued.subList(before, queued.size()));
  }

  List<String> happened(TenantId tenant) {
    return events.read(new LaneKey(tenant, LANE), 0, 100_000).stream()
        .map(StoredEvent::type)
        .toList();
  }

  @Override
  public void close() {
    genesys.close();
    media.close();
  }
}
