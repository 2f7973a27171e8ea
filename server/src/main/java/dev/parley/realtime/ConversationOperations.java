package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Chats;
import dev.parley.conversations.ClientKey;
import dev.parley.conversations.Content;
import dev.parley.conversations.ConversationAccess;
import dev.parley.conversations.ConversationKind;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Draft;
import dev.parley.conversations.Message;
import dev.parley.conversations.MessageActions;
import dev.parley.conversations.OwnChats;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import java.util.ArrayList;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What clients do in conversations over a connection: the same as over REST, with the same checks.
public final class ConversationOperations {
  private static final int KEY_LENGTH = 200;
  private static final int MOST_MENTIONS = 1000;

  private final Conversations conversations;
  private final Chats chats;
  private final OwnChats own;
  private final MessageActions actions;

  /// Acts through these.
  public ConversationOperations(
      Conversations conversations, Chats chats, OwnChats own, MessageActions actions) {
    this.conversations = conversations;
    this.chats = chats;
    this.own = own;
    this.actions = actions;
  }

  /// Adds all of them.
  public void addTo(Commands commands) {
    commands.add("message.send", this::send);
    commands.add("message.edit", this::edit);
    commands.add("message.delete", this::delete);
    commands.add("message.react", this::react);
    commands.add("message.unreact", this::unreact);
    commands.add("conversation.read", this::read);
  }

  private Ack send(Caller caller, JsonNode fields) {
    String key = Commands.text(fields, "key");
    if (key != null && key.length() > KEY_LENGTH) {
      throw Problem.invalid("key", "must be at most " + KEY_LENGTH + " characters");
    }
    var draft =
        new Draft(
            content(fields),
            optionalId(fields, "replyTo"),
            optionalId(fields, "threadOf"),
            mentions(fields),
            fields.hasNonNull("metadata") ? fields.get("metadata") : null,
            key == null ? null : ClientKey.of(caller, key, null));
    return Ack.done("message", conversations.send(caller, conversation(fields), draft).message());
  }

  private Ack edit(Caller caller, JsonNode fields) {
    return Ack.done(
        "message",
        actions.edit(
            caller, conversation(fields), message(fields), content(fields), mentions(fields)));
  }

  private Ack delete(Caller caller, JsonNode fields) {
    actions.delete(caller, conversation(fields), message(fields));
    return Ack.done();
  }

  private Ack react(Caller caller, JsonNode fields) {
    return Ack.done(
        "message", actions.react(caller, conversation(fields), message(fields), emoji(fields)));
  }

  private Ack unreact(Caller caller, JsonNode fields) {
    return Ack.done(
        "message", actions.unreact(caller, conversation(fields), message(fields), emoji(fields)));
  }

  private Ack read(Caller caller, JsonNode fields) {
    UUID id = conversation(fields);
    ConversationAccess access =
        conversations.access(caller, id).orElseThrow(() -> Problem.notFound("conversation"));
    JsonNode seq = fields.path("seq");
    if (access.kind() == ConversationKind.CUSTOMER) {
      Commands.require(caller, Permission.CONVERSATIONS_WRITE);
      Long upTo = seq.isIntegralNumber() ? seq.asLong() : null;
      return Ack.done("conversation", conversations.markRead(caller, id, upTo, false));
    }
    return Ack.done(
        "conversation",
        own.markRead(
            caller, id, seq.isIntegralNumber() ? seq.asLong() : chats.find(caller, id).lastSeq()));
  }

  private static UUID conversation(JsonNode fields) {
    return Commands.id(fields, "conversationId");
  }

  private static UUID message(JsonNode fields) {
    return Commands.id(fields, "messageId");
  }

  private static @Nullable UUID optionalId(JsonNode fields, String name) {
    return fields.hasNonNull(name) ? Commands.id(fields, name) : null;
  }

  private static String emoji(JsonNode fields) {
    String emoji = Commands.text(fields, "emoji");
    if (emoji == null) {
      throw Problem.invalid("emoji", "is required");
    }
    return emoji;
  }

  private static Content content(JsonNode fields) {
    if (!fields.path("content").isObject()) {
      throw Problem.invalid("content", "is required");
    }
    try {
      return Json.MAPPER.convertValue(fields.path("content"), Content.class);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("content", "is not of the documented form");
    }
  }

  private static Message.@Nullable Mentions mentions(JsonNode fields) {
    JsonNode given = fields.path("mentions");
    if (!given.isObject()) {
      return null;
    }
    var users = new ArrayList<UUID>();
    for (JsonNode user : given.path("users")) {
      try {
        users.add(UUID.fromString(user.asText()));
      } catch (IllegalArgumentException e) {
        throw Problem.invalid("mentions.users", "must be ids");
      }
      if (users.size() > MOST_MENTIONS) {
        throw Problem.invalid("mentions.users", "are too many");
      }
    }
    return new Message.Mentions(
        users, given.path("all").asBoolean(), given.path("here").asBoolean());
  }
}
