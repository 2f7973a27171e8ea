package dev.parley.inbox;

import dev.parley.channels.Channel;
import dev.parley.channels.Channels;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationFilter;
import dev.parley.conversations.ConversationLists;
import dev.parley.conversations.DeskChange;
import dev.parley.conversations.DeskStates;
import dev.parley.identity.User;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Customers' conversations as agents see them: in lists and one by one, with contact, channel, hands and tags. What a
/// page costs does not depend on how many rows it has.
@Singleton
public final class Inbox {
  private final TenantDb db;
  private final Contacts contacts;

  /// Reads through `db`.
  public Inbox(TenantDb db, Contacts contacts) {
    this.db = db;
    this.contacts = contacts;
  }

  /// What is asked for.
  ///
  /// @param text name, phone number or another identity of the contact; null for any
  public record Question(ConversationFilter filter, @Nullable String text) {}

  /// A page of the list. Throws a [Problem] when `after` is no cursor of this order or the text has nothing to look for.
  public Page<InboxConversation> page(
      Caller caller,
      Question question,
      ConversationLists.Sort sort,
      @Nullable String after,
      int limit) {
    ConversationFilter filter = found(caller, question);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Page<Conversation> page = ConversationLists.page(tx, filter, sort, after, limit);
          return new Page<>(views(tx, page.items()), page.next());
        });
  }

  /// How many conversations the same question has, and how many of some kinds.
  public ConversationLists.Counts counts(Caller caller, Question question) {
    ConversationFilter filter = found(caller, question);
    return db.inTenant(caller.inTenant(), tx -> ConversationLists.counts(tx, caller.id(), filter));
  }

  /// The search is in a transaction of its own, which a distributed database asks of such functions.
  private ConversationFilter found(Caller caller, Question question) {
    String text = question.text();
    ConversationFilter filter = question.filter();
    if (text == null) {
      return filter;
    }
    List<UUID> found =
        db.inTenant(caller.inTenant(), tx -> ConversationLists.contactsLike(tx, text));
    List<UUID> wanted = filter.contactIds();
    return filter.of(wanted == null ? found : found.stream().filter(wanted::contains).toList());
  }

  /// One conversation with everything, and with those who take part. Throws a [Problem] when there is none.
  public InboxConversation find(Caller caller, UUID id) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          InboxConversation view =
              view(tx, DeskStates.find(tx, id).orElseThrow(() -> Problem.notFound("conversation")));
          List<ConversationLists.Participant> people = ConversationLists.participants(tx, id);
          Map<UUID, User> users =
              byId(
                  Users.find(tx, people.stream().map(ConversationLists.Participant::id).toList()),
                  User::id);
          return view.with(
              people.stream().map(one -> one.named(name(one, view, users))).toList(),
              NoteStore.count(tx.sql(), tx.tenant(), id));
        });
  }

  private static @Nullable String name(
      ConversationLists.Participant one, InboxConversation view, Map<UUID, User> users) {
    if (one.kind().equals("contact")) {
      return view.contact() == null ? null : view.contact().name();
    }
    User user = users.get(one.id());
    return user == null ? null : user.name();
  }

  /// What was done with a conversation at the desk, the newest first: `limit` + 1 rows where there are more. Throws a
  /// [Problem] when there is no such conversation.
  public List<DeskChange> history(Caller caller, UUID id, @Nullable UUID before, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          if (DeskStates.find(tx, id).isEmpty()) {
            throw Problem.notFound("conversation");
          }
          return DeskStates.changes(tx, id, before, limit);
        });
  }

  /// One conversation as a row.
  InboxConversation view(Tx tx, Conversation conversation) {
    return views(tx, List.of(conversation)).getFirst();
  }

  private List<InboxConversation> views(Tx tx, List<Conversation> page) {
    if (page.isEmpty()) {
      return List.of();
    }
    Map<UUID, Contact> people =
        byId(contacts.find(tx, ids(page, Conversation::contactId)), Contact::id);
    Map<UUID, Channel> channels =
        byId(Channels.find(tx, ids(page, Conversation::channelId)), Channel::id);
    Map<UUID, User> users = byId(Users.find(tx, ids(page, Conversation::assigneeId)), User::id);
    Map<UUID, InboxConversation.Named> teams =
        byId(
            TeamStore.names(tx.sql(), tx.tenant(), ids(page, Conversation::teamId)),
            InboxConversation.Named::id);
    Map<UUID, List<Tag.Label>> tags =
        TagStore.ofConversations(
            tx.sql(), tx.tenant(), page.stream().map(Conversation::id).toList());
    return page.stream()
        .map(
            one ->
                view(
                    one,
                    new Around(
                        people.get(one.contactId()),
                        channels.get(one.channelId()),
                        one.assigneeId() == null ? null : users.get(one.assigneeId()),
                        one.teamId() == null ? null : teams.get(one.teamId()),
                        tags.getOrDefault(one.id(), List.of()))))
        .toList();
  }

  /// What stands around a conversation, as far as it is still there.
  private record Around(
      @Nullable Contact contact,
      @Nullable Channel channel,
      @Nullable User assignee,
      InboxConversation.@Nullable Named team,
      List<Tag.Label> tags) {}

  private static InboxConversation view(Conversation c, Around around) {
    Contact contact = around.contact();
    Channel channel = around.channel();
    User assignee = around.assignee();
    return new InboxConversation(
        c.id(),
        c.projectId(),
        c.channelId(),
        c.contactId(),
        c.lane(),
        c.status(),
        c.snoozedUntil(),
        c.priority(),
        c.assigneeId(),
        c.teamId(),
        c.waitingSince(),
        c.lastSeq(),
        c.lastMessage(),
        c.unread(),
        c.window(),
        c.lastAt(),
        c.createdAt(),
        c.updatedAt(),
        contact == null
            ? null
            : new InboxConversation.Person(contact.id(), contact.name(), address(contact), null),
        channel == null
            ? null
            : new InboxConversation.Place(channel.id(), channel.name(), channel.kind()),
        assignee == null
            ? null
            : new InboxConversation.Person(
                assignee.id(), assignee.name(), assignee.email(), assignee.profile().avatar()),
        around.team(),
        around.tags(),
        null,
        null);
  }

  private static @Nullable String address(Contact contact) {
    return Stream.concat(
            contact.identities().stream().filter(i -> i.kind() == Identity.Kind.PHONE),
            contact.identities().stream())
        .findFirst()
        .map(Identity::value)
        .orElse(null);
  }

  private static List<UUID> ids(
      List<Conversation> page, Function<Conversation, @Nullable UUID> field) {
    var ids = new HashSet<UUID>();
    page.stream().map(field).filter(Objects::nonNull).forEach(ids::add);
    return List.copyOf(ids);
  }

  private static <T> Map<UUID, T> byId(List<T> things, Function<T, UUID> id) {
    return things.stream().collect(Collectors.toMap(id, thing -> thing));
  }
}
