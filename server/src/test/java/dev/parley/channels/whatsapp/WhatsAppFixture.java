package dev.parley.channels.whatsapp;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Channels;
import dev.parley.channels.ProviderFiles;
import dev.parley.channels.Templates;
import dev.parley.contacts.Contacts;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationFilter;
import dev.parley.conversations.ConversationLists;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Message;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.MediaFixture;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.telemetry.Trace;
import dev.parley.testing.Connections;
import dev.parley.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// Two tenants with a WhatsApp channel each, everything from the webhook's split to the conversations on a real
/// database, and a clock that the test sets.
final class WhatsAppFixture implements AutoCloseable {
  /// When the payload files say that their messages were written.
  static final Instant WRITTEN = Instant.ofEpochSecond(1_750_030_073);

  final MediaFixture media = MediaFixture.create();
  final TestDatabase db = media.db;
  volatile Instant now = WRITTEN.plusSeconds(1);
  final Connections connections = new Connections(db.database().app());
  final TenantDb tenants = new TenantDb(connections);
  final EventLog events = new EventLog(tenants, () -> now);
  final Contacts contacts = new Contacts(tenants, events);
  final Leases leases =
      new Leases(new SystemDb(db.database().system()), UUID.randomUUID(), Duration.ofSeconds(2));
  final PostgresWorkQueue queue =
      new PostgresWorkQueue(
          tenants,
          db.system(),
          leases,
          new PostgresWorkQueue.Settings(200, 3, 4, Duration.ofMillis(20), Duration.ofMillis(5)));
  final ProviderFiles uploads = new ProviderFiles(tenants, () -> now);
  final Channels channels;
  final MessageMedia messageMedia;
  final Conversations conversations;
  final Deliveries deliveries;
  final WhatsAppInbound inbound;
  final ChannelAccount acme;
  final ChannelAccount globex;

  WhatsAppFixture() {
    var http = new OutboundHttp(List.of());
    var second = Duration.ofSeconds(1);
    var client =
        new WhatsAppClient(
            http,
            "https://graph.invalid",
            "v23.0",
            new WhatsAppClient.Times(second, second, second));
    messageMedia = new MessageMedia(tenants, events, queue, media.files, () -> now);
    channels =
        new Channels(
            tenants,
            db.system(),
            events,
            FieldCipher.of(new Secret(FieldCipher.generate("k1"))),
            new Audit(tenants, () -> now),
            () -> now,
            List.of(
                new WhatsAppConnector(
                    client,
                    media.files,
                    uploads,
                    WhatsAppMediaFixture.conversions(),
                    messageMedia,
                    () -> now)));
    conversations =
        new Conversations(tenants, contacts, events, queue, channels, messageMedia, () -> now);
    deliveries = new Deliveries(tenants, contacts, events, () -> now);
    inbound = new WhatsAppInbound(channels, conversations, messageMedia, uploads, templates());
    acme = channel(db.acme);
    globex = channel(db.globex);
  }

  private Templates templates() {
    return new Templates(channels, tenants, events, new Audit(tenants, () -> now), () -> now);
  }

  ChannelAccount channel(TenantId tenant) {
    UUID id =
        channels
            .create(
                Caller.system(tenant),
                UUID.randomUUID(),
                "whatsapp",
                "Main",
                Json.tree("{\"phoneNumberId\":\"106540352242922\",\"wabaId\":\"102290129340398\"}"),
                new ChannelAccount.Credentials(
                    new Secret("token"),
                    List.of(new Secret("a secret of the app")),
                    new Secret("verify token")))
            .id();
    return channels.account(id).orElseThrow();
  }

  Caller caller(ChannelAccount account) {
    return Caller.system(account.tenant());
  }

  static byte[] payload(String name) {
    try (InputStream in =
        WhatsAppFixture.class.getResourceAsStream("/webhooks/whatsapp/" + name + ".json")) {
      if (in == null) {
        throw new IllegalArgumentException("no payload " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<WorkItem> split(ChannelAccount account, byte[] body) {
    return WhatsAppSplit.split(account, body, Trace.accept("corr-1", null), now);
  }

  /// Handles updates in one transaction, as the queue would a batch.
  void handle(ChannelAccount account, List<WorkItem> items) {
    tenants.runInTenant(account.tenant(), tx -> inbound.handle(tx, items));
  }

  void receive(ChannelAccount account, String json) {
    handle(account, split(account, json.getBytes(StandardCharsets.UTF_8)));
  }

  List<Conversation> conversationsOf(ChannelAccount account) {
    return tenants
        .inTenant(
            account.tenant(),
            tx ->
                ConversationLists.page(
                    tx, ConversationFilter.ALL, ConversationLists.Sort.NEWEST, null, 200))
        .items();
  }

  /// All messages of the account's conversations, in the order of each.
  List<Message> messages(ChannelAccount account) {
    var all = new ArrayList<Message>();
    for (Conversation conversation : conversationsOf(account)) {
      all.addAll(conversations.messages(caller(account), conversation.id(), 0, true, 5000));
    }
    return all;
  }

  /// The tenant's events in the order of their lanes.
  List<StoredEvent> events(TenantId tenant) {
    var all = new ArrayList<StoredEvent>();
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      all.addAll(events.read(new LaneKey(tenant, lane), 0, 10_000));
    }
    all.sort(Comparator.comparingInt(StoredEvent::lane).thenComparingLong(StoredEvent::seq));
    return all;
  }

  List<String> eventTypes(TenantId tenant, UUID message) {
    return events(tenant).stream()
        .filter(e -> Json.tree(e.data()).path("messageId").asText().equals(message.toString()))
        .map(StoredEvent::type)
        .toList();
  }

  int count(TenantId tenant, String sql) {
    return db.tenants()
        .inTenant(tenant, tx -> tx.sql().createQuery(sql).mapTo(Integer.class).one());
  }

  static String text(String from, String id, long time, String body) {
    return """
        {"from":"%s","id":"%s","timestamp":"%d","type":"text","text":{"body":"%s"}}"""
        .formatted(from, id, time, body);
  }

  static String webhook(String messages, String statuses) {
    return """
        {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":
        {"messaging_product":"whatsapp","metadata":{"phone_number_id":"106540352242922"},
         "messages":[%s],"statuses":[%s]}}]}]}"""
        .formatted(messages, statuses);
  }

  @Override
  public void close() {
    media.close();
  }
}
