package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What users do with messages that are there: change, take away, react, pin. Reactions and pins are for customers'
/// conversations too, where they stay in the house; the customer's own are on [Message#reactions] beside them.
@Singleton
public final class MessageActions {
  private final TenantDb db;
  private final EventLog events;
  private final MessageMedia media;
  private final InstantSource clock;

  /// Works through `db`.
  public MessageActions(TenantDb db, EventLog events, MessageMedia media, InstantSource clock) {
    this.db = db;
    this.events = events;
    this.media = media;
    this.clock = clock;
  }

  /// What a message said before it was changed.
  ///
  /// @param until when it was changed to what came after it
  public record Earlier(Content content, Instant until) {}

  /// A pinned message.
  public record Pin(Message message, UUID pinnedBy, Instant pinnedAt) {}

  /// Changes what one's own message says; what it said before is kept as history. Throws a [Problem] when it is not the
  /// caller's, was taken away, or has been changed a hundred times.
  public Message edit(
      Caller caller,
      UUID conversation,
      UUID id,
      Content content,
      Message.@Nullable Mentions mentions) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = chat(tx, caller, conversation, Right.WRITE);
          Message before = message(tx, conversation, id);
          if (!caller.id().equals(before.sender().id())) {
            throw new Problem(Problem.Code.FORBIDDEN, "Only who wrote a message can change it.");
          }
          Content next = PostMessages.content(tx, caller, media, content);
          if (ChatMessageStore.edits(tx.sql(), tx.tenant(), id).size() >= ChatLimits.EDITS) {
            throw new Problem(
                Problem.Code.WRONG_STATE,
                "A message can be changed " + ChatLimits.EDITS + " times.");
          }
          Message.Mentions meant = PostMessages.mentions(tx, conversation, mentions);
          Instant now = after(before);
          ChatMessageStore.edit(tx.sql(), tx.tenant(), id, next, meant, now);
          media.changed(tx, id, next);
          ChatMessageStore.mention(
              tx.sql(),
              tx.tenant(),
              conversation,
              before.seq(),
              caller.id(),
              PostMessages.targets(meant));
          ChatStore.preview(tx.sql(), tx.tenant(), conversation, id, next.preview());
          events.publish(
              tx,
              chat.lane(),
              new ConversationEvent.Edited(conversation, id, next, now, caller.id(), meant));
          return MessageStore.find(tx.sql(), tx.tenant(), id).orElse(before);
        });
  }

  // What it said is kept under the time of the change, and no two changes have the same.
  private Instant after(Message before) {
    Instant now = clock.instant();
    Instant last = before.editedAt();
    return last == null || now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
  }

  /// Takes a message away: one's own, or anybody's for who leads the conversation. Its place stays, its content is gone
  /// from every answer. Taking it away again changes nothing. Throws a [Problem] when the caller may not.
  public void delete(Caller caller, UUID conversation, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          Chat chat = chat(tx, caller, conversation, Right.READ);
          Message message =
              MessageStore.find(tx.sql(), tx.tenant(), id)
                  .filter(found -> found.conversationId().equals(conversation))
                  .orElseThrow(() -> Problem.notFound("message"));
          UUID sender = message.sender().id();
          // Locked again for the right that it takes, which is the same lock.
          Chats.locked(
              tx, caller, conversation, caller.id().equals(sender) ? Right.WRITE : Right.MODERATE);
          if (message.deletedAt() != null) {
            return;
          }
          var tombstone = new Content.Notice("deleted", null, null);
          Instant now = after(message);
          ChatMessageStore.delete(tx.sql(), tx.tenant(), id, tombstone, caller.id(), now);
          media.changed(tx, id, null);
          ChatMessageStore.mention(
              tx.sql(), tx.tenant(), conversation, message.seq(), caller.id(), List.of());
          if (sender != null) {
            ParticipantStore.tookBack(tx.sql(), tx.tenant(), conversation, sender, message.seq());
          }
          UUID root = message.threadOf();
          if (root != null) {
            ChatMessageStore.countReply(tx.sql(), tx.tenant(), root, -1, now);
          }
          if (ChatMessageStore.unpin(tx.sql(), tx.tenant(), conversation, id)) {
            events.publish(
                tx,
                chat.lane(),
                new ConversationEvent.Unpinned(conversation, chat.kind(), id, caller.id()));
          }
          ChatStore.preview(tx.sql(), tx.tenant(), conversation, id, tombstone.preview());
          events.publish(
              tx, chat.lane(), new ConversationEvent.Deleted(conversation, id, now, caller.id()));
        });
  }

  /// What a message said before, the oldest first; nothing for one that was taken away. Throws a [Problem] when the
  /// caller may not see it.
  public List<Earlier> edits(Caller caller, UUID conversation, UUID id) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversations.require(tx, caller, conversation, Right.READ);
          Message message = anyMessage(tx, conversation, id);
          return message.deletedAt() != null
              ? List.of()
              : ChatMessageStore.edits(tx.sql(), tx.tenant(), id).stream()
                  .map(earlier -> new Earlier(earlier.content(), earlier.until().toInstant()))
                  .toList();
        });
  }

  /// Puts an emoji on a message; the same one of the same user counts once. Throws a [Problem] when the caller may not,
  /// the message was taken away, or it has as many as it takes.
  public Message react(Caller caller, UUID conversation, UUID id, String emoji) {
    checkEmoji(emoji);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          ConversationAccess access = lockFor(tx, caller, conversation, Right.REACT);
          message(tx, conversation, id);
          Instant now = clock.instant();
          if (ChatMessageStore.react(tx.sql(), tx.tenant(), id, caller.id(), emoji, now)) {
            var has = ChatMessageStore.reactions(tx.sql(), tx.tenant(), id);
            if (has.emoji() > ChatLimits.EMOJI || has.all() > ChatLimits.REACTIONS) {
              throw new Problem(
                  Problem.Code.WRONG_STATE,
                  "A message takes "
                      + ChatLimits.EMOJI
                      + " different emoji and "
                      + ChatLimits.REACTIONS
                      + " reactions.");
            }
            events.publish(
                tx,
                access.lane(),
                new ConversationEvent.ReactionAdded(
                    conversation, access.kind(), id, caller.id(), emoji, now));
          }
          return message(tx, conversation, id);
        });
  }

  private static void checkEmoji(String emoji) {
    if (emoji.isBlank()
        || emoji.getBytes(StandardCharsets.UTF_8).length > ChatLimits.EMOJI_BYTES
        || emoji
            .codePoints()
            .anyMatch(c -> Character.isISOControl(c) || Character.isSpaceChar(c))) {
      throw Problem.invalid(
          "emoji", "must be one emoji of at most " + ChatLimits.EMOJI_BYTES + " bytes");
    }
  }

  /// Takes one's own emoji off again, if it is there. Throws a [Problem] when the caller may not see the message.
  public Message unreact(Caller caller, UUID conversation, UUID id, String emoji) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          ConversationAccess access = lockFor(tx, caller, conversation, Right.REACT);
          anyMessage(tx, conversation, id);
          if (ChatMessageStore.unreact(tx.sql(), tx.tenant(), id, caller.id(), emoji)) {
            events.publish(
                tx,
                access.lane(),
                new ConversationEvent.ReactionRemoved(
                    conversation, access.kind(), id, caller.id(), emoji));
          }
          return anyMessage(tx, conversation, id);
        });
  }

  /// Pins a message. Throws a [Problem] when the caller may not, or a hundred are pinned.
  public List<Pin> pin(Caller caller, UUID conversation, UUID id) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          ConversationAccess access = lockFor(tx, caller, conversation, Right.PIN);
          message(tx, conversation, id);
          Instant now = clock.instant();
          if (ChatMessageStore.pin(tx.sql(), tx.tenant(), conversation, id, caller.id(), now)) {
            if (ChatMessageStore.pins(tx.sql(), tx.tenant(), conversation).size()
                > ChatLimits.PINS) {
              throw new Problem(
                  Problem.Code.WRONG_STATE,
                  "A conversation has at most " + ChatLimits.PINS + " pins; take one off first.");
            }
            events.publish(
                tx,
                access.lane(),
                new ConversationEvent.Pinned(conversation, access.kind(), id, caller.id(), now));
          }
          return pins(tx, conversation);
        });
  }

  /// Takes a pin off, if it is there. Throws a [Problem] when the caller may not.
  public List<Pin> unpin(Caller caller, UUID conversation, UUID id) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          ConversationAccess access = lockFor(tx, caller, conversation, Right.PIN);
          anyMessage(tx, conversation, id);
          if (ChatMessageStore.unpin(tx.sql(), tx.tenant(), conversation, id)) {
            events.publish(
                tx,
                access.lane(),
                new ConversationEvent.Unpinned(conversation, access.kind(), id, caller.id()));
          }
          return pins(tx, conversation);
        });
  }

  /// What is pinned, the newest pin first. Throws a [Problem] when the caller may not see the conversation.
  public List<Pin> pins(Caller caller, UUID conversation) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversations.require(tx, caller, conversation, Right.READ);
          return pins(tx, conversation);
        });
  }

  private static List<Pin> pins(Tx tx, UUID conversation) {
    return ChatMessageStore.pins(tx.sql(), tx.tenant(), conversation).stream()
        .flatMap(
            pin ->
                MessageStore.find(tx.sql(), tx.tenant(), pin.messageId())
                    .map(message -> new Pin(message, pin.by(), pin.at()))
                    .stream())
        .toList();
  }

  /// Forgets what messages said that users took away before a time; answers how many contents those were.
  public int forgetDeleted(TenantId tenant, Instant before) {
    return db.inTenant(tenant, tx -> ChatMessageStore.forgetDeleted(tx.sql(), tenant, before));
  }

  private static Chat chat(Tx tx, Caller caller, UUID conversation, Right right) {
    if (Conversations.require(tx, caller, conversation, Right.READ).kind()
        == ConversationKind.CUSTOMER) {
      throw new Problem(
          Problem.Code.WRONG_STATE, "Messages to customers cannot be changed or taken away here.");
    }
    return Chats.locked(tx, caller, conversation, right);
  }

  /// Locks whatever conversation it is, so that limits hold when two act at once.
  private static ConversationAccess lockFor(Tx tx, Caller caller, UUID conversation, Right right) {
    ConversationAccess access = Conversations.require(tx, caller, conversation, right);
    if (access.kind() == ConversationKind.CUSTOMER) {
      ConversationStore.lock(tx.sql(), tx.tenant(), conversation);
    } else {
      Chats.locked(tx, caller, conversation, right);
    }
    return access;
  }

  private static Message anyMessage(Tx tx, UUID conversation, UUID id) {
    return MessageStore.find(tx.sql(), tx.tenant(), id)
        .filter(found -> found.conversationId().equals(conversation))
        .orElseThrow(() -> Problem.notFound("message"));
  }

  private static Message message(Tx tx, UUID conversation, UUID id) {
    Message message = anyMessage(tx, conversation, id);
    if (message.deletedAt() != null) {
      throw new Problem(Problem.Code.WRONG_STATE, "The message was taken away.");
    }
    return message;
  }
}
