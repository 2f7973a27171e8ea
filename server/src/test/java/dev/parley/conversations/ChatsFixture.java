package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.Channels;
import dev.parley.contacts.Contacts;
import dev.parley.identity.IdentityFixture;
import dev.parley.identity.RoleTable;
import dev.parley.identity.User;
import dev.parley.identity.UserRole;
import dev.parley.media.MediaFixture;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.PostgresWorkQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Two tenants with users, and all of conversations on a real database.
final class ChatsFixture implements AutoCloseable {
  final IdentityFixture identity = new IdentityFixture();
  final MediaFixture media = MediaFixture.create();
  final TenantId acme = identity.acme;
  final TenantId globex = identity.globex;
  final EventLog events = identity.events;
  final Contacts contacts = new Contacts(identity.db.tenants(), events);
  final Leases leases = new Leases(identity.db.system(), UUID.randomUUID(), Duration.ofSeconds(10));
  final PostgresWorkQueue queue =
      new PostgresWorkQueue(
          identity.db.tenants(),
          identity.db.system(),
          leases,
          new PostgresWorkQueue.Settings(200, 3, 4, Duration.ofMillis(20), Duration.ofMillis(5)));
  final MessageMedia messageMedia =
      new MessageMedia(identity.db.tenants(), events, queue, media.files, identity.clock);
  final Conversations conversations =
      new Conversations(
          identity.db.tenants(),
          contacts,
          events,
          queue,
          new Channels(
              identity.db.tenants(),
              identity.db.system(),
              events,
              identity.cipher,
              identity.audit,
              identity.clock,
              List.of()),
          messageMedia,
          identity.clock);
  final Chats chats = new Chats(identity.db.tenants(), events, media.files, identity.clock);
  final OwnChats own = new OwnChats(identity.db.tenants(), events, identity.clock);
  final ChatMembers members = new ChatMembers(identity.db.tenants(), chats, events, identity.clock);
  final MessageActions actions =
      new MessageActions(identity.db.tenants(), events, messageMedia, identity.clock);
  final MessageViews views = new MessageViews(identity.db.tenants());

  /// Somebody who has signed in.
  Caller user(TenantId tenant, UserRole role) {
    User user = identity.user(tenant, role);
    return new Caller(Caller.Kind.USER, user.id(), user.email(), tenant, null, RoleTable.of(role));
  }

  Caller agent() {
    return user(acme, UserRole.AGENT);
  }

  /// A private group of acme that the first one owns.
  Chat group(Caller owner, Caller... others) {
    return create(ConversationKind.GROUP, Chat.Privacy.PRIVATE, owner, others);
  }

  Chat create(ConversationKind kind, Chat.Privacy privacy, Caller owner, Caller... others) {
    var participants = new HashMap<UUID, ChatRole>();
    for (Caller other : others) {
      participants.put(other.id(), ChatMembers.usual(kind));
    }
    return chats.create(
        owner,
        new Chats.Draft(kind, "Lunch", null, privacy, Chat.InvitePolicy.ADMINS, participants));
  }

  Message say(Caller who, UUID chat, String text) {
    return conversations.send(who, chat, new Content.Text(text, null), null, null).message();
  }

  Message say(
      Caller who,
      UUID chat,
      String text,
      @Nullable UUID threadOf,
      Message.@Nullable Mentions mentions) {
    return conversations
        .send(
            who,
            chat,
            new Draft(new Content.Text(text, null), null, threadOf, mentions, null, null))
        .message();
  }

  Chat.Own me(Caller who, UUID chat) {
    Chat.Own own = chats.find(who, chat).me();
    if (own == null) {
      throw new IllegalStateException("no participant");
    }
    return own;
  }

  /// What happened in a conversation, in its order.
  List<StoredEvent> happened(TenantId tenant, Chat chat) {
    return events.read(new LaneKey(tenant, chat.lane()), 0, 10_000).stream()
        .filter(event -> chat.id().equals(event.conversationId()))
        .toList();
  }

  List<String> types(Chat chat) {
    return happened(acme, chat).stream().map(StoredEvent::type).toList();
  }

  static JsonNode data(StoredEvent event) {
    return Json.tree(event.data());
  }

  static Map<String, Object> row(Object... pairs) {
    var row = new HashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      row.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return row;
  }

  @Override
  public void close() {
    media.close();
    identity.close();
  }
}
