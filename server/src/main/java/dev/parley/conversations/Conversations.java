package dev.parley.conversations;

import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Conversations and messages: receive, send, read.
@Singleton
public final class Conversations {
  /// The queue from which messages go out. Items' payload is `{"messageId"}` for the kind `message`, and
  /// `{"conversationId","providerMessageId","typing"}` for the kind `read`.
  public static final String OUTBOUND = "outbound-messages";

  private final TenantDb db;
  private final Contacts contacts;
  private final EventLog events;
  private final ChannelGate gate;
  private final InstantSource clock;
  private final ReceiveMessages receive;
  private final SendMessages send;
  private final ApplyReceipts receipts;
  private final PostMessages post;
  private final PostTogether together;

  /// Works through `db`; what may be sent is asked of `gate`.
  public Conversations(
      TenantDb db,
      Contacts contacts,
      EventLog events,
      WorkQueue queue,
      ChannelGate gate,
      MessageMedia media,
      InstantSource clock) {
    this.db = db;
    this.contacts = contacts;
    this.events = events;
    this.gate = gate;
    this.clock = clock;
    this.receive = new ReceiveMessages(contacts, events, media, clock);
    this.send = new SendMessages(events, queue, gate, media, clock);
    this.receipts = new ApplyReceipts(events);
    this.post = new PostMessages(events, media, clock);
    this.together = new PostTogether(db, post);
  }

  /// Stores what a channel tells: any number of things about any customers of one tenant. What was stored before is
  /// left out, so the same batch may come any number of times. Answers the edits and revocations of messages that
  /// nobody has stored; the channel keeps them.
  public List<Inbound> receive(Tx tx, List<Inbound> batch) {
    var written = new ArrayList<Inbound.Written>();
    for (Inbound inbound : batch) {
      switch (inbound) {
        case Inbound.Written message -> written.add(message);
        case Inbound.Renamed renamed -> {
          UUID contact =
              contacts
                  .resolve(
                      tx, List.of(renamed.origin().lane()), List.of(renamed.origin().customer()))
                  .getFirst();
          contacts.alias(tx, contact, renamed.identity());
          written.add(renamed.notice());
        }
        case Inbound.Edited _, Inbound.Revoked _ -> {}
      }
    }
    if (!written.isEmpty()) {
      receive.receive(tx, written);
    }
    var unmatched = new ArrayList<Inbound>();
    // After the messages, because an edit may have come in the same batch as what it edits.
    for (Inbound inbound : batch) {
      switch (inbound) {
        case Inbound.Edited edited -> {
          if (!receive.edit(tx, edited)) {
            unmatched.add(edited);
          }
        }
        case Inbound.Revoked revoked -> {
          if (!receive.revoke(tx, revoked)) {
            unmatched.add(revoked);
          }
        }
        case Inbound.Written _, Inbound.Renamed _ -> {}
      }
    }
    return unmatched;
  }

  /// Applies what a channel tells about messages that we sent, in any order and any number of times.
  public void receipts(Tx tx, List<Receipt> batch) {
    receipts.apply(tx, batch);
  }

  /// [#send(Caller, UUID, Draft)] of what any conversation takes.
  public SendResult send(
      Caller caller,
      UUID conversationId,
      Content content,
      @Nullable UUID replyTo,
      @Nullable String clientKey) {
    return send(
        caller,
        conversationId,
        new Draft(
            content,
            replyTo,
            null,
            null,
            null,
            clientKey == null ? null : new ClientKey(clientKey, null)));
  }

  /// Stores a message, in a customer's conversation with its delivery queued, in one transaction. A repeated client key
  /// is no error: the first message comes back. Nothing has been sent when this returns. Throws a [Problem] when there
  /// is no such conversation for the caller, when the caller may only read it, when the channel cannot send the
  /// content, or when its 24-hour window is closed.
  public SendResult send(Caller caller, UUID conversationId, Draft draft) {
    // Of who may write to customers too it is not known whom this is for until the conversation is
    // locked.
    if (!caller.allows(Permission.CONVERSATIONS_WRITE)) {
      Optional<SendResult> sent =
          together.post(new PostMessages.Post(caller, conversationId, draft, Trace.current()));
      if (sent.isPresent()) {
        return sent.get();
      }
    }
    return db.inTenant(caller.inTenant(), tx -> send(tx, caller, conversationId, draft));
  }

  /// [#send(Caller, UUID, Draft)] in the transaction of the caller. For content that names no file a [Problem] comes
  /// before anything is written.
  public SendResult send(Tx tx, Caller caller, UUID conversationId, Draft draft) {
    Optional<Conversation> customers =
        caller.allows(Permission.CONVERSATIONS_WRITE)
            ? ConversationStore.lock(tx.sql(), tx.tenant(), conversationId)
            : Optional.empty();
    if (customers.isEmpty()) {
      return post.post(tx, caller, conversationId, draft);
    }
    if (draft.isForUsers()) {
      throw Problem.invalid(
          "threadOf", "and mentions and metadata are for conversations among users");
    }
    return send.send(
        tx, caller, customers.get(), draft.content(), draft.replyTo(), draft.clientKey());
  }

  /// What the caller may do in these conversations, by id; those of which the caller may not even know are left out.
  /// One statement for up to [ChatLimits#ACCESS_AT_ONCE]; throws `IllegalArgumentException` for more. It tells what was
  /// so when it was asked; from then on the events `participant.*` and `conversation.*` tell what changes, in the
  /// conversation's lane.
  public Map<UUID, ConversationAccess> access(Caller caller, Collection<UUID> ids) {
    return db.inTenant(caller.inTenant(), tx -> access(tx, caller, ids));
  }

  static Map<UUID, ConversationAccess> access(Tx tx, Caller caller, Collection<UUID> ids) {
    if (ids.size() > ChatLimits.ACCESS_AT_ONCE) {
      throw new IllegalArgumentException("too many conversations at once: " + ids.size());
    }
    var result = new HashMap<UUID, ConversationAccess>();
    for (var facts : AccessStore.facts(tx.sql(), tx.tenant(), caller.id(), ids)) {
      ConversationAccess access = ConversationAccess.of(caller, facts);
      if (!access.rights().isEmpty()) {
        result.put(access.conversationId(), access);
      }
    }
    return result;
  }

  /// [#access] for one.
  public Optional<ConversationAccess> access(Caller caller, UUID id) {
    return Optional.ofNullable(access(caller, List.of(id)).get(id));
  }

  /// Those of the conversations whose messages and events the caller may see.
  public Set<UUID> visible(Caller caller, Collection<UUID> ids) {
    return access(caller, ids).values().stream()
        .filter(access -> access.may(Right.READ))
        .map(ConversationAccess::conversationId)
        .collect(Collectors.toSet());
  }

  /// All conversations among people in which the caller is, at most [ChatLimits#CONVERSATIONS_OF_USER]. Those of
  /// customers are not listed: whoever has the permission [Permission#CONVERSATIONS_READ] sees all of them.
  public List<ConversationAccess> own(Caller caller) {
    return db.inTenant(
        caller.inTenant(),
        tx ->
            AccessStore.ofUser(tx.sql(), tx.tenant(), caller.id(), ChatLimits.CONVERSATIONS_OF_USER)
                .stream()
                .map(facts -> ConversationAccess.of(caller, facts))
                .filter(access -> access.may(Right.READ))
                .toList());
  }

  /// Throws a [Problem]: not found for who may not see the conversation, forbidden for who may not do that.
  static ConversationAccess require(Tx tx, Caller caller, UUID id, Right right) {
    ConversationAccess access = access(tx, caller, List.of(id)).get(id);
    if (access == null || !access.may(Right.READ)) {
      throw Problem.notFound("conversation");
    }
    if (!access.may(right)) {
      throw Chats.refused(false, right);
    }
    return access;
  }

  /// Sends a failed message again, under a new try. Throws a [Problem] when there is no such message or it has not
  /// failed.
  public Message retry(Caller caller, UUID conversationId, UUID messageId) {
    return db.inTenant(caller.inTenant(), tx -> send.retry(tx, caller, conversationId, messageId));
  }

  /// The conversation with a contact on a channel, begun if there is none. Throws a [Problem] when there is no such
  /// contact or channel, or the channel cannot reach the contact.
  public Conversation open(Caller caller, UUID channelId, UUID contactId) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Contact contact =
              contacts.find(tx, contactId).orElseThrow(() -> Problem.notFound("contact"));
          ChannelGate.Opening opening = gate.opening(tx, channelId, contact);
          var beginning =
              new Conversation.Beginning(
                  opening.projectId(), channelId, contactId, opening.lane(), opening.hasWindow());
          Conversation wanted = Conversation.begun(Ids.next(), beginning, clock.instant());
          return receive.open(tx, List.of(wanted)).getFirst();
        });
  }

  /// Marks what the customer wrote as read here and, through the channel, at the customer's; with `typing` the customer
  /// sees that somebody writes. Throws a [Problem] when there is no such conversation.
  ///
  /// @param seq up to which message; null for all. What came after it stays unread
  public Conversation markRead(Caller caller, UUID id, @Nullable Long seq, boolean typing) {
    return db.inTenant(caller.inTenant(), tx -> markRead(tx, caller, id, seq, typing));
  }

  /// [#markRead(Caller, UUID, Long, boolean)] in the transaction of the caller.
  public Conversation markRead(Tx tx, Caller caller, UUID id, @Nullable Long seq, boolean typing) {
    Conversation before = locked(tx, id);
    long upTo = seq == null ? before.lastSeq() : Math.min(seq, before.lastSeq());
    var mark = ConversationStore.markRead(tx.sql(), tx.tenant(), id, upTo);
    String kind = SendMessages.sender(caller).kind();
    if (caller.kind() != Caller.Kind.SYSTEM) {
      ConversationStore.addUser(tx.sql(), tx.tenant(), id, kind, caller.id(), upTo);
    }
    if (before.unread() > mark.unread()) {
      events.publish(
          tx, before.lane(), new ConversationEvent.Read(id, upTo, mark.unread(), caller.name()));
    }
    (upTo < before.lastSeq()
            ? ConversationStore.lastInbound(tx.sql(), tx.tenant(), id, upTo)
            : Optional.ofNullable(mark.lastInbound()))
        .ifPresent(providerId -> send.readMark(tx, before, providerId, typing));
    return ConversationStore.find(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("conversation"));
  }

  private static Conversation locked(Tx tx, UUID id) {
    return ConversationStore.lock(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("conversation"));
  }

  /// One conversation.
  public Optional<Conversation> find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> ConversationStore.find(tx.sql(), tx.tenant(), id));
  }

  /// One message that the caller may see.
  public Optional<Message> message(Caller caller, UUID id) {
    return db.inTenant(
        caller.inTenant(),
        tx ->
            MessageStore.find(tx.sql(), tx.tenant(), id)
                .filter(
                    message ->
                        access(tx, caller, List.of(message.conversationId())).values().stream()
                            .anyMatch(access -> access.may(Right.READ))));
  }

  /// One message, for the program itself: nobody's rights are asked.
  public Optional<Message> message(Tx tx, UUID id) {
    return MessageStore.find(tx.sql(), tx.tenant(), id);
  }

  /// Messages of a conversation before a number, newest first, for the program itself: nobody's rights are asked.
  public List<Message> before(Tx tx, UUID conversation, long seq, int limit) {
    return MessageStore.page(tx.sql(), tx.tenant(), conversation, seq, false, limit);
  }

  /// Messages before `from` (newest first) or after it (oldest first): `limit` + 1 rows where there are more. Throws a
  /// [Problem] when there is no such conversation.
  public List<Message> messages(
      Caller caller, UUID conversation, long from, boolean forward, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          require(tx, caller, conversation, Right.READ);
          return MessageStore.page(tx.sql(), tx.tenant(), conversation, from, forward, limit + 1);
        });
  }

  /// Joins receipts with messages where the two came in at the same moment and missed each other, and forgets those
  /// older than `forgetBefore`, for which no message will come.
  public void settlePending(TenantId tenant, Instant forgetBefore) {
    db.runInTenant(
        tenant,
        tx -> {
          for (DeliveryStore.Row row : DeliveryStore.withPending(tx.sql(), tenant)) {
            receipts.settle(tx, row, Trace.current());
          }
          DeliveryStore.forgetPending(tx.sql(), tenant, forgetBefore);
        });
  }
}
