package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.telemetry.Trace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What goes out, stored and queued for delivery in one transaction.
final class SendMessages {
  private final EventLog events;
  private final WorkQueue queue;
  private final ChannelGate gate;
  private final MessageMedia media;
  private final InstantSource clock;

  SendMessages(
      EventLog events, WorkQueue queue, ChannelGate gate, MessageMedia media, InstantSource clock) {
    this.events = events;
    this.queue = queue;
    this.gate = gate;
    this.media = media;
    this.clock = clock;
  }

  /// The conversation must be locked.
  SendResult send(
      Tx tx,
      Caller caller,
      Conversation conversation,
      Content content,
      @Nullable UUID replyTo,
      @Nullable ClientKey clientKey) {
    Optional<SendResult> earlier = ClientKey.earlier(tx, conversation.id(), clientKey);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Content resolved = resolve(tx, conversation, content);
    gate.check(tx, conversation.channelId(), resolved);
    requireWindow(conversation, resolved);
    return new SendResult.Accepted(
        store(tx, caller, conversation, resolved, reply(tx, conversation, replyTo), clientKey));
  }

  private Message store(
      Tx tx,
      Caller caller,
      Conversation conversation,
      Content content,
      @Nullable Message replyTo,
      @Nullable ClientKey clientKey) {
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
    media.used(tx, id, content);
    var last = new Conversation.LastMessage(id, Message.Direction.OUTBOUND, content.preview(), now);
    ConversationStore.advance(
        tx.sql(),
        tx.tenant(),
        List.of(
            new ConversationStore.Progress(
                conversation.id(),
                message.seq(),
                last,
                0,
                null,
                null,
                false,
                // What Parley says by itself is no answer.
                caller.kind() == Caller.Kind.SYSTEM ? conversation.waitingSince() : null)));
    events.publish(
        tx,
        conversation.lane(),
        new ConversationEvent.Queued(
            conversation.id(), conversation.channelId(), conversation.contactId(), message));
    enqueue(tx, conversation.id(), id, 0);
    return message;
  }

  static Message.Sender sender(Caller caller) {
    return switch (caller.kind()) {
      case USER, OPERATOR -> new Message.Sender("user", caller.id(), caller.name());
      case API_KEY -> new Message.Sender("api-key", caller.id(), caller.name());
      case DESK -> new Message.Sender("desk", caller.id(), caller.name());
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
                Conversations.OUTBOUND,
                conversation.toString(),
                message + ":" + round,
                "message",
                Json.write(Map.of("messageId", message)),
                trace.correlationId(),
                trace.traceparent(),
                clock.instant(),
                0)));
  }

  private Content resolve(Tx tx, Conversation conversation, Content content) {
    if (content instanceof Content.Reaction(UUID messageId, _, String emoji)) {
      Message target = reply(tx, conversation, messageId);
      if (target == null) {
        throw Problem.invalid("content.messageId", "is required");
      }
      return new Content.Reaction(target.id(), target.providerMessageId(), emoji);
    }
    return media.resolved(tx, content);
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

  Message retry(Tx tx, Caller caller, UUID conversationId, UUID messageId) {
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
  }

  void readMark(Tx tx, Conversation conversation, String providerId, boolean typing) {
    Trace trace = Trace.current();
    queue.publish(
        tx,
        List.of(
            new WorkItem(
                Ids.next(),
                tx.tenant(),
                Conversations.OUTBOUND,
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
}
