package dev.parley.conversations;

import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
  private final WorkQueue queue;
  private final ChannelGate gate;
  private final InstantSource clock;
  private final ReceiveMessages receive;
  private final ApplyReceipts receipts;

  /// Works through `db`; what may be sent is asked of `gate`.
  public Conversations(
      TenantDb db,
      Contacts contacts,
      EventLog events,
      WorkQueue queue,
      ChannelGate gate,
      InstantSource clock) {
    this.db = db;
    this.contacts = contacts;
    this.events = events;
    this.queue = queue;
    this.gate = gate;
    this.clock = clock;
    this.receive = new ReceiveMessages(contacts, events, clock);
    this.receipts = new ApplyReceipts(events);
  }

  /// Stores what a channel tells: any number of things about any customers of one tenant. What was stored before is
  /// left out, so the same batch may come any number of times. Answers how many messages were new.
  public int receive(Tx tx, List<Inbound> batch) {
    var written = new ArrayList<Inbound.Written>();
    for (Inbound inbound : batch) {
      switch (inbound) {
        case Inbound.Written message -> written.add(message);
        case Inbound.Renamed renamed -> {
          UUID contact = contacts.resolve(tx, List.of(renamed.origin().customer())).getFirst();
          contacts.alias(tx, contact, renamed.identity());
          written.add(renamed.notice());
        }
        case Inbound.Edited _, Inbound.Revoked _ -> {}
      }
    }
    int fresh = written.isEmpty() ? 0 : receive.receive(tx, written);
    // After the messages, because an edit may have come in the same batch as what it edits.
    for (Inbound inbound : batch) {
      switch (inbound) {
        case Inbound.Edited edited -> receive.edit(tx, edited);
        case Inbound.Revoked revoked -> receive.revoke(tx, revoked);
        case Inbound.Written _, Inbound.Renamed _ -> {}
      }
    }
    return fresh;
  }

  /// Applies what a channel tells about messages that we sent, in any order and any number of times.
  public void receipts(Tx tx, List<Receipt> batch) {
    receipts.apply(tx, batch);
  }

  /// Stores a message and queues its delivery, in one transaction. A repeated `clientKey` is no error: the first
  /// message comes back. Nothing has been sent when this returns. Throws a [Problem] when there is no such
  /// conversation, when the channel cannot send the content, or when its 24-hour window is closed.
  public SendResult send(
      Caller caller,
      UUID conversationId,
      Content content,
      @Nullable UUID replyTo,
      @Nullable String clientKey) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation conversation = locked(tx, conversationId);
          if (clientKey != null) {
            Optional<Message> earlier =
                MessageStore.ofClientKey(tx.sql(), tx.tenant(), conversationId, clientKey);
            if (earlier.isPresent()) {
              return new SendResult.Duplicate(earlier.get());
            }
          }
          Content resolved = resolve(tx, conversation, content);
          gate.check(tx, conversation.channelId(), resolved);
          requireWindow(conversation, resolved);
          return new SendResult.Accepted(
              store(
                  tx, caller, conversation, resolved, reply(tx, conversation, replyTo), clientKey));
        });
  }

  private Message store(
      Tx tx,
      Caller caller,
      Conversation conversation,
      Content content,
      @Nullable Message replyTo,
      @Nullable String clientKey) {
    UUID id = Ids.next();
    Instant now = clock.instant();
    var message =
        new Message(
            id,
            conversation.id(),
            conversation.lastSeq() + 1,
            Message.Direction.OUTBOUND,
            sender(caller),
            content,
            replyTo == null ? null : replyTo.id(),
            replyTo == null ? null : replyTo.providerMessageId(),
            DeliveryState.QUEUED,
            null,
            null,
            null,
            now,
            null,
            null,
            null,
            null,
            null,
            null,
            0,
            List.of());
    MessageStore.insert(
        tx.sql(),
        tx.tenant(),
        List.of(new MessageStore.Row(message, conversation.channelId(), clientKey)));
    var last = new Conversation.LastMessage(id, Message.Direction.OUTBOUND, content.preview(), now);
    ConversationStore.advance(
        tx.sql(),
        tx.tenant(),
        List.of(
            new ConversationStore.Progress(
                conversation.id(), message.seq(), last, 0, null, null, false)));
    events.publish(
        tx,
        conversation.lane(),
        new ConversationEvent.Queued(
            conversation.id(), conversation.channelId(), conversation.contactId(), message));
    enqueue(tx, conversation.id(), id, 0);
    return message;
  }

  private static Message.Sender sender(Caller caller) {
    return switch (caller.kind()) {
      case USER, OPERATOR -> new Message.Sender("user", caller.id(), caller.name());
      case API_KEY -> new Message.Sender("api-key", caller.id(), caller.name());
      case SYSTEM -> new Message.Sender("system", null, null);
    };
  }

  private void enqueue(Tx tx, UUID conversation, UUID message, int round) {
    Trace trace = Trace.current();
    queue.publish(
        tx,
        List.of(
            new WorkItem(
                Ids.next(),
                tx.tenant(),
                OUTBOUND,
                conversation.toString(),
                message + ":" + round,
                "message",
                Json.write(Map.of("messageId", message)),
                trace.correlationId(),
                trace.traceparent(),
                clock.instant(),
                0)));
  }

  private static Content resolve(Tx tx, Conversation conversation, Content content) {
    if (content instanceof Content.Reaction(UUID messageId, _, String emoji)) {
      Message target = reply(tx, conversation, messageId);
      if (target == null) {
        throw Problem.invalid("content.messageId", "is required");
      }
      return new Content.Reaction(target.id(), target.providerMessageId(), emoji);
    }
    return content;
  }

  private static @Nullable Message reply(
      Tx tx, Conversation conversation, @Nullable UUID messageId) {
    if (messageId == null) {
      return null;
    }
    Message message =
        MessageStore.find(tx.sql(), tx.tenant(), messageId)
            .filter(m -> m.conversationId().equals(conversation.id()))
            .orElseThrow(() -> Problem.invalid("replyTo", "is no message of this conversation"));
    if (message.providerMessageId() == null) {
      throw Problem.invalid("replyTo", "is a message that the channel does not know yet");
    }
    return message;
  }

  private void requireWindow(Conversation conversation, Content content) {
    Instant window = conversation.window();
    if (window != null
        && !window.isAfter(clock.instant())
        && !(content instanceof Content.Template)) {
      throw new Problem(
          Problem.Code.WINDOW_CLOSED,
          "The customer last wrote more than 24 hours ago, so WhatsApp takes only templates; send content of type"
              + " template.");
    }
  }

  /// Sends a failed message again, under a new try. Throws a [Problem] when there is no such message or it has not
  /// failed.
  public Message retry(Caller caller, UUID conversationId, UUID messageId) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          DeliveryStore.Row row =
              DeliveryStore.lock(tx.sql(), tx.tenant(), messageId)
                  .filter(found -> found.conversationId().equals(conversationId))
                  .orElseThrow(() -> Problem.notFound("message"));
          if (row.state() != DeliveryState.FAILED) {
            throw new Problem(
                Problem.Code.WRONG_STATE,
                "Only a failed message can be retried; this one is "
                    + MessageStore.word(row.state())
                    + ".");
          }
          DeliveryStore.update(tx.sql(), tx.tenant(), List.of(Deliveries.again(row)));
          events.publish(
              tx,
              row.lane(),
              new ConversationEvent.Retried(row.conversationId(), messageId, caller.name(), false));
          enqueue(tx, row.conversationId(), messageId, row.attempt());
          return MessageStore.find(tx.sql(), tx.tenant(), messageId)
              .orElseThrow(() -> Problem.notFound("message"));
        });
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
          Instant now = clock.instant();
          var wanted =
              new Conversation(
                  Ids.next(),
                  opening.projectId(),
                  channelId,
                  contactId,
                  opening.lane(),
                  "open",
                  0,
                  null,
                  0,
                  opening.hasWindow() ? Instant.EPOCH : null,
                  now,
                  now,
                  now);
          return receive.open(tx, List.of(wanted)).getFirst();
        });
  }

  /// Marks a conversation as read here and, through the channel, at the customer's; with `typing` the customer sees
  /// that somebody writes. Throws a [Problem] when there is no such conversation.
  public Conversation markRead(Caller caller, UUID id, boolean typing) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation before = locked(tx, id);
          Optional<String> last = ConversationStore.markRead(tx.sql(), tx.tenant(), id);
          String kind = sender(caller).kind();
          if (caller.kind() != Caller.Kind.SYSTEM) {
            ConversationStore.addUser(
                tx.sql(), tx.tenant(), id, kind, caller.id(), before.lastSeq());
          }
          if (before.unread() > 0) {
            events.publish(
                tx, before.lane(), new ConversationEvent.Read(id, before.lastSeq(), caller.name()));
          }
          last.ifPresent(providerId -> enqueueRead(tx, before, providerId, typing));
          return ConversationStore.find(tx.sql(), tx.tenant(), id)
              .orElseThrow(() -> Problem.notFound("conversation"));
        });
  }

  private void enqueueRead(Tx tx, Conversation conversation, String providerId, boolean typing) {
    Trace trace = Trace.current();
    queue.publish(
        tx,
        List.of(
            new WorkItem(
                Ids.next(),
                tx.tenant(),
                OUTBOUND,
                "read:" + conversation.id(),
                "read:" + providerId + ":" + typing,
                "read",
                Json.write(
                    Map.of(
                        "channelId", conversation.channelId(),
                        "providerMessageId", providerId,
                        "typing", typing)),
                trace.correlationId(),
                trace.traceparent(),
                clock.instant(),
                0)));
  }

  private static Conversation locked(Tx tx, UUID id) {
    return ConversationStore.lock(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("conversation"));
  }

  /// One conversation.
  public Optional<Conversation> find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> ConversationStore.find(tx.sql(), tx.tenant(), id));
  }

  /// What a list of conversations is narrowed to; null means any.
  public record Filter(
      @Nullable UUID channelId,
      @Nullable UUID contactId,
      @Nullable String status,
      @Nullable Boolean unread) {}

  /// Conversations, the ones with the newest message first: `limit` + 1 rows where there are more.
  public List<Conversation> page(
      Caller caller, Filter filter, @Nullable Instant before, @Nullable UUID beforeId, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx ->
            ConversationStore.page(
                tx.sql(),
                tx.tenant(),
                filter.channelId(),
                filter.contactId(),
                filter.status(),
                filter.unread(),
                before,
                beforeId,
                limit + 1));
  }

  /// One message.
  public Optional<Message> message(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> MessageStore.find(tx.sql(), tx.tenant(), id));
  }

  /// Messages before `from` (newest first) or after it (oldest first): `limit` + 1 rows where there are more. Throws a
  /// [Problem] when there is no such conversation.
  public List<Message> messages(
      Caller caller, UUID conversation, long from, boolean forward, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          if (ConversationStore.find(tx.sql(), tx.tenant(), conversation).isEmpty()) {
            throw Problem.notFound("conversation");
          }
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
