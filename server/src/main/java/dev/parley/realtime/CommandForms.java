package dev.parley.realtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A command that clients can send, for the documents. [Commands] takes no operation that is not listed here.
///
/// @param op its name
/// @param doc what it does
/// @param fields what it takes besides `id` and `op`, and what each is
/// @param required those that must be there
public record CommandForms(
    String op, String doc, Map<String, String> fields, List<String> required) {
  private static final String CONVERSATION = "Id of the conversation";
  private static final String MESSAGE = "Id of the message";
  private static final String TOPICS =
      "List of mine, inbox, events and conversation:{id}, at most 500";

  /// All of them.
  public static final List<CommandForms> ALL =
      List.of(
          form(
              "auth",
              "Shows credentials: the first command where none came with the handshake, later a fresh token before the"
                  + " old one expires.",
              List.of(),
              "token",
              "Access token",
              "apiKey",
              "API key",
              "ticket",
              "Ticket; only as the first command",
              "tenant",
              "Slug or id of the tenant that an operator acts in",
              "legacy",
              "Whether events come under the names of system C; only as the first command"),
          form(
              "subscribe",
              "Follows topics. The ack's cursor is the place after which events come; refused lists topics that are not"
                  + " there for the caller.",
              List.of("topics"),
              "topics",
              TOPICS,
              "after",
              "Cursor to go on after; only while nothing is followed"),
          form(
              "resume",
              "Follows topics after a cursor: what was missed comes first, each event once and in order. With"
                  + " snapshotRequired in the ack too much was missed; read everything anew, and events go on after the"
                  + " ack's cursor.",
              List.of("topics", "after"),
              "topics",
              TOPICS,
              "after",
              "The last cursor that the client has seen"),
          form("unsubscribe", "Follows topics no longer.", List.of("topics"), "topics", TOPICS),
          form(
              "message.send",
              "Sends a message. The ack holds the message.",
              List.of("conversationId", "content"),
              "conversationId",
              CONVERSATION,
              "content",
              "As in POST /api/v1/conversations/{id}/messages",
              "replyTo",
              "Message that it answers",
              "threadOf",
              "Message in whose thread it goes; among users only",
              "mentions",
              "Whom it mentions; among users only",
              "metadata",
              "Kept with it for clients; among users only",
              "key",
              "At most 200 characters; the same key again answers the first message"),
          form(
              "message.edit",
              "Changes what one's own message to other users says.",
              List.of("conversationId", "messageId", "content"),
              "conversationId",
              CONVERSATION,
              "messageId",
              MESSAGE,
              "content",
              "The new content",
              "mentions",
              "Whom it mentions now"),
          form(
              "message.delete",
              "Takes a message away.",
              List.of("conversationId", "messageId"),
              "conversationId",
              CONVERSATION,
              "messageId",
              MESSAGE),
          form(
              "message.react",
              "Puts an emoji on a message.",
              List.of("conversationId", "messageId", "emoji"),
              "conversationId",
              CONVERSATION,
              "messageId",
              MESSAGE,
              "emoji",
              "One emoji"),
          form(
              "message.unreact",
              "Takes one's own emoji off again.",
              List.of("conversationId", "messageId", "emoji"),
              "conversationId",
              CONVERSATION,
              "messageId",
              MESSAGE,
              "emoji",
              "One emoji"),
          form(
              "conversation.read",
              "Marks a conversation as read.",
              List.of("conversationId"),
              "conversationId",
              CONVERSATION,
              "seq",
              "Up to the message of that number; among users only, else all of it"),
          form(
              "typing.start",
              "Says that the user writes; to be repeated every few seconds.",
              List.of("conversationId"),
              "conversationId",
              CONVERSATION),
          form(
              "typing.stop",
              "Says that the user has stopped.",
              List.of("conversationId"),
              "conversationId",
              CONVERSATION),
          form(
              "viewing.start",
              "Says that the user looks at the conversation; to be repeated while they do. The ack's viewers are the"
                  + " others who do.",
              List.of("conversationId"),
              "conversationId",
              CONVERSATION),
          form(
              "viewing.stop",
              "Says that the user looks elsewhere.",
              List.of("conversationId"),
              "conversationId",
              CONVERSATION),
          form(
              "presence",
              "Says whether somebody is at the device.",
              List.of(),
              "state",
              "online or away"),
          form("ping", "Asks for nothing but the ack.", List.of()));

  private static CommandForms form(
      String op, String doc, List<String> required, String... fieldsAndDocs) {
    var fields = new LinkedHashMap<String, String>();
    for (int i = 0; i < fieldsAndDocs.length; i += 2) {
      fields.put(fieldsAndDocs[i], fieldsAndDocs[i + 1]);
    }
    return new CommandForms(op, doc, fields, required);
  }

  /// Whether there is a command of that name.
  static boolean isKnown(String op) {
    return ALL.stream().anyMatch(form -> form.op().equals(op));
  }
}
