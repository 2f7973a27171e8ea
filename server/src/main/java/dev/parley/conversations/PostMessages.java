package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What users write to each other: stored, counted and told in one transaction. Nothing leaves the house.
final class PostMessages {
  private static final int FILE_NAME = 255;

  private final EventLog events;
  private final MessageMedia media;
  private final InstantSource clock;

  PostMessages(EventLog events, MessageMedia media, InstantSource clock) {
    this.events = events;
    this.media = media;
    this.clock = clock;
  }

  SendResult post(Tx tx, Caller caller, UUID id, Draft draft) {
    Chat chat = Chats.locked(tx, caller, id, Right.WRITE);
    String clientKey = draft.clientKey();
    if (clientKey != null) {
      // The conversation is locked, which is what makes looking first safe.
      Optional<Message> earlier = MessageStore.ofClientKey(tx.sql(), tx.tenant(), id, clientKey);
      if (earlier.isPresent()) {
        return new SendResult.Duplicate(earlier.get());
      }
    }
    Content content = content(tx, caller, media, draft.content());
    checkMetadata(draft.metadata());
    UUID replyTo = draft.replyTo();
    UUID threadOf = draft.threadOf();
    UUID root = threadOf == null ? null : root(tx, id, threadOf);
    if (replyTo != null) {
      there(tx, id, "replyTo", replyTo);
    }
    Message.Mentions mentions = mentions(tx, id, draft.mentions());
    Instant now = clock.instant();
    Message message = message(tx, caller, chat, draft, content, root, mentions, now);
    ChatMessageStore.insert(tx.sql(), tx.tenant(), message, clientKey);
    media.used(tx, message.id(), content);
    ChatStore.advance(
        tx.sql(),
        tx.tenant(),
        id,
        message.seq(),
        new Chat.LastMessage(
            message.id(), caller.id(), message.sender().name(), message.content().preview(), now),
        now);
    ParticipantStore.wrote(tx.sql(), tx.tenant(), id, caller.id(), message.seq(), now);
    if (mentions != null) {
      ChatMessageStore.mention(
          tx.sql(), tx.tenant(), id, message.seq(), caller.id(), targets(mentions));
    }
    if (root != null) {
      ChatMessageStore.countReply(tx.sql(), tx.tenant(), root, 1, now);
    }
    events.publish(tx, chat.lane(), new ConversationEvent.Posted(id, chat.kind(), message));
    return new SendResult.Accepted(message);
  }

  private static Message message(
      Tx tx,
      Caller caller,
      Chat chat,
      Draft draft,
      Content content,
      @Nullable UUID root,
      Message.@Nullable Mentions mentions,
      Instant now) {
    String name = Users.names(tx, List.of(caller.id())).get(caller.id());
    return new Message(
        Ids.next(),
        chat.id(),
        chat.lastSeq() + 1,
        Message.Direction.OUTBOUND,
        new Message.Sender("user", caller.id(), name),
        content,
        draft.replyTo(),
        null,
        null,
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
        List.of(),
        root,
        null,
        mentions,
        draft.metadata(),
        null);
  }

  /// What is stored of what a user says: of a file its id and what we know of it ourselves. Throws a [Problem] for what
  /// users cannot say to each other.
  static Content content(Tx tx, Caller caller, MessageMedia media, Content said) {
    check(said);
    return media.resolved(
        tx,
        caller,
        Attachments.changed(
            said,
            named ->
                new Content.Attachment(
                    null, null, null, null, null, named.filename(), null, named.fileId(), null)));
  }

  private static void checkFile(Input input, Content.Media file) {
    // A client can leave it out.
    Content.@Nullable Attachment attachment = file.attachment();
    UUID id = attachment == null ? null : attachment.fileId();
    input.check(id != null, "content.attachment.fileId", "is required; upload the file first");
    input.optional(
        "content.attachment.filename",
        attachment == null ? null : attachment.filename(),
        FILE_NAME);
    String caption =
        switch (file) {
          case Content.Image image -> image.caption();
          case Content.Video video -> video.caption();
          case Content.Document document -> document.caption();
          case Content.Audio _, Content.Voice _, Content.Sticker _ -> null;
        };
    input.optional("content.caption", caption, ChatLimits.TEXT);
  }

  private static void check(Content content) {
    var input = new Input();
    switch (content) {
      case Content.Text(String body, Boolean _) ->
          input.text("content.body", body, ChatLimits.TEXT);
      case Content.Location(double latitude, double longitude, String name, String address, _) -> {
        input.check(
            Math.abs(latitude) <= 90, "content.latitude", "must be between -90 and 90 degrees");
        input.check(
            Math.abs(longitude) <= 180,
            "content.longitude",
            "must be between -180 and 180 degrees");
        input.optional("content.name", name, ChatLimits.TITLE);
        input.optional("content.address", address, ChatLimits.DESCRIPTION);
      }
      case Content.Media file -> checkFile(input, file);
      default ->
          input.error(
              "content.type", "must be text, location or a file in a conversation among users");
    }
    input.done();
  }

  private static void checkMetadata(@Nullable JsonNode metadata) {
    if (metadata == null || metadata.isNull()) {
      return;
    }
    if (!metadata.isObject()) {
      throw Problem.invalid("metadata", "must be a JSON object");
    }
    if (metadata.toString().getBytes(StandardCharsets.UTF_8).length > ChatLimits.METADATA) {
      throw Problem.invalid("metadata", "must be at most " + ChatLimits.METADATA + " bytes");
    }
  }

  private static Message there(Tx tx, UUID conversation, String field, UUID message) {
    return MessageStore.find(tx.sql(), tx.tenant(), message)
        .filter(found -> found.conversationId().equals(conversation))
        .filter(found -> found.deletedAt() == null)
        .orElseThrow(() -> Problem.invalid(field, "is no message of this conversation"));
  }

  /// The message that began the thread: threads do not branch.
  private static UUID root(Tx tx, UUID conversation, UUID threadOf) {
    Message named = there(tx, conversation, "threadOf", threadOf);
    UUID above = named.threadOf();
    return above == null ? named.id() : above;
  }

  /// Those mentioned, without doubles; throws a [Problem] when one is no participant.
  static Message.@Nullable Mentions mentions(
      Tx tx, UUID conversation, Message.@Nullable Mentions wanted) {
    if (wanted == null || (wanted.users().isEmpty() && !wanted.all() && !wanted.here())) {
      return null;
    }
    List<UUID> users = wanted.users().stream().distinct().toList();
    if (users.size() > ChatLimits.MENTIONS) {
      throw Problem.invalid(
          "mentions.users", "must be at most " + ChatLimits.MENTIONS + "; use all instead");
    }
    if (!ParticipantStore.among(tx.sql(), tx.tenant(), conversation, users).containsAll(users)) {
      throw Problem.invalid("mentions.users", "names somebody who is no participant");
    }
    return new Message.Mentions(users, wanted.all(), wanted.here());
  }

  static List<UUID> targets(Message.@Nullable Mentions mentions) {
    if (mentions == null) {
      return List.of();
    }
    var targets = new ArrayList<>(mentions.users());
    if (mentions.all() || mentions.here()) {
      targets.add(ChatStore.EVERYBODY);
    }
    return targets;
  }
}
