package dev.parley.inbox;

import dev.parley.contacts.Contacts;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.CustomersFixture;
import dev.parley.conversations.DeskStates;
import dev.parley.identity.IdentityFixture;
import dev.parley.identity.RoleTable;
import dev.parley.identity.User;
import dev.parley.identity.UserRole;
import dev.parley.media.MediaFixture;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import dev.parley.platform.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Two tenants with agents, customers who write, and all of the inbox on a real database.
final class InboxFixture implements AutoCloseable {
  private static final int LANE = CustomersFixture.LANE;

  final IdentityFixture identity = new IdentityFixture();
  final MediaFixture media = MediaFixture.create();
  final TenantId acme = identity.acme;
  final TenantId globex = identity.globex;
  final EventLog events = identity.events;

  /// The tenants' transactions, whose statements can be counted.
  final TenantDb db = new TenantDb(identity.connections);

  final Timers timers = new Timers(identity.db.database().system(), Duration.ofMillis(50));
  final CustomersFixture customers =
      new CustomersFixture(db, identity.db.system(), events, media.files, identity.clock);
  final Contacts contacts = customers.contacts;
  final Conversations conversations = customers.conversations;
  final UUID channel = customers.channel;
  final DeskStates desk = new DeskStates(db, events, timers, identity.clock);
  final Inbox inbox = new Inbox(db, contacts);
  final InboxActions actions = new InboxActions(db, desk, inbox, events, identity.clock);
  final Teams teams = new Teams(db, events, identity.audit);
  final Tags tags = new Tags(db, events, identity.audit);
  final Unassignment unassignment = new Unassignment(desk);
  private final Set<UUID> handled = new HashSet<>();

  Caller user(TenantId tenant, UserRole role) {
    User user = identity.user(tenant, role);
    return new Caller(Caller.Kind.USER, user.id(), user.email(), tenant, null, RoleTable.of(role));
  }

  Caller agent() {
    return user(acme, UserRole.AGENT);
  }

  Caller manager() {
    return user(acme, UserRole.MANAGER);
  }

  /// A customer writes; answers the conversation.
  UUID written(String phone) {
    return written(acme, phone, null, new Content.Text("Hello", null), false);
  }

  UUID written(
      TenantId tenant, String phone, @Nullable String name, Content content, boolean byUs) {
    return customers.written(tenant, phone, name, content, null, byUs);
  }

  Conversation now(UUID id) {
    return db.inTenant(acme, tx -> DeskStates.find(tx, id)).orElseThrow();
  }

  void answer(Caller who, UUID id) {
    conversations.send(who, id, new Content.Text("Good morning", null), null, null);
  }

  /// What happened in a conversation, in its order.
  List<StoredEvent> happened(UUID id) {
    return events.read(new LaneKey(acme, LANE), 0, 100_000).stream()
        .filter(event -> id.equals(event.conversationId()))
        .toList();
  }

  List<StoredEvent> happened(UUID id, String type) {
    return happened(id).stream().filter(event -> event.type().equals(type)).toList();
  }

  static String data(StoredEvent event, String field) {
    return Json.tree(event.data()).path(field).asText();
  }

  /// Lets the reader of the log handle what it has not handled yet.
  void settle() {
    var wanted = new ArrayList<StoredEvent>();
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      events.read(new LaneKey(acme, lane), 0, 100_000).stream()
          .filter(event -> Unassignment.TYPES.contains(event.type()))
          .filter(event -> handled.add(event.id()))
          .forEach(wanted::add);
    }
    db.runInTenant(acme, tx -> unassignment.handle(tx, wanted));
  }

  @Override
  public void close() {
    media.close();
    identity.close();
  }
}
