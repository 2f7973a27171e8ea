package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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

  /// Who wants to say what, and where.
  record Post(Caller caller, UUID conversation, Draft draft, Trace trace) {}

  /// One message. The transaction waits for who has the conversation locked.
  SendResult post(Tx tx, Caller caller, UUID id, Draft draft) {
    Chat chat = Chats.locked(tx, caller, id, Right.WRITE);
    Optional<SendResult> earlier = ClientKey.earlier(tx, id, draft.clientKey());
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var post = new Post(caller, id, draft, Trace.current());
    Ready ready = ready(tx, post, chat, Users.names(tx, List.of(caller.id())));
    store(tx, List.of(ready));
    return new SendResult.Accepted(ready.message());
  }

  /// What became of one of several.
  sealed interface Outcome {
    /// It was said, now or before.
    record Sent(SendResult result) implements Outcome {}

    /// It is refused.
    record Refused(RuntimeException cause) implements Outcome {}
  }

  /// Messages of different conversations, with as few statements as one takes. What is refused does not keep the others
  /// from being stored. Nothing is answered for those whose conversation somebody else has locked or which is none
  /// among users.
  Map<Post, Outcome> post(Tx tx, List<Post> posts) {
    Map<UUID, Chat> chats =
        ChatStore.lockFree(tx.sql(), tx.tenant(), posts.stream().map(Post::conversation).toList())
            .stream()
            .collect(Collectors.toMap(Chat::id, chat -> chat));
    List<Post> locked = posts.stream().filter(p -> chats.containsKey(p.conversation())).toList();
    if (locked.isEmpty()) {
      return Map.of();
    }
    List<UUID> callers = locked.stream().map(post -> post.caller().id()).toList();
    Map<UUID, List<ConversationAccess.Facts>> facts =
        AccessStore.facts(
                tx.sql(), tx.tenant(), callers, locked.stream().map(Post::conversation).toList())
            .stream()
            .collect(Collectors.groupingBy(ConversationAccess.Facts::conversationId));
    Map<UUID, MessageStore.OfClientKey> earlier = earlier(tx, locked);
    Map<UUID, String> names = Users.names(tx, Set.copyOf(callers));
    var outcomes = new IdentityHashMap<Post, Outcome>();
    var fresh = new ArrayList<Ready>();
    for (Post post : locked) {
      UUID id = post.conversation();
      try {
        Chats.permit(post.caller(), facts.getOrDefault(id, List.of()), Right.WRITE);
        ClientKey key = post.draft().clientKey();
        MessageStore.OfClientKey sent = earlier.get(id);
        if (key != null && sent != null) {
          outcomes.put(post, new Outcome.Sent(key.again(sent)));
        } else {
          Ready ready = ready(tx, post, Objects.requireNonNull(chats.get(id)), names);
          fresh.add(ready);
          outcomes.put(post, new Outcome.Sent(new SendResult.Accepted(ready.message())));
        }
      } catch (Problem refusal) {
        outcomes.put(post, new Outcome.Refused(refusal));
      }
    }
    store(tx, fresh);
    return outcomes;
  }

  private static Map<UUID, MessageStore.OfClientKey> earlier(Tx tx, List<Post> posts) {
    var conversations = new ArrayList<UUID>();
    var keys = new ArrayList<String>();
    for (Post post : posts) {
      ClientKey key = post.draft().clientKey();
      if (key != null) {
        conversations.add(post.conversation());
        keys.add(key.value());
      }
    }
    return keys.isEmpty()
        ? Map.of()
        : MessageStore.ofClientKeys(tx.sql(), tx.tenant(), conversations, keys).stream()
            .collect(Collectors.toMap(sent -> sent.message().conversationId(), sent -> sent));
  }

  private record Ready(Post post, Chat chat, Message message) {}

  /// Checks and makes a message; writes nothing. Throws a [Problem] for what cannot be said.
  private Ready ready(Tx tx, Post post, Chat chat, Map<UUID, String> names) {
    Draft draft = post.draft();
    Content content = content(tx, post.caller(), media, draft.content());
    checkMetadata(draft.metadata());
    UUID replyTo = draft.replyTo();
    UUID threadOf = draft.threadOf();
    UUID root = threadOf == null ? null : root(tx, chat.id(), threadOf);
    if (replyTo != null) {
      there(tx, chat.id(), "replyTo", replyTo);
    }
    Message.Mentions mentions = mentions(tx, chat.id(), draft.mentions());
    UUID by = post.caller().id();
    var sender = new Message.Sender("user", by, names.get(by));
    return new Ready(
        post, chat, message(sender, chat, draft, content, root, mentions, clock.instant()));
  }

  private void store(Tx tx, List<Ready> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    ChatMessageStore.post(tx.sql(), tx.tenant(), fresh.stream().map(PostMessages::row).toList());
    for (Ready ready : fresh) {
      Message message = ready.message();
      UUID id = message.conversationId();
      media.used(tx, message.id(), message.content());
      Message.Mentions mentions = message.mentions();
      if (mentions != null) {
        UUID by = ready.post().caller().id();
        ChatMessageStore.mention(tx.sql(), tx.tenant(), id, message.seq(), by, targets(mentions));
      }
      UUID root = message.threadOf();
      if (root != null) {
        ChatMessageStore.countReply(tx.sql(), tx.tenant(), root, 1, message.createdAt());
      }
      events.publish(
          tx,
          ready.chat().lane(),
          new ConversationEvent.Posted(id, ready.chat().kind(), message),
          ready.post().trace());
    }
  }

  private static ChatMessageStore.Row row(Ready ready) {
    Message message = ready.message();
    return new ChatMessageStore.Row(
        message,
        ready.post().draft().clientKey(),
        new Chat.LastMessage(
            message.id(),
            ready.post().caller().id(),
            message.sender().name(),
            message.content().preview(),
            message.createdAt()));
  }

  private static Message message(
      Message.Sender sender,
      Chat chat,
      Draft draft,
      Content content,
      @Nullable UUID root,
      Message.@Nullable Mentions mentions,
      Instant now) {
    return new Message(
        Ids.next(),
        chat.id(),
        chat.lastSeq() + 1,
        Message.Direction.OUTBOUND,
        sender,
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
