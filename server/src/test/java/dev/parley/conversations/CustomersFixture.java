package dev.parley.conversations;

import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.media.Files;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.telemetry.Trace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Customers of any tenant who write on a channel that takes everything, so that tests need no connected account.
public final class CustomersFixture {
  /// The lane of all their conversations.
  public static final int LANE = 3;

  private static final AtomicInteger WRITTEN = new AtomicInteger();

  public final UUID channel = UUID.randomUUID();
  public final Contacts contacts;
  public final PostgresWorkQueue queue;
  public final Conversations conversations;
  private final TenantDb db;
  private final InstantSource clock;

  /// On that database, with these files.
  public CustomersFixture(
      TenantDb db, SystemDb system, EventLog events, Files files, InstantSource clock) {
    this.db = db;
    this.clock = clock;
    this.contacts = new Contacts(db, events);
    this.queue =
        new PostgresWorkQueue(
            db,
            system,
            new Leases(system, UUID.randomUUID(), Duration.ofSeconds(10)),
            new PostgresWorkQueue.Settings(200, 3, 4, Duration.ofMillis(20), Duration.ofMillis(5)));
    this.conversations =
        new Conversations(
            db,
            contacts,
            events,
            queue,
            new AnyChannel(),
            new MessageMedia(db, events, queue, files, clock),
            clock);
  }

  private static final class AnyChannel implements ChannelGate {
    @Override
    public void check(Tx tx, UUID channelId, Content content) {}

    @Override
    public Opening opening(Tx tx, UUID channelId, Contact contact) {
      return new Opening(UUID.randomUUID(), LANE, false);
    }
  }

  /// Where a customer of that number writes.
  public Inbound.Origin origin(TenantId tenant, String phone, @Nullable String name) {
    var who =
        new Contacts.Sighting(List.of(Identity.phone(phone)), name, new UUID(0, tenant.hashCode()));
    return new Inbound.Origin(channel, who, LANE, true, Trace.accept("corr", null));
  }

  /// Somebody writes, or with `byUs` the business does on its phone; answers the conversation.
  public UUID written(
      TenantId tenant,
      String phone,
      @Nullable String name,
      Content content,
      @Nullable String replyTo,
      boolean byUs) {
    Inbound.Origin origin = origin(tenant, phone, name);
    var written =
        new Inbound.Written(
            origin,
            clock.instant(),
            "wamid." + WRITTEN.incrementAndGet(),
            content,
            replyTo,
            null,
            byUs);
    db.runInTenant(tenant, tx -> conversations.receive(tx, List.of(written)));
    return db.inTenant(
        tenant,
        tx -> {
          UUID contact = contacts.resolve(tx, List.of(LANE), List.of(origin.customer())).getFirst();
          return ConversationLists.page(
                  tx,
                  ConversationFilter.ALL.of(List.of(contact)),
                  ConversationLists.Sort.NEWEST,
                  null,
                  1)
              .items()
              .getFirst()
              .id();
        });
  }
}
